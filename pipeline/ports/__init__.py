"""What the stages and the doors need of the world, each as small as it can be."""

from pipeline.ports.access import Access, ApiKey, ApiKeys, AuditTrail
from pipeline.ports.applications import Application, Applications, Decided, Event, State, Step
from pipeline.ports.reading import Clock, PagePool, Reader
from pipeline.ports.stores import BlobStore, Objects, Readings, Repository, UnknownPackageError

__all__ = [
    "Access",
    "ApiKey",
    "ApiKeys",
    "Application",
    "Applications",
    "AuditTrail",
    "BlobStore",
    "Clock",
    "Decided",
    "Event",
    "Objects",
    "PagePool",
    "Reader",
    "Readings",
    "Repository",
    "State",
    "Step",
    "UnknownPackageError",
]
