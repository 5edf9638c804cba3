"""From what a field says to the field: typed, with its state, and accepted or not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from extractors.kinds.business_licence import days
from extractors.kinds.business_licence.claims import Claim
from extractors.kinds.business_licence.layout import Slot
from schemas.fields import Field, FieldState, Provenance
from schemas.geometry import Box
from schemas.text import Page

T = TypeVar("T")


@dataclass(frozen=True)
class Maker:
    """Makes the fields of one page."""

    page: Page

    def field(
        self,
        kind: type[Field[T]],
        claim: Claim,
        parse: Callable[[str], T | None],
        *,
        accepted: bool,
    ) -> Field[T]:
        """Return the field of a claim; asterisks and dashes make it blank."""
        if days.is_blank(claim.text):
            return kind.blank(claim.text, self.place(claim.box), label=claim.label)
        value = parse(claim.text)
        return kind(
            value=value,
            raw=claim.text,
            state=FieldState.PRESENT,
            accepted=accepted and value is not None,
            confidence=claim.weakest,
            provenance=self.place(claim.box),
            label=claim.label,
        )

    def missing(self, kind: type[Field[T]], slot: Slot | None, *, must: bool) -> Field[T]:
        """Return a field without a value: blank, absent, or one that must be and was not read."""
        if slot is None:
            return kind.unreadable() if must else kind.absent()
        place = self.place(slot.mark.box)
        if must:
            return kind.unreadable(None, place, slot.mark.label)
        return kind.blank("", place, label=slot.mark.label)

    def place(self, box: Box) -> Provenance:
        """Return the provenance of a box on the page."""
        return Provenance.of(self.page, box)
