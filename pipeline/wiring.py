"""The only place that picks an implementation."""

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from threading import Lock

import layoutparser as lp
from sqlalchemy import Engine as Database

from extractors import layout
from extractors.document import DocumentReader
from extractors.intake import Limits
from extractors.ocr import paddle
from extractors.ocr.engine import Engine, Image
from extractors.ocr.replay import ReplayEngine
from extractors.seen import Inline
from pipeline.cases.batches import Bundles
from pipeline.cases.carrier import Carrier
from pipeline.cases.courier import Courier
from pipeline.cases.desk import Desk
from pipeline.cases.people import FrontDoor
from pipeline.cases.sealing import installation_key
from pipeline.cases.sso import Provider, SingleSignOn
from pipeline.cases.webhooks import Subscriptions
from pipeline.database.access import SqlApiKeys, SqlAuditTrail
from pipeline.database.accuracy import SqlTally
from pipeline.database.applications import SqlApplications
from pipeline.database.audit import SqlChains
from pipeline.database.batches import SqlBatches
from pipeline.database.connection import connect
from pipeline.database.erasure import SqlEraser
from pipeline.database.outbox import SqlOutbox
from pipeline.database.people import SqlPeople, SqlSessions
from pipeline.database.queue import SqlQueue
from pipeline.database.repository import SqlRepository
from pipeline.database.webhooks import SqlWebhooks
from pipeline.pages.cluster import Cluster
from pipeline.pages.crew import Bounds, Crew
from pipeline.pages.local import Local, PooledEngine
from pipeline.pages.terms import Terms
from pipeline.pages.watched import Watched
from pipeline.pages.work import Recipe
from pipeline.policies import policies
from pipeline.ports import ApiKeys, Chains, Clock, Objects, PagePool, Queue, Reader, Tally
from pipeline.ports.drops import Drop
from pipeline.ports.erasure import Eraser
from pipeline.ports.inventory import Inventory
from pipeline.ports.scanning import Scanner
from pipeline.sandbox.process import Sandbox
from pipeline.sandbox.rehearsal import Rehearsed
from pipeline.settings import Settings, load_settings
from pipeline.stages.services import Services
from pipeline.storage.blobs import Blobs
from pipeline.storage.clamav import ClamAv
from pipeline.storage.drops import BucketDrop, FolderDrop
from pipeline.storage.folder import Folder
from pipeline.storage.inventory import inventory as inventory_of
from pipeline.storage.minio import Bucket
from pipeline.storage.readings import ReadingCache
from schemas.errors import StorageError
from validators.policy import load_policy

__all__ = [
    "Services",
    "SystemClock",
    "api_keys",
    "build",
    "bundles",
    "courier",
    "desk",
    "drop",
    "front_door",
    "inventory",
    "queue",
    "services",
    "sso",
    "subscriptions",
    "tally",
]

_CHINA = timezone(timedelta(hours=8))


class SystemClock:
    """The clock of this machine, in China's time: a paper handed in at 07:00 is of today."""

    def now(self) -> datetime:
        """Return the time, with its zone."""
        return datetime.now(_CHINA)  # noqa: TID251  this is the clock


def build(settings: Settings) -> Services:
    """Return the services of the settings. No model is loaded before a page needs it.

    Raises:
        SettingsError: a setting is of no use.
        DeviceError: a GPU is asked for and not to be had.
        StorageError: the database cannot be reached.
        PolicyError: the policy file or the product of the settings is of no use.
    """
    load_policy(settings.product, policies(settings))
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError("make the data folder", str(error.strerror)) from error
    kept, tables = objects(settings), database(settings)
    reader, pool = _reader(settings)
    return Services(
        settings=settings,
        blobs=Blobs(kept),
        readings=ReadingCache(kept),
        repository=SqlRepository(tables),
        database=tables,
        clock=SystemClock(),
        reader=_rehearsed(reader, settings),
        pool=pool,
        scanner=_scanner(settings),
    )


def desk(services: Services) -> Desk:
    """Return the desk at which applications are taken in."""
    tables = services.database
    return Desk(services, SqlApplications(tables), SqlApiKeys(tables), SqlAuditTrail(tables))


def database(settings: Settings) -> Database:
    """Return the database of the settings, ready for use; a process wants one.

    Raises:
        SettingsError: the URL is of no use, or a server's tables are of another version.
        StorageError: it cannot be reached.
    """
    return connect(settings.database_url)


def front_door(tables: Database, settings: Settings) -> FrontDoor:
    """Return who lets people in."""
    return FrontDoor(SqlPeople(tables), SqlSessions(tables), SystemClock(), settings.review)


def sso(door: FrontDoor, settings: Settings) -> SingleSignOn | None:
    """Return who sends people to the identity provider of the settings, None without one."""
    if settings.oidc.issuer is None:
        return None
    return SingleSignOn(Provider(settings.oidc, door.clock), door)


def queue(tables: Database) -> Queue:
    """Return what people look for applications in."""
    return SqlQueue(tables)


def tally(tables: Database) -> Tally:
    """Return who counts what persons found in decided cases."""
    return SqlTally(tables)


