"""Files that go straight to a bucket of a real S3 server, past the API, with plain HTTP."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import urllib3

from pipeline import wiring
from pipeline.cases import transfers
from pipeline.cases.desk import Desk
from pipeline.stages.services import Services
from pipeline.storage.blobs import Blobs
from pipeline.storage.minio import Bucket
from pipeline.storage.preparing import prepare
from pipeline.storage.readings import ReadingCache
from tests.api.conftest import COMPLETE, Clock, Portal, Serve, content
from tests.api.test_transfers import complete, offer
from tests.servers import S3, s3

__all__ = ["s3"]
pytestmark = pytest.mark.services

http = urllib3.PoolManager(retries=False)


@pytest.fixture
def services(services: Services, s3: S3) -> Services:
    """Return services whose objects are in a bucket."""
    storage = s3.settings()
    settings = services.settings.model_copy(update={"storage": storage})
    kept = wiring.objects(settings)
    assert isinstance(kept, Bucket)
    prepare(kept, storage)
    return replace(services, settings=settings, blobs=Blobs(kept), readings=ReadingCache(kept))


@pytest.fixture
def bucket(services: Services) -> Bucket:
    assert isinstance(services.blobs, Blobs)
    assert isinstance(services.blobs.objects, Bucket)
    return services.blobs.objects


@pytest.fixture
def at_bucket(serve: Serve) -> Iterator[Portal]:
    with serve() as portal:
        yield portal


def put(offered: Any, data: bytes) -> int:
    return int(http.request("PUT", offered["url"], body=data).status)


def test_papers_sent_to_the_bucket_are_reviewed_as_they_were_sent(
    at_bucket: Portal, desk: Desk, bucket: Bucket
) -> None:
    application = at_bucket.open()
    papers = {f"{name}.pdf": content(name) for name in COMPLETE}
    for name, data in papers.items():
        offered = offer(at_bucket, application, data, name=name)
        assert put(offered, data) == 200
        assert complete(at_bucket, application, offered["token"]).status_code == 201
    at_bucket.submit(application)

    status = at_bucket.decided(application)

    assert {file["name"]: file["sha256"] for file in status["files"]} == {
        name: hashlib.sha256(data).hexdigest() for name, data in papers.items()
    }
    kept = [desk.services.blobs.get(file["sha256"]) for file in status["files"]]
    assert sorted(kept) == sorted(papers.values())
    assert status["outcome"] == "pass"
    assert list(bucket.keys("uploads/")) == []


@pytest.mark.parametrize("sent", [b"%PDF-other   ", b"%PDF", b"%PDF-licence and more"])
def test_what_is_other_than_announced_is_refused_and_not_kept(
    at_bucket: Portal, bucket: Bucket, sent: bytes
) -> None:
    application = at_bucket.open()
    offered = offer(at_bucket, application, content("licence"))

    assert put(offered, sent) == 200
    answer = complete(at_bucket, application, offered["token"])

    assert answer.json()["code"] == "api.upload_mismatch"
    assert at_bucket.status(application)["files"] == []
    assert list(bucket.keys("uploads/")) == list(bucket.keys("blobs/")) == []


def test_an_address_that_has_run_out_takes_nothing(
    at_bucket: Portal, bucket: Bucket, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "_GOOD_FOR", timedelta(seconds=1))
    application, data = at_bucket.open(), content("licence")
    offered = offer(at_bucket, application, data)
    time.sleep(2.1)  # the server goes by its own clock
    clock.at += timedelta(seconds=2)

    assert put(offered, data) == 403
    assert complete(at_bucket, application, offered["token"]).json()["code"] == "api.upload_expired"
    assert list(bucket.keys("uploads/")) == []


def test_an_address_is_for_its_file_alone(at_bucket: Portal, bucket: Bucket) -> None:
    data = content("licence")
    offered = offer(at_bucket, at_bucket.open(), data)
    original = "blobs/" + hashlib.sha256(data).hexdigest()

    assert put({"url": offered["url"].replace("uploads/", "blobs/", 1)}, data) == 403
    assert http.request("GET", offered["url"]).status == 403
    assert not bucket.has(original)
    assert list(bucket.keys("blobs/")) == []
