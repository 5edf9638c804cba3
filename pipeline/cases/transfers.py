"""Uploads that go straight to the object store: an address for one file, good for a while.

What was agreed on stands in a token that we sign, so that nothing is kept before a file arrives.
A bucket is written to by the client itself; a folder has no address, so the client PUTs to us.
"""

import hashlib
import hmac
import json
import secrets
import tempfile
from base64 import urlsafe_b64decode
from binascii import Error as NoBase64Error
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

from pydantic import AwareDatetime, ConfigDict, ValidationError
from pydantic import Field as Default

from pipeline.cases.names import base_name
from pipeline.cases.refused import Refused
from pipeline.cases.sealing import derived, encoded
from pipeline.ports import Clock, Objects
from schemas.base import Model

_PREFIX: Final = "uploads/"
_GOOD_FOR: Final = timedelta(hours=1)
_LONGEST: Final = 4096


class NewUpload(Model):
    """A file that is to be sent straight to the object store."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {
                    "name": "2025年审计报告.pdf",
                    "size": 52428800,
                    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                }
            ]
        },
    )

    name: Annotated[str, Default(min_length=1, max_length=255)]
    size: Annotated[int, Default(ge=1, lt=1 << 40)]
    """In bytes."""
    sha256: Annotated[str, Default(pattern="^[0-9a-f]{64}$")]
    """Of its bytes."""


class Agreed(Model):
    """What a token says."""

    application_id: str
    key: str
    name: str
    size: int
    sha256: str
    until: AwareDatetime


@dataclass(frozen=True)
class Offer:
    """Where to PUT a file: `url` is None where that is an address of ours, with the token."""

    token: str
    url: str | None
    until: datetime


@dataclass(frozen=True)
class Transfers:
    """Offers addresses, and takes in what arrived there."""

    objects: Objects
    clock: Clock
    key: bytes
    folder: Path
    """Where files are while they are checked."""

    def offer(self, application_id: str, new: NewUpload) -> Offer:
        """Agree on a file and return where to send it."""
        until = self.clock.now() + _GOOD_FOR
        key = f"{_PREFIX}{int(until.timestamp())}-{secrets.token_hex(16)}"
        agreed = Agreed(
            application_id=application_id,
            key=key,
            name=base_name(new.name),
            size=new.size,
            sha256=new.sha256,
            until=until,
        )
        url = self.objects.upload_url(key, int(_GOOD_FOR.total_seconds()))
        return Offer(self._token(agreed), url, until)

    def agreed(self, token: str) -> Agreed:
        """Return what a token says.

        Raises:
            Refused: it is none of ours, or too late.
        """
        body, _, seal = token[:_LONGEST].partition(".")
        if not hmac.compare_digest(seal.encode(), self._seal(body).encode()):
            raise Refused("api.upload_expired")
        try:
            agreed = Agreed.model_validate_json(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        except (ValidationError, NoBase64Error, ValueError):
            raise Refused("api.upload_expired") from None
        if agreed.until < self.clock.now():
            raise Refused("api.upload_expired")
        return agreed

    def receive(self, agreed: Agreed, path: Path) -> None:
        """Keep a file that was sent to us, once."""
        if self.objects.has(agreed.key):
            raise Refused("api.upload_expired")
        self.objects.write_file(agreed.key, path)

    @contextmanager
    def arrived(self, application_id: str, token: str) -> Iterator[Path]:
        """Yield a file that has arrived as it was agreed on; afterwards it is gone from there.

        Raises:
            Refused: it has not arrived, or is another than was agreed on.
        """
        agreed = self.agreed(token)
        if agreed.application_id != application_id:
            raise Refused("api.upload_expired")
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            path = Path(name) / agreed.name
            self._fetch(agreed, path)
            yield path
        self.objects.delete(agreed.key)

    def sweep(self) -> None:
        """Remove what was sent and never completed."""
        now = self.clock.now().timestamp()
        for key in list(self.objects.keys(_PREFIX)):
            until = key.removeprefix(_PREFIX).partition("-")[0]
            if until.isdecimal() and int(until) + _GOOD_FOR.total_seconds() < now:
                self.objects.delete(key)

    def _fetch(self, agreed: Agreed, path: Path) -> None:
        """Bring a file here piece by piece, and no more of it than was agreed on."""
        opened = self.objects.stream(agreed.key)
        if opened is None:
            raise Refused("api.upload_missing")
        digest, size = hashlib.sha256(), 0
        with opened as pieces, path.open("wb") as target:
            for piece in pieces:
                size += len(piece)
                if size > agreed.size:
                    break
                digest.update(piece)
                target.write(piece)
        if (size, digest.hexdigest()) != (agreed.size, agreed.sha256):
            self.objects.delete(agreed.key)
            raise Refused("api.upload_mismatch")

    def _token(self, agreed: Agreed) -> str:
        body = encoded(json.dumps(agreed.model_dump(mode="json")).encode())
        return f"{body}.{self._seal(body)}"

    def _seal(self, body: str) -> str:
        return encoded(derived(self.key, "upload", body))
