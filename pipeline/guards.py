"""Whether a server may start: never for other machines with secrets that anybody knows."""

from ipaddress import ip_address
from typing import Final

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from pipeline.settings import Settings
from schemas.errors import SettingsError

_LEAST: Final = 32
"""Characters of the secret that signs links."""
_KNOWN: Final = frozenset(
    {"", "admin", "changeme", "minioadmin", "password", "postgres", "secret", "test", "zishen"}
)
"""What servers are delivered with, or examples show."""


def refuse_unsafe(settings: Settings, host: str) -> None:
    """Let a server start, or say what has to be set first.

    In development it serves this machine alone and needs no secrets.

    Raises:
        SettingsError: it would be reached from elsewhere in development, or a secret is absent or
            one that everybody knows. Secrets are never repeated.
    """
    if settings.environment == "development":
        if not _is_local(host):
            raise SettingsError(
                "ZISHEN_ENVIRONMENT is development, which serves this machine alone; "
                "for others set it to production"
            )
        return
    faults = [name for name, is_weak in _secrets(settings).items() if is_weak]
    if faults:
        raise SettingsError(f"absent, short or known to everybody: {', '.join(faults)}")


def _secrets(settings: Settings) -> dict[str, bool]:
    """Return whether each secret that is needed is of no use."""
    secret = settings.review.secret
    signing = secret.get_secret_value() if secret else ""
    store = settings.storage.secret_key
    kept = store.get_secret_value() if store else ""
    client = settings.oidc.client_secret
    shared = client.get_secret_value() if client else ""
    return {
        "ZISHEN_OIDC__CLIENT_SECRET": settings.oidc.issuer is not None and shared.lower() in _KNOWN,
        "ZISHEN_REVIEW__SECRET": len(signing) < _LEAST or len(set(signing)) < _LEAST // 4,
        "ZISHEN_STORAGE__SECRET_KEY": settings.storage.kind == "minio" and kept.lower() in _KNOWN,
        "ZISHEN_DATABASE__URL": _has_known_password(settings),
    }


def _has_known_password(settings: Settings) -> bool:
    """Return whether the password of the database server is one that everybody knows.

    A URL without one is of a server that knows its callers otherwise.
    """
    try:
        url = make_url(settings.database_url)
    except ArgumentError:
        return False  # whoever connects says so
    password = url.password
    return password is not None and str(password).lower() in _KNOWN


def _is_local(host: str) -> bool:
    """Return whether an address is this machine's own.

    >>> _is_local("127.0.0.1"), _is_local("localhost"), _is_local("0.0.0.0")
    (True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
