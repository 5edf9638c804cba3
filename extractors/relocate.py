"""Puts evidence back on the upload: extractors work on the page as it was seen.

A seen page may be turned, enlarged and straightened; what is kept must point at the paper that
the applicant sent.
"""

from collections.abc import Callable
from typing import TypeVar, cast

from pydantic import BaseModel

from schemas.fields import Provenance

V = TypeVar("V")

Move = Callable[[Provenance], Provenance]


def relocated(value: V, move: Move) -> V:
    """Return a model with every provenance in it moved; what holds none is the same object."""
    return cast(V, _moved(value, move))


def _moved(value: object, move: Move) -> object:
    if isinstance(value, Provenance):
        return move(value)
    if isinstance(value, BaseModel):
        fields = {name: getattr(value, name) for name in type(value).model_fields}
        update = {
            name: new for name, old in fields.items() if (new := _moved(old, move)) is not old
        }
        return value.model_copy(update=update) if update else value
    if type(value) is tuple:
        items = tuple(_moved(item, move) for item in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    if isinstance(value, dict):
        entries = {key: _moved(item, move) for key, item in value.items()}
        return entries if any(entries[key] is not value[key] for key in value) else value
    return value
