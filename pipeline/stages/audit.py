"""Ends of the chains that are kept among the objects, and what they prove later."""

import json
from collections.abc import Iterator
from typing import Final

from pydantic import TypeAdapter, ValidationError

from pipeline.ports import Anchor, Chains, Clock, Flaw, Objects
from schemas.errors import StorageError

_KEPT: Final = "audit/"
_ANCHORS: Final = TypeAdapter(tuple[Anchor, ...])


def anchor(chains: Chains, objects: Objects, clock: Clock) -> tuple[Anchor, ...]:
    """Keep the present ends of the chains among the objects, under the time, and return them.

    A bucket with a lock keeps them from whoever may write to the database.

    Raises:
        StorageError: database or store failed.
    """
    ends = tuple(chains.ends())
    said = json.dumps([end.model_dump() for end in ends])
    objects.write(f"{_KEPT}{clock.now():%Y%m%dT%H%M%S%f}.json", said.encode())
    return ends


def flaws(chains: Chains, objects: Objects) -> Iterator[Flaw]:
    """Yield every place where a chain does not hold, or is not what kept anchors know.

    Raises:
        StorageError: database or store failed, or an anchor is damaged.
    """
    yield from chains.flaws(anchors(objects))


def anchors(objects: Objects) -> tuple[Anchor, ...]:
    """Return every anchor that is kept.

    Raises:
        StorageError: the store failed, or an anchor is damaged.
    """
    kept: list[Anchor] = []
    for key in objects.keys(_KEPT):
        try:
            kept += _ANCHORS.validate_json(objects.read(key) or b"")
        except ValidationError as error:
            raise StorageError("read an anchor", f"{key} is damaged") from error
    return tuple(kept)
