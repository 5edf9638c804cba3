"""What the stages and the doors need of the world, each as small as it can be."""

from pipeline.ports.access import Access, ApiKey, ApiKeys, AuditTrail, Scope
from pipeline.ports.applications import (
    Application,
    Applications,
    Decided,
    Event,
    Lease,
    Ruling,
    State,
    Step,
)
from pipeline.ports.batches import Batch, Batches
from pipeline.ports.people import EVERY_BRANCH, People, Person, Role, Session, Sessions
from pipeline.ports.queue import Asked, Queue
from pipeline.ports.reading import Clock, PagePool, Reader
from pipeline.ports.stores import BlobStore, Objects, Readings, Repository, UnknownPackageError
from pipeline.ports.webhooks import (
    PING,
    Attempt,
    Delivery,
    Notice,
    Outbox,
    Secret,
    Trouble,
    Webhook,
    Webhooks,
)

__all__ = [
    "EVERY_BRANCH",
    "PING",
    "Access",
    "ApiKey",
    "ApiKeys",
    "Application",
    "Applications",
    "Asked",
    "Attempt",
    "AuditTrail",
    "Batch",
    "Batches",
    "BlobStore",
    "Clock",
    "Decided",
    "Delivery",
    "Event",
    "Lease",
    "Notice",
    "Objects",
    "Outbox",
    "PagePool",
    "People",
    "Person",
    "Queue",
    "Reader",
    "Readings",
    "Repository",
    "Role",
    "Ruling",
    "Scope",
    "Secret",
    "Session",
    "Sessions",
    "State",
    "Step",
    "Trouble",
    "UnknownPackageError",
    "Webhook",
    "Webhooks",
]