def bundles(desk: Desk) -> Bundles:
    """Return the batches of applications that are taken in at a desk."""
    return Bundles(desk, SqlBatches(desk.services.database))


def subscriptions(tables: Database, settings: Settings, clock: Clock) -> Subscriptions:
    """Return the webhooks of portals."""
    key = installation_key(settings)
    return Subscriptions(SqlWebhooks(tables), SqlOutbox(tables), clock, settings.webhooks, key)


def courier(services: Services) -> Courier:
    """Return who sends messages to webhooks."""
    settings = services.settings
    known = subscriptions(services.database, settings, services.clock)
    return Courier(known, Carrier(settings.webhooks))


def api_keys(tables: Database) -> ApiKeys:
    """Return the keys of portals."""
    return SqlApiKeys(tables)


def chains(tables: Database) -> Chains:
    """Return the chains of what is written once."""
    return SqlChains(tables)


def eraser(tables: Database) -> Eraser:
    """Return who erases what is said of people."""
    return SqlEraser(tables)


def objects(settings: Settings) -> Objects:
    """Return where originals, readings and anchors are kept."""
    if settings.storage.kind == "minio":
        return Bucket.of(settings.storage, SystemClock())
    return Folder(settings.data_dir / "objects")


def inventory(settings: Settings) -> Inventory:
    """Return what lies in the object store."""
    return inventory_of(objects(settings))


def drop(settings: Settings) -> Drop | None:
    """Return where packages are laid down to start by themselves, None where there is no place."""
    named, kept = settings.intake, objects(settings)
    if named.folder is not None:
        return FolderDrop(named.folder)
    if named.prefix and isinstance(kept, Bucket):
        return BucketDrop(kept, named.prefix)
    return None


@functools.cache
def services() -> Services:
    """Return the services of this process, from its environment."""
    return build(load_settings())


def _rehearsed(reader: Reader, settings: Settings) -> Reader:
    terms = settings.sandbox
    if not terms.rehearse:
        return reader
    limits = Limits(**settings.limits.model_dump())
    return Rehearsed(reader, limits, terms.seconds, Sandbox(terms.memory_mib))


def _scanner(settings: Settings) -> Scanner | None:
    scanner = settings.scanner
    return None if scanner.address is None else ClamAv(scanner.address, scanner.seconds)


def _reader(settings: Settings) -> tuple[DocumentReader, PagePool | None]:
    """Return what reads files, and the pool that reads their pages where there is one."""
    ocr = settings.ocr
    limits = Limits(**settings.limits.model_dump())
    if ocr.engine == "replay":
        replay = ReplayEngine(settings.data_dir / "recordings")
        return DocumentReader(lambda: replay, replay.fingerprint, limits, ocr.dpi), None
    is_far = settings.dask.scheduler is not None  # each worker chooses, and says on each page
    device = ocr.device if is_far else paddle.choose_device(ocr.device)
    own = _once(lambda: paddle.PaddleEngine(settings.models_dir, device, ocr.threads))
    looking = Lock()

    def blocks(image: Image) -> lp.Layout:
        with looking:
            return layout.model(settings.models_dir).detect(image)

    known_as = paddle.fingerprint()
    reader = DocumentReader(own, known_as, limits, ocr.dpi, blocks, checks_layers=True)
    pool = _pool(settings, device, own)
    if pool is None:
        return replace(reader, pool=Watched(Inline(own))), None
    pooled = PooledEngine(pool, known_as, device)
    watched = Watched(pool, pool.close)
    made = replace(reader, engine=lambda: pooled, pool=watched)
    eager = replace(pooled, starts=True)
    return replace(made, skimmer=lambda: eager, skims=max(ocr.workers, ocr.documents)), watched


def _pool(settings: Settings, device: str, own: Callable[[], Engine]) -> Local | Cluster | None:
    """Return a pool whose workers start when there are pages, or that joins a cluster then."""
    if settings.dask.scheduler is not None:
        return cluster(settings)
    if settings.ocr.workers == 0:
        return None
    recipe = Recipe(settings.models_dir.resolve(), device.partition(":")[0])
    log = settings.data_dir / "logs" / "pages.log"
    return Local(Crew(recipe, _bounds(settings), log), own)


def cluster(settings: Settings) -> Cluster | None:
    """Return the Dask cluster of the settings, which nobody has joined yet; None without one."""
    dask = settings.dask
    if dask.scheduler is None:
        return None
    terms = Terms.of(settings.ocr.device, _bounds(settings))
    return Cluster(dask.scheduler, terms, dask.connect_seconds)


def _bounds(settings: Settings) -> Bounds:
    ocr = settings.ocr
    return Bounds(ocr.workers, ocr.page_seconds, ocr.pages_per_worker, ocr.worker_rss_mib)


def _once(make: Callable[[], Engine]) -> Callable[[], Engine]:
    """Make one engine per process, also when threads ask for it together."""
    lock = Lock()
    cached = functools.cache(make)

    def engine() -> Engine:
        with lock:
            return cached()

    return engine
