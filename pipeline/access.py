"""API keys: how they are made and recognised. What is kept of a key is its hash.

A key is `zishen_<id>_<secret>`: the id finds the row, the secret has 256 random bits, so that a
plain SHA-256 of the whole is enough to keep.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from pipeline.ports import ApiKey, ApiKeys, Scope

_PREFIX: Final = "zishen"
_LONGEST: Final = 128


def issue(
    owner: str, at: datetime, *, branch: str = "", scopes: Iterable[Scope] = Scope
) -> tuple[str, ApiKey]:
    """Return a new key, which is shown once, and what is kept of it."""
    key_id = secrets.token_hex(6)
    text = f"{_PREFIX}_{key_id}_{secrets.token_urlsafe(32)}"
    key = ApiKey(
        id=key_id,
        owner=owner,
        digest=_digest(text),
        made_at=at,
        branch=branch,
        scopes=frozenset(scopes),
    )
    return text, key


def recognise(text: str, keys: ApiKeys) -> ApiKey | None:
    """Return the key that a caller shows, None when it is of no use.

    The comparison takes as long for a key that is nearly right as for any other.
    """
    prefix, _, rest = text[:_LONGEST].partition("_")
    key = keys.get(rest.partition("_")[0]) if prefix == _PREFIX else None
    same = hmac.compare_digest(_digest(text), key.digest if key else _digest(""))
    return key if key is not None and same and key.revoked_at is None else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
