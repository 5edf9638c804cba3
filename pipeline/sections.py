"""Settings of what happens to applications over days: leases, deadlines, drops, retention."""

from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field

from schemas.base import Model


class Section(Model):
    """A group of settings; what stands under each is its description."""

    model_config = ConfigDict(use_attribute_docstrings=True, hide_input_in_errors=True)


class CasesSettings(Section):
    """How applications are kept on their way to a decision (docs/clock.md)."""

    lease_seconds: Annotated[float, Field(ge=3, le=3600)] = 120
    """After how long the review of a server that died is begun by another."""

    calendar_file: Path | None = None
    """Holidays and worked weekends, in the form of schemas/data/calendar.yaml; else China's."""


class IntakeSettings(Section):
    """Where packages are laid down that start by themselves (docs/clock.md)."""

    folder: Path | None = None
    """A folder; every folder or file in it is a package."""

    prefix: Annotated[str, Field(pattern=r"^([^/]+/)*$")] = ""
    """The same under a prefix of the bucket, as `drop/`; where no folder is named."""

    settle_seconds: Annotated[float, Field(ge=0, le=600)] = 10
    """Time between two looks; what changed in it is still being written."""


class RetentionSettings(Section):
    """After how long what is no longer needed is deleted; records never are."""

    readings_days: Annotated[int, Field(ge=1, le=36500)] | None = 90
    """Readings, which can be made again; none keeps them."""

    originals_days: Annotated[int, Field(ge=1, le=36500)] | None = None
    """Originals of applications that have been closed for so long; none keeps them."""
