"""Readings kept so that nothing is read twice."""

import hashlib
from dataclasses import dataclass

from pydantic import ValidationError

from pipeline.ports import Objects
from schemas.records import Reading


@dataclass(frozen=True)
class ReadingCache:
    """Keeps each reading with a checksum, since a flipped digit would still be a reading.

    What is damaged, or from a version with other schemas, counts as missing and is read again.
    """

    objects: Objects

    def get(self, key: str) -> Reading | None:
        """Return what was put under a key, None when it is missing or not as it was put."""
        data = self.objects.read(key_of(key))
        if data is None:
            return None
        checksum, _, content = data.partition(b"\n")
        if checksum != _checksum(content):
            return None
        try:
            return Reading.model_validate_json(content)
        except ValidationError:
            return None

    def put(self, key: str, reading: Reading) -> None:
        """Keep a reading."""
        content = reading.model_dump_json().encode()
        self.objects.write(key_of(key), _checksum(content) + b"\n" + content)


def _checksum(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def key_of(key: str) -> str:
    """Return the key of the object in which a reading is kept."""
    name = hashlib.sha256(key.encode()).hexdigest()
    return f"readings/{name[:2]}/{name[2:4]}/{name}"
