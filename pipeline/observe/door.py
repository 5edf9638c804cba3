"""Who may read the metrics, and a small server for a machine that has no API."""

import hmac
import ipaddress
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST as MEDIA_TYPE

from pipeline.observe.shared import exposition
from pipeline.settings import MetricsSettings

__all__ = ["MEDIA_TYPE", "is_allowed", "serve"]

PATH: Final = "/metrics"
_FORWARDED: Final = frozenset({"forwarded", "x-forwarded-for", "x-real-ip"})


def is_allowed(settings: MetricsSettings, peer: str | None, headers: Mapping[str, str]) -> bool:
    """Return whether a request may read the metrics.

    With a token, whoever shows it may. Without one, only this machine itself may; what a proxy on
    it passes on is from elsewhere.
    """
    given = {name.lower(): value for name, value in headers.items()}
    if settings.token is not None:
        wanted = f"Bearer {settings.token.get_secret_value()}"
        return hmac.compare_digest(given.get("authorization", "").encode(), wanted.encode())
    return _is_here(peer) and not _FORWARDED & given.keys()


def serve(settings: MetricsSettings, counts: Path) -> ThreadingHTTPServer | None:
    """Show what is counted in a folder on the port of the settings; nothing where there is none."""
    if settings.port is None:
        return None

    class Door(_Door):
        wanted = settings
        folder = counts

    server = ThreadingHTTPServer((settings.host, settings.port), Door)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


class _Door(BaseHTTPRequestHandler):
    """Answers `GET /metrics`."""

    wanted: MetricsSettings
    folder: Path

    def do_GET(self) -> None:
        """Answer."""
        if self.path != PATH:
            self.send_error(HTTPStatus.NOT_FOUND)
        elif not is_allowed(self.wanted, self.client_address[0], dict(self.headers.items())):
            self.send_error(HTTPStatus.FORBIDDEN)
        else:
            told = exposition(self.folder)
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", MEDIA_TYPE)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

    def log_message(self, *_: object) -> None:
        """Log nothing: somebody asks every few seconds."""


def _is_here(peer: str | None) -> bool:
    try:
        return peer is not None and ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False
