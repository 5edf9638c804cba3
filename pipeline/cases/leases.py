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
        self._kept: str | None = None

    def taken(self) -> Lease:
        """Return a lease from now on."""
        until = self._desk.services.clock.now() + timedelta(seconds=self._seconds)
        return Lease(holder=self.name, until=until)

    @contextmanager
    def kept(self, application_id: str) -> Iterator[None]:
        """Prolong the lease of an application within the block, however long that takes.

        A lease that is lost does not end the block: what it comes to is not kept by then.
        """
        done, self._kept = threading.Event(), application_id
        renewing = threading.Thread(
            target=self._renew, args=(application_id, done), name="lease", daemon=True
        )
        renewing.start()
        try:
            yield
        finally:
            self._kept = None
            done.set()

    def let_go(self) -> None:
        """Give up the lease that is kept, if one is, so that others need not wait for its end.

        For who leaves in the middle of a review: whatever that still comes to may go unheard.
        """
        kept, self._kept = self._kept, None
        if kept is not None:
            now = self._desk.services.clock.now()
            self._prolonged(kept, Lease(holder=self.name, until=now))

    def _renew(self, application_id: str, done: threading.Event) -> None:
        while not done.wait(self._seconds / _RENEWALS) and self._kept == application_id:
            if not self._prolonged(application_id, self.taken()):
                return

    def _prolonged(self, application_id: str, lease: Lease) -> bool:
        try:
            held = self._desk.applications.renew(application_id, lease)
        except TransientError as error:  # the database may come back in time
            _log.warning("lease.troubled", application=application_id, code=error.code)
            return True
        if not held:
            _log.warning("lease.lost", application=application_id)
        return held
