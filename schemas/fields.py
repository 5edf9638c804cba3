"""A value is never bare: it comes with its text, its state, and where it stands."""

from enum import StrEnum
from typing import Generic, Literal, Self, TypeVar

from pydantic import model_validator

from schemas.base import Model
from schemas.geometry import Box
from schemas.text import Page

T = TypeVar("T")


class FieldState(StrEnum):
    """What is known of a field. A field that was not read is not a field that is blank."""

    PRESENT = "present"
    """Something stands there and was read."""
    BLANK = "blank"
    """The label is printed, and nothing stands there (or a dash, or asterisks)."""
    ABSENT = "absent"
    """The form has no such field."""
    UNREADABLE = "unreadable"
    """Something stands there, or ought to, and it could not be read."""


class Provenance(Model):
    """Enough to draw a rectangle around the evidence.

    `cell` is the address in a workbook (`Sheet1!B7`), None elsewhere.
    """

    document: str
    page: int
    box: Box
    reader: str
    cell: str | None = None

    @classmethod
    def of(cls, page: Page, box: Box, *, cell: str | None = None) -> Self:
        """Point at a place on a page that was read."""
        return cls(document=page.document, page=page.number, box=box, reader=page.reader, cell=cell)


class Candidate(Model, Generic[T]):
    """Another value that the pixels may show, and which reading says so.

    An `alternative` exchanges one character for a runner-up of the same reading (`probability` is
    the runner-up's); a `second_reading` is what an unlike look at the same place gave.
    """

    value: T
    raw: str
    source: Literal["alternative", "second_reading"]
    probability: float | None = None


class Field(Model, Generic[T]):
    """A typed value, the text it came from, and its evidence.

    `accepted` means that the pipeline stands behind the value without a person looking: an
    accepted value that is wrong is the one error this project must not make. `confidence` is
    the probability of the weakest character that was recognised, None for text that was there
    to be taken (a text layer, a workbook) or computed. `label` is the label as printed, kept
    where one field has several (法定代表人, 经营者, 负责人). `raw` is the text as it was read, also
    where `repaired` says that the value is another one that the checks prove. `candidates` are
    what a repair may choose from, and a reviewer too: nothing else is ever taken for what the
    pixels show.
    """

    value: T | None
    raw: str | None
    state: FieldState
    accepted: bool = False
    confidence: float | None = None
    provenance: Provenance | None = None
    label: str | None = None
    repaired: bool = False
    candidates: tuple[Candidate[T], ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.state is FieldState.PRESENT:
            if self.raw is None or self.provenance is None:
                message = "a field that is present has a raw text and a provenance"
                raise ValueError(message)
        elif self.value is not None:
            message = f"a field that is {self.state.value} has no value"
            raise ValueError(message)
        if self.accepted and (
            self.state is FieldState.UNREADABLE
            or (self.state is FieldState.PRESENT and self.value is None)
        ):
            message = "nothing was read that could be accepted"
            raise ValueError(message)
        return self

    @classmethod
    def absent(cls) -> Self:
        """Say that the form has no such field."""
        return cls(value=None, raw=None, state=FieldState.ABSENT)

    @classmethod
    def unreadable(
        cls,
        raw: str | None = None,
        provenance: Provenance | None = None,
        label: str | None = None,
    ) -> Self:
        """Say that the field ought to be there and could not be read."""
        return cls(
            value=None, raw=raw, state=FieldState.UNREADABLE, provenance=provenance, label=label
        )

    @classmethod
    def blank(cls, raw: str, provenance: Provenance, *, label: str | None = None) -> Self:
        """Say that the label is printed and that nothing stands beside it."""
        return cls(value=None, raw=raw, state=FieldState.BLANK, provenance=provenance, label=label)
