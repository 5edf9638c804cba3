"""What a sample package ought to come to, from the expected.json beside its papers."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.cli.words import say
from schemas.decisions import Outcome
from schemas.errors import ConfigError
from schemas.messages import Language
from schemas.records import Record

EXPECTED = "expected.json"


class Expected(BaseModel):
    """The outcome, and codes that have to be among the findings; the rest is for tests."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    outcome: Outcome
    reasons: tuple[str, ...] = ()

    @classmethod
    def beside(cls, package: Path) -> "Expected | None":
        """Return what a folder expects, None when it does not say.

        Raises:
            ConfigError: it says something that is not understood.
        """
        path = package / EXPECTED
        if not path.is_file():
            return None
        try:
            return cls.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise ConfigError(f"{path}: {error.error_count()} faults") from error

    def differences(self, record: Record, lang: Language) -> Iterator[str]:
        """Yield what the record says otherwise."""
        outcome = record.decision.outcome
        if outcome is not self.outcome:
            yield say(
                "outcome {found}, not {wanted}",
                lang,
                found=say(outcome.name, lang),
                wanted=say(self.outcome.name, lang),
            )
        found = {finding.code for finding in record.findings}
        for code in self.reasons:
            if code not in found:
                yield say("finding {code} is missing", lang, code=code)
