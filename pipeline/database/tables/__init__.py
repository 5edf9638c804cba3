"""The tables. Packages, records, events and accesses are only ever added.

Two kinds of rows are kept up to date: that of an application is where its events have led, and a
key is revoked in place.

A change here needs a version under `migrations/versions`; a test compares the two.
"""

from pipeline.database.tables.access import AccessRow, ApiKeyRow
from pipeline.database.tables.applications import ApplicationEventRow, ApplicationRow
from pipeline.database.tables.base import Base
from pipeline.database.tables.packages import PackageRow, RecordRow

__all__ = [
    "AccessRow",
    "ApiKeyRow",
    "ApplicationEventRow",
    "ApplicationRow",
    "Base",
    "PackageRow",
    "RecordRow",
]
