"""How much one caller may ask of one server. Counted in memory: a server that starts, starts at 0.

Several servers count each for itself, so that of two behind one address a caller has twice as much.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from time import time
from typing import Final

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from pipeline.cases.refused import Refused
from pipeline.settings import ApiSettings

_MIB: Final = 1 << 20
_STREAM_SECONDS: Final = 60
"""When to ask again for a stream where as many are open as may be."""


class Throttled(Refused):
    """There were too many requests; `seconds` says when the next may come."""

    def __init__(self, seconds: int) -> None:
        """Say when."""
        super().__init__("api.too_many_requests")
        self.seconds = seconds


class Throttle:
    """Counts requests, uploads, streams and failures."""

    def __init__(self, settings: ApiSettings) -> None:
        """Begin at 0."""
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._requests = RateLimitItemPerMinute(settings.requests_per_minute)
        self._uploads = RateLimitItemPerHour(settings.upload_mib_per_hour)
        self._failures = RateLimitItemPerMinute(settings.failures_per_minute)
        self._most_streams = settings.streams
        self._streams: Counter[str] = Counter()
        self._lock = threading.Lock()

    def request(self, key_id: str) -> None:
        """Count a request of a key.

        Raises:
            Throttled: it was one too many.
        """
        self._count(self._requests, "request", key_id)

    def upload(self, key_id: str, size: int) -> None:
        """Count bytes that a key uploads.

        Raises:
            Throttled: they are too many.
        """
        self._count(self._uploads, "upload", key_id, ceil(size / _MIB))

    def failed(self, host: str) -> None:
        """Count a request without a good key from one address; good keys are never held up by it.

        Raises:
            Throttled: it was one too many.
        """
        self._count(self._failures, "failure", host)

    @contextmanager
    def stream(self, key_id: str) -> Iterator[None]:
        """Count a stream while it is open.

        Raises:
            Throttled: as many are open as may be.
        """
        with self._lock:
            if self._streams[key_id] >= self._most_streams:
                raise Throttled(_STREAM_SECONDS)
            self._streams[key_id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._streams[key_id] -= 1

    def _count(self, item: RateLimitItem, what: str, who: str, cost: int = 1) -> None:
        if not self._limiter.hit(item, what, who, cost=cost):
            raise Throttled(self._wait(item, what, who))

    def _wait(self, item: RateLimitItem, what: str, who: str) -> int:
        reset = self._limiter.get_window_stats(item, what, who).reset_time
        return max(1, ceil(reset - time()))
