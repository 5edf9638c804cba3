"""Leases: no two servers review the same application, and nobody waits for a dead one."""

import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import structlog

from pipeline.cases.desk import Desk
from pipeline.ports import Lease
from schemas.errors import TransientError

_log = structlog.get_logger()

_RENEWALS: Final = 3
"""How often a lease is renewed in the time that it runs."""


class Holder:
    """One who reviews, by a name of its own."""

    def __init__(self, desk: Desk) -> None:
        """Begin without a lease."""
        self.name = f"{socket.gethostname()[:64]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._desk = desk
        self._seconds = desk.services.settings.cases.lease_seconds

    def taken(self) -> Lease:
        """Return a lease from now on."""
        until = self._desk.services.clock.now() + timedelta(seconds=self._seconds)
        return Lease(holder=self.name, until=until)

    @contextmanager
    def kept(self, application_id: str) -> Iterator[None]:
        """Prolong the lease of an application within the block, however long that takes.

        A lease that is lost does not end the block: what it comes to is not kept by then.
        """
        done = threading.Event()
        renewing = threading.Thread(
            target=self._renew, args=(application_id, done), name="lease", daemon=True
        )
        renewing.start()
        try:
            yield
        finally:
            done.set()

    def _renew(self, application_id: str, done: threading.Event) -> None:
        while not done.wait(self._seconds / _RENEWALS):
            try:
                held = self._desk.applications.renew(application_id, self.taken())
            except TransientError as error:  # the database may come back in time
                _log.warning("lease.troubled", application=application_id, code=error.code)
                continue
            if not held:
                _log.warning("lease.lost", application=application_id)
                return
