"""What the stages and the doors need of the world, each as small as it can be."""

from pipeline.ports.access import ERASE, Access, ApiKey, ApiKeys, AuditTrail, Scope
from pipeline.ports.applications import (
    Application,
    Applications,
    Decided,
    Event,
    Happened,
    Lease,
    Ruling,
    State,
    Step,
)
from pipeline.ports.audit import Anchor, Chains, Flaw, FlawKind
from pipeline.ports.batches import Batch, Batches
from pipeline.ports.people import EVERY_BRANCH, People, Person, Role, Session, Sessions
from pipeline.ports.queue import Asked, Queue
from pipeline.ports.reading import Clock, PagePool, Reader
from pipeline.ports.stores import (
    BlobStore,
    LockedError,
    Objects,
    Readings,
    Repository,
    UnknownPackageError,
)
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
    "ERASE",
    "EVERY_BRANCH",
    "PING",
    "Access",
    "Anchor",
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
    "Chains",
    "Clock",
    "Decided",
    "Delivery",
    "Event",
    "Flaw",
    "FlawKind",
    "Happened",
    "Lease",
    "LockedError",
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
