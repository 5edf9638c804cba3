"""Signatures of messages, as the Standard Webhooks specification has them.

Signed are the id of the message, the time of sending and the body, joined by dots. While a secret
is being exchanged, one signature is sent for each of the two.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pipeline.cases.sealing import derived
from pipeline.ports import Secret, Webhook

_PREFIX: Final = "whsec_"


def secret_of(webhook: Webhook, version: int, key: bytes) -> str:
    """Return a secret as it is shown to the portal."""
    raw = derived(key, "webhook", webhook.id, str(version))
    return _PREFIX + base64.b64encode(raw).decode()


def valid(webhook: Webhook, at: datetime) -> Sequence[Secret]:
    """Return the versions of the secret that messages are signed with, the newest first."""
    kept = (s for s in webhook.secrets if s.until is None or s.until > at)
    return sorted(kept, key=lambda secret: -secret.version)


def signed(webhook: Webhook, notice_id: str, body: str, at: datetime, key: bytes) -> dict[str, str]:
    """Return the headers that prove who sends a message, and when."""
    stamp = str(int(at.timestamp()))
    said = f"{notice_id}.{stamp}.{body}".encode()
    signatures = [
        "v1," + base64.b64encode(_signature(webhook, secret, said, key)).decode()
        for secret in valid(webhook, at)
    ]
    return {
        "webhook-id": notice_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(signatures),
    }


def _signature(webhook: Webhook, secret: Secret, said: bytes, key: bytes) -> bytes:
    raw = derived(key, "webhook", webhook.id, str(secret.version))
    return hmac.digest(raw, said, hashlib.sha256)
