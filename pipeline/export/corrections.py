"""What persons corrected, as rows to measure the readers by; nobody is named in them."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from pipeline.cases.corrections import Change
from pipeline.cases.masking import PERSONAL
from schemas.fields import Field
from schemas.licence import Term

COLUMNS: Final = (
    "package",
    "revision",
    "document",
    "field",
    "state_before",
    "before",
    "state_after",
    "after",
    "accepted_before",
    "confidence",
    "is_wrong",
)


def rows(package_id: str, changes: Iterable[Change]) -> Iterator[dict[str, str]]:
    """Yield a row for each value that a person spoke of."""
    for change in changes:
        hidden = change.name in PERSONAL
        yield {
            "package": package_id,
            "revision": str(change.revision),
            "document": change.kind.value,
            "field": change.name,
            "state_before": change.before.state.value,
            "before": "" if hidden else _text(change.before),
            "state_after": change.after.state.value,
            "after": "" if hidden else _text(change.after),
            "accepted_before": str(change.before.accepted).lower(),
            "confidence": "" if change.before.confidence is None else str(change.before.confidence),
            "is_wrong": str(change.is_wrong).lower(),
        }


def write(found: Iterable[dict[str, str]], target: Path) -> int:
    """Write rows as CSV and return how many there were."""
    count = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in found:
            writer.writerow(row)
            count += 1
    return count


def _text(field: Field[Any]) -> str:
    if isinstance(field.value, Term):
        return str(field.value.model_dump())
    return "" if field.value is None else str(field.value)
