"""One digit of one printed amount exchanged: what the rules must notice.

    python -m tests.scenarios.mutations [--share 0.05] [--seed 1]

Every cell of every consistent sample is changed, in every digit to every other digit or a drawn
share of that; printed is how much of it the rules notice, and which kinds of cell no sum binds.
"""

import argparse
import functools
import itertools
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from rich.console import Console

from schemas.findings import Finding
from schemas.records import Dossier
from schemas.statements import Statement
from schemas.taxonomy import load
from tests.builders import clean, dossier, field, licence
from tests.scenarios.books import accounts, small
from tests.validators.cases import POLICY
from validators.arithmetic import ledgers, sums
from validators.papers import taxonomy_of
from validators.rulebook import RULEBOOK, check

T = TypeVar("T")

_ALONE = ("statements.subtotal", "statements.cash_roll", "statements.balance")
"""Rules that look at one statement at a time."""
Words = tuple[str, str | None, tuple[tuple[str, str], ...]]
Said = frozenset[Words]


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a package."""

    reading: int
    document: int
    row: int
    column: str

    def statement(self, papers: Dossier) -> Statement:
        found = papers.readings[self.reading].documents[self.document]
        assert isinstance(found, Statement)
        return found

    def printed(self, papers: Dossier) -> Decimal:
        value = self.statement(papers).rows[self.row].values[self.column].value
        assert value is not None
        return value

    def item(self, papers: Dossier) -> str:
        return self.statement(papers).rows[self.row].item or ""


@functools.cache
def samples() -> Mapping[str, Dossier]:
    """Consistent packages: two years, a small enterprise's quarter, the example in whole units."""
    own = {"established_date": field(date(2015, 3, 5))}
    return {
        "two years, printed to the fen": dossier(
            licence(registered_capital=field(Decimal(12_000_000)), **own),
            *accounts(2, 2025, 2024),
            applied_on=date(2026, 2, 1),
        ),
        "small enterprise, with a month": dossier(
            licence(registered_capital=field(Decimal(3_000_000)), **own), *small(2)
        ),
        "group, in whole units": clean(),
    }


def places(papers: Dossier) -> Iterator[Place]:
    """Yield every cell with an amount."""
    for number, reading in enumerate(papers.readings):
        for position, document in enumerate(reading.documents):
            if isinstance(document, Statement):
                for row, entry in enumerate(document.rows):
                    for column, cell in entry.values.items():
                        if cell.value is not None:
                            yield Place(number, position, row, column)


def is_bound(place: Place, papers: Dossier) -> bool:
    """Return whether a cell is the total or a row of a sum that can be added up."""
    statement = place.statement(papers)
    found = (
        one for one in ledgers(statement, taxonomy_of(statement)) if one.column.id == place.column
    )
    item = place.item(papers)
    return any(
        item == total or item in {leaf.item for leaf in leaves}
        for ledger in found
        for total, leaves, _ in sums(ledger)
    )


def misread(value: Decimal) -> Iterator[Decimal]:
    """Yield every amount that is one printed digit away."""
    text = str(abs(value))
    sign = -1 if value < 0 else 1
    for at, old in enumerate(text):
        for new in "0123456789" if old.isdigit() else "":
            if new != old:
                yield sign * Decimal(text[:at] + new + text[at + 1 :])


def changed(papers: Dossier, place: Place, value: Decimal) -> Dossier:
    """Return the package with another amount in one cell."""
    reading, statement = papers.readings[place.reading], place.statement(papers)
    row = statement.rows[place.row]
    cell = row.values[place.column].model_copy(update={"value": value, "raw": str(value)})
    row = row.model_copy(update={"values": row.values | {place.column: cell}})
    paper = statement.model_copy(update={"rows": _with(statement.rows, place.row, row)})
    documents = _with(reading.documents, place.document, paper)
    other = reading.model_copy(update={"documents": documents})
    return papers.model_copy(update={"readings": _with(papers.readings, place.reading, other)})


def said(papers: Dossier) -> Said:
    """Return what the rules say of a package, with its amounts."""
    return frozenset(_words(found) for found in check(papers, POLICY))


def is_noticed(papers: Dossier, place: Place, value: Decimal, before: Said) -> bool:
    """Return whether the rules say something of the change that they did not say before.

    Those that look at one statement at a time are asked first, of that statement alone.
    """
    other = changed(papers, place, value)
    rest = [code for code in RULEBOOK if code not in _ALONE]
    asked = itertools.chain(_said(_alone(other, place), _ALONE), _said(other, rest))
    return any(words not in before for words in asked)


def _said(papers: Dossier, codes: Iterable[str]) -> Iterator[Words]:
    return (_words(one) for code in codes for one in RULEBOOK[code].findings(papers, POLICY))


def _alone(papers: Dossier, place: Place) -> Dossier:
    reading = papers.readings[place.reading]
    documents = (reading.documents[place.document],)
    return papers.model_copy(
        update={"readings": (reading.model_copy(update={"documents": documents}),)}
    )


def _words(found: Finding) -> Words:
    return found.code, found.subject, tuple(sorted(found.params.items()))


def _with(entries: tuple[T, ...], at: int, entry: T) -> tuple[T, ...]:
    return (*entries[:at], entry, *entries[at + 1 :])


def _kind(item: str, column: str) -> str:
    known = [load(name).by_id.get(item) for name in ("cas", "small")]
    entry = next((one for one in known if one is not None), None)
    part = "part of a row (其中)" if entry is not None and entry.of_which else "row"
    return f"{part}: {item} ({column})"


def main() -> None:
    """Change, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)  # noqa: S311  a draw of cells
    out = Console(soft_wrap=True, highlight=False)
    for name, papers in samples().items():
        before, tally, kinds = said(papers), Counter[tuple[bool, bool]](), set()
        for place in places(papers):
            bound = is_bound(place, papers)
            for value in misread(place.printed(papers)):
                if dice.random() < options.share:
                    noticed = is_noticed(papers, place, value, before)
                    tally[bound, noticed] += 1
                    if not bound:
                        kinds.add(_kind(place.item(papers), place.column))
                    elif not noticed:
                        out.print("NOT NOTICED", place.item(papers), place.column, value)
        hit, all_ = tally[True, True], tally[True, True] + tally[True, False]
        loose = tally[False, True] + tally[False, False]
        out.print(f"{name}: {hit} of {all_} changes of bound cells noticed ({hit / all_:.2%});")
        out.print(f"  {tally[False, True]} of {loose} changes of cells that no sum binds noticed:")
        for kind in sorted(kinds):
            out.print(f"    {kind}")


if __name__ == "__main__":
    main()
