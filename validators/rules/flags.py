"""The red flags of the accounts, as one rule: a prompt to a person and never more."""

from collections.abc import Iterator
from typing import Final

from schemas.findings import Severity
from schemas.records import Dossier
from validators.closings import accounts_of
from validators.papers import evidence
from validators.policy import Policy
from validators.red_flags import RedFlag, flags_of
from validators.rule import Objection, rule

TOLD_ELSEWHERE: Final = frozenset({"F13"})
"""Cash beyond the monetary funds is `statements.cash_and_bank`."""


@rule("statements.red_flag", Severity.WARN)
def red_flag(dossier: Dossier, policy: Policy) -> Iterator[Objection]:
    """No red flag of the accounts is up (F01 to F22 of ratios.yaml); each is told for its last day.

    What no statement can tell is not judged: F16, F19, F21, F22.
    """
    told: set[tuple[str, str | None, str]] = set()
    up = (flag for accounts in accounts_of(dossier) for flag in flags_of(accounts) if flag.fires)
    for flag in up:
        key = flag.id, flag.entity, flag.scope.value
        if flag.id not in TOLD_ELSEWHERE and key not in told:
            told.add(key)
            yield _objection(flag)


def _objection(flag: RedFlag) -> Objection:
    cells = [part for f in flag.figures if f.cell is not None for part in f.cell.fields]
    params = {
        "flag": flag.id,
        "scope": flag.scope.value,
        "date": flag.period.isoformat() if flag.period else "undated",
        "again": "repeated" if flag.repeated else "once",
    }
    return Objection(params, evidence(*cells))
