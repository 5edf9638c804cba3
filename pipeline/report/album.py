"""Every place that the page points to, each once, and the crops that it would like to have."""

from dataclasses import replace
from enum import IntEnum
from typing import Final, TypeVar

from pipeline.report.pictures import Wish
from pipeline.report.values import share
from pipeline.report.views import Card, Picture
from pipeline.report.words import page, say
from schemas.fields import Field, FieldState, Provenance
from schemas.messages import Language
from schemas.records import Dossier

T = TypeVar("T")

_LONGEST_RAW: Final = 300


class Urgency(IntEnum):
    """Which crops come first where there is not room for all."""

    DOUBT = 0
    LICENCE = 1
    EVIDENCE = 2
    TOTAL = 3


class Album:
    """Collects places while the page is built; the same place has one anchor."""

    def __init__(self, dossier: Dossier, lang: Language) -> None:
        """Begin with no places."""
        self._names = {file.sha256: file.name for file in dossier.package.files}
        self._lang = lang
        self._anchors: dict[Provenance, str] = {}
        self._cards: dict[str, Card] = {}
        self._wishes: dict[str, Wish] = {}

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """The crops that were asked for."""
        return tuple(self._wishes.values())

    def place(
        self, title: str, where: str, field: Field[T], urgency: Urgency | None = None
    ) -> str | None:
        """Return the anchor of the place of a field; with an urgency, a crop is asked for."""
        if field.provenance is None:
            return None
        anchor = self.cite(title, field.provenance, urgency)
        sure = share(field.confidence)
        self._cards[anchor] = replace(
            self._cards[anchor],
            title=self._cards[anchor].title or title,
            context=self._cards[anchor].context or where,
            raw=(field.raw or "")[:_LONGEST_RAW],
            sure=say("confidence {share}", self._lang, share=sure) if sure else "",
        )
        if anchor in self._wishes and field.state is FieldState.UNREADABLE:
            self._wishes[anchor] = self._wishes[anchor]._replace(wide=True)
        return anchor

    def file(self, document: str | None) -> str:
        """Return the name of a file of the package, empty for any other."""
        return self._names.get(document or "", "")

    def title(self, anchor: str) -> str:
        """Return what stands at a place, as far as it is known."""
        return self._cards[anchor].title

    def cite(self, title: str, where: Provenance, urgency: Urgency | None = None) -> str:
        """Return the anchor of a place."""
        anchor = self._anchors.setdefault(where, f"e{len(self._anchors) + 1}")
        if anchor not in self._cards:
            file = self._names.get(where.document, "")
            self._cards[anchor] = Card(anchor, title, "", file, self._where(where), "")
        wish = self._wishes.get(anchor)
        if urgency is not None and where.cell is None and (wish is None or urgency < wish.urgency):
            self._wishes[anchor] = Wish(anchor, where.document, where.page, where.box, urgency)
        return anchor

    def known(self, where: Provenance | None) -> str | None:
        """Return the anchor of a place that is on the page already."""
        return self._anchors.get(where) if where is not None else None

    def whole(self, document: str, number: int) -> str:
        """Return the anchor of the picture of a whole page."""
        anchor = f"p{len(self._wishes)}"
        self._wishes[anchor] = Wish(anchor, document, number, None, Urgency.LICENCE)
        self._cards[anchor] = Card(
            anchor, "", "", self._names.get(document, ""), page(number, self._lang), "", inline=True
        )
        return anchor

    def claim(self, anchor: str | None) -> bool:
        """Return whether a place is to be shown here, beside its value; only the first may."""
        if anchor is None or self._cards[anchor].inline:
            return False
        self._cards[anchor] = replace(self._cards[anchor], inline=True)
        return True

    def cards(self, pictures: dict[str, Picture]) -> dict[str, Card]:
        """Return every place with its picture."""
        return {
            anchor: replace(card, picture=pictures.get(anchor))
            for anchor, card in self._cards.items()
        }

    def _where(self, where: Provenance) -> str:
        if where.cell is not None:
            return where.cell
        box = ", ".join(f"{edge:.0f}" for edge in where.box)
        return f"{page(where.page, self._lang)} [{box}]"
