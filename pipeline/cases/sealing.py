"""The key of an installation, and what is derived from it: secrets of webhooks, upload addresses.

Nothing derived is kept: whoever reads the database can sign nothing.
"""

import base64
import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

from pipeline.settings import Settings
from schemas.errors import StorageError

_FILE: Final = "signing.key"
_BYTES: Final = 32


def installation_key(settings: Settings) -> bytes:
    """Return the key of the settings, else that of a file under the data, made when first needed.

    Raises:
        StorageError: the file can be neither read nor made.
    """
    given = settings.api.signing_key
    if given is not None:
        return given.get_secret_value().encode()
    path = settings.data_dir / _FILE
    try:
        if not path.exists():
            _make(path)
        return path.read_bytes()
    except OSError as error:
        raise StorageError("read the signing key", error.strerror or "") from error


def derived(key: bytes, *purpose: str) -> bytes:
    """Return 32 bytes that nobody without the key can tell, for one purpose."""
    return hmac.digest(key, "\n".join(purpose).encode(), hashlib.sha256)


def encoded(data: bytes) -> str:
    """Return bytes as they may stand in an address."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _make(path: Path) -> None:
    """Make the file whole and for nobody else to read; of two who make it, the first counts."""
    handle, beside = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
        os.link(beside, path)
    except FileExistsError:
        return
    finally:
        Path(beside).unlink()
