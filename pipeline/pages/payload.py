"""Bytes that are handed to workers by their handle: no name, no copy in a pipe, nothing left.

They are kept in memory that has no name in the file system (an unlinked file where the system has
no such memory), so that nothing of an applicant's papers stays behind, however a process ends.
"""

import itertools
import mmap
import os
import tempfile
import weakref

_keys = itertools.count(1)


class Payload:
    """Bytes behind a file descriptor; the `key` tells those of one parent from each other."""

    def __init__(self, key: int, handle: int) -> None:
        """Own a descriptor from now on: it is closed when this object goes."""
        self.key, self.handle = key, handle
        self.close = weakref.finalize(self, os.close, handle)

    @classmethod
    def of(cls, data: bytes) -> "Payload":
        """Keep bytes."""
        payload = cls(next(_keys), _nameless())
        with os.fdopen(payload.handle, "wb", closefd=False) as file:
            file.write(data)
        return payload

    def read(self) -> bytes:
        """Return the bytes; the position of the descriptor, which all share, is left alone."""
        if os.fstat(self.handle).st_size == 0:
            return b""
        with mmap.mmap(self.handle, 0, access=mmap.ACCESS_READ) as view:
            return view[:]


def _nameless() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("zishen-page", os.MFD_CLOEXEC)
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
