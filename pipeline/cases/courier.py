"""Sends messages beside the server that takes applications in.

What waits stands in the database, with the time of its next attempt: a server that starts goes on
where another ended. A message may arrive twice (its id tells), never not at all while attempts
are left. To one address messages go one after another; an address that is slow holds up itself.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog

from pipeline.cases.carrier import Answer
from pipeline.cases.signing import signed
from pipeline.cases.webhooks import Subscriptions, next_due
from pipeline.ports import Attempt, Delivery, Webhook

_log = structlog.get_logger()

Carry = Callable[[str, Mapping[str, str], str], Answer]

_POLL_SECONDS: Final = 1.0
_STOP_SECONDS: Final = 5.0
_ADDRESSES: Final = 8
"""Served side by side."""
_ROUND: Final = 200
"""Messages that are looked for at once."""
_REMEMBERED: Final = 20
"""Attempts of a message that are kept, the latest."""
_CLAIMED: Final = 3
"""A claim holds so many times as long as one sending may take."""


@dataclass
class Courier:
    """Looks for messages that are due, and has them sent."""

    subscriptions: Subscriptions
    carry: Carry
    _busy: dict[str, Future[None]] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(_ADDRESSES, thread_name_prefix="courier")
    )

    def start(self) -> None:
        """Begin to send."""
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more; what is under way is sent again if it does not end in time."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def step(self) -> bool:
        """Have sent what is due; return whether there was anything."""
        subscriptions = self.subscriptions
        self._busy = {name: work for name, work in self._busy.items() if not work.done()}
        found: dict[str, tuple[Webhook, list[Delivery]]] = {}
        now = subscriptions.clock.now()
        for webhook, delivery in subscriptions.outbox.due(now, _ROUND, self._busy.keys()):
            found.setdefault(webhook.id, (webhook, []))[1].append(delivery)
        for webhook, deliveries in found.values():
            self._busy[webhook.id] = self._pool.submit(self._serve, webhook, deliveries)
        return bool(found)

    def finish(self) -> None:
        """Wait until what is under way was sent."""
        wait(self._busy.values())

    def _run(self) -> None:
        while not self._stopping.wait(_POLL_SECONDS):
            try:
                self.step()
            except Exception as error:  # noqa: BLE001  the database may come back
                _log.warning("courier.troubled", kind=type(error).__name__)

    def _serve(self, webhook: Webhook, deliveries: Sequence[Delivery]) -> None:
        """Send to one address until something does not arrive: the rest would not either."""
        try:
            for delivery in deliveries:
                if self._stopping.is_set() or not self._send(webhook, delivery):
                    return
        except Exception as error:  # noqa: BLE001  what was claimed is due again later
            _log.warning("courier.troubled", webhook=webhook.id, kind=type(error).__name__)

    def _send(self, webhook: Webhook, delivery: Delivery) -> bool:
        """Send a message and return whether to go on with the next."""
        home = self.subscriptions
        seconds, most = home.settings.seconds, home.settings.attempts
        now = home.clock.now()
        if not home.outbox.claim(delivery, now + timedelta(seconds=_CLAIMED * seconds)):
            return True
        headers = signed(webhook, delivery.notice_id, delivery.body, now, home.key)
        begun = time.monotonic()
        answer = self.carry(webhook.url, headers, delivery.body)
        taken = round((time.monotonic() - begun) * 1000)
        tried = delivery.tried + 1
        attempt = Attempt(at=now, status=answer.status, trouble=answer.trouble, milliseconds=taken)
        has_arrived = answer.trouble is None
        due_at = None if has_arrived else next_due(tried, home.clock.now(), most)
        home.outbox.settle(
            delivery.model_copy(
                update={
                    "tried": tried,
                    "due_at": due_at,
                    "attempts": (*delivery.attempts, attempt)[-_REMEMBERED:],
                }
            )
        )
        _log.info(
            "webhook.sent", webhook=webhook.id, notice=delivery.notice_id, trouble=answer.trouble
        )
        return has_arrived
