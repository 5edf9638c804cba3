"""Makes a bucket fit for papers: versions, the lock, and what the server tidies up by itself."""

from typing import Final

from minio.commonconfig import ENABLED, Filter
from minio.error import S3Error
from minio.lifecycleconfig import (
    AbortIncompleteMultipartUpload,
    Expiration,
    LifecycleConfig,
    Rule,
)
from minio.versioningconfig import VersioningConfig

from pipeline.sections import StorageSettings
from pipeline.storage.minio import Bucket, told
from schemas.errors import SettingsError

_ABANDONED_DAYS: Final = 7
"""After how many days the parts of an upload that never ended are thrown away."""


def prepare(bucket: Bucket, settings: StorageSettings) -> bool:
    """Make the bucket unless it is there, set it up, and return whether it was made.

    The lifecycle rules never touch originals and anchors: those go by `zishen purge`, with proof.

    Raises:
        SettingsError: a lock is wanted, and the bucket that is there was made without one; or the
            account may not do this.
        StorageError: the server failed.
    """
    client, name, wants_lock = bucket.client, bucket.name, settings.lock_days > 0
    with told("prepare the bucket"):
        made = not client.bucket_exists(name)
        if made:
            client.make_bucket(name, object_lock=wants_lock)
        elif wants_lock and not _has_lock(bucket):
            raise SettingsError(f"bucket {name} was made without an object lock; make another one")
        client.set_bucket_versioning(name, VersioningConfig(ENABLED))
        client.set_bucket_lifecycle(name, LifecycleConfig(_rules(settings)))
    return made


def _has_lock(bucket: Bucket) -> bool:
    try:
        bucket.client.get_object_lock_config(bucket.name)
    except S3Error as error:
        if error.code == "ObjectLockConfigurationNotFoundError":
            return False
        raise
    return True


def _rules(settings: StorageSettings) -> list[Rule]:
    abandoned = AbortIncompleteMultipartUpload(days_after_initiation=_ABANDONED_DAYS)
    rules = [
        Rule(
            ENABLED,
            rule_filter=Filter(prefix="blobs/"),
            rule_id="abandoned-uploads",
            abort_incomplete_multipart_upload=abandoned,
        )
    ]
    if settings.readings_days:
        days = Expiration(days=settings.readings_days)
        old = Rule(
            ENABLED, rule_filter=Filter(prefix="readings/"), rule_id="readings", expiration=days
        )
        rules.append(old)
    return rules
