"""ClamAV's daemon over its socket: the INSTREAM command of clamd(8)."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from pipeline.ports.scanning import InfectedFileError
from schemas.errors import SettingsError, TransientError

_COMMAND: Final = b"zINSTREAM\0"
_PIECE: Final = 1 << 20
_ANSWER: Final = 4096
_UNIX: Final = "unix:"


@dataclass(frozen=True)
class ClamAv:
    """A daemon at `unix:/path` or `host:port`; it is asked anew for every file."""

    address: str
    seconds: float

    def scan(self, data: bytes) -> None:
        """Send the bytes and hear what the daemon says.

        Raises:
            InfectedFileError: it found something.
            TransientError: it does not answer, or not in a way that is known.
            SettingsError: its StreamMaxLength is less than the file.
        """
        with self._asked() as daemon:
            said = self._said(daemon, data)
        if said == "stream: OK":
            return
        if said.endswith(" FOUND"):
            raise InfectedFileError(said.removeprefix("stream: ").removesuffix(" FOUND"))
        if "size limit exceeded" in said:
            raise SettingsError("clamd: raise StreamMaxLength to ZISHEN_LIMITS__MAX_FILE_BYTES")
        raise TransientError(f"the virus scanner says {said[:100]!r}")

    def _said(self, daemon: socket.socket, data: bytes) -> str:
        try:
            daemon.sendall(_COMMAND)
            for at in range(0, len(data), _PIECE):
                piece = data[at : at + _PIECE]
                daemon.sendall(len(piece).to_bytes(4, "big") + piece)
            daemon.sendall(bytes(4))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has heard enough, and its answer says why
        return daemon.recv(_ANSWER).rstrip(b"\0\n").decode("utf-8", "replace")

    @contextmanager
    def _asked(self) -> Iterator[socket.socket]:
        try:
            with self._connected() as daemon:
                yield daemon
        except (OSError, ValueError) as error:
            raise TransientError(f"the virus scanner: {type(error).__name__}") from error

    def _connected(self) -> socket.socket:
        if not self.address.startswith(_UNIX):
            host, _, port = self.address.rpartition(":")
            return socket.create_connection((host, int(port)), self.seconds)
        daemon = socket.socket(socket.AF_UNIX)
        daemon.settimeout(self.seconds)
        try:
            daemon.connect(self.address.removeprefix(_UNIX))
        except OSError:
            daemon.close()
            raise
        return daemon
