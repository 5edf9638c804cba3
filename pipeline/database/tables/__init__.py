"""The tables. Packages, records, events and accesses are only ever added.

Some rows are kept up to date: that of an application is where its events have led, that of a
message how far it got, and keys and webhooks end in place.

A change here needs a version under `migrations/versions`; a test compares the two.
"""

from pipeline.database.tables.access import AccessRow, ApiKeyRow
from pipeline.database.tables.accuracy import CheckedRow
from pipeline.database.tables.applications import ApplicationEventRow, ApplicationRow
from pipeline.database.tables.base import Base
from pipeline.database.tables.chains import ChainRow
from pipeline.database.tables.packages import PackageRow, RecordRow
from pipeline.database.tables.people import FailedLoginRow, PersonRow, SessionRow, SigningInRow
from pipeline.database.tables.views import VIEWS
from pipeline.database.tables.webhooks import BatchRow, DeliveryRow, WebhookRow

__all__ = [
    "VIEWS",
    "AccessRow",
    "ApiKeyRow",
    "ApplicationEventRow",
    "ApplicationRow",
    "Base",
    "BatchRow",
    "ChainRow",
    "CheckedRow",
    "DeliveryRow",
    "FailedLoginRow",
    "PackageRow",
    "PersonRow",
    "RecordRow",
    "SessionRow",
    "SigningInRow",
    "WebhookRow",
]
