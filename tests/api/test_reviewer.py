"""Reviews in the background: nothing submitted is lost, whatever happens to the server."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline import dispatch
from pipeline.cases.desk import Desk
from pipeline.cases.reviewer import Reviewer, Verdict, review_with
from pipeline.dispatch import PrefectError
from schemas.errors import ModelMissingError, StorageError
from tests.api.conftest import COMPLETE, Clock, Portal, Serve
from tests.cli.papers import InProcess, no_prefect


class DeadError(BaseException):
    """The process is gone, and nothing is cleaned up."""


def dies(_package_id: str) -> Verdict:
    raise DeadError


def out_of_lease(desk: Desk) -> None:
    desk.services.clock.at += timedelta(hours=1)  # type: ignore[attr-defined]


def submitted(portal: Portal, *papers: str) -> str:
    application = portal.open()
    portal.hand_in(application, *papers)
    portal.submit(application)
    return application


def test_a_server_that_starts_goes_on_with_what_was_submitted(serve: Serve) -> None:
    with serve(reviews=False) as portal:
        applications = [submitted(portal, *COMPLETE) for _ in range(3)]
        assert {portal.status(one)["state"] for one in applications} == {"submitted"}

    with serve() as portal:
        assert {portal.decided(one)["outcome"] for one in applications} == {"pass"}


def test_a_review_that_was_cut_off_is_begun_again(serve: Serve, desk: Desk) -> None:
    with serve(reviews=False) as portal:
        application = submitted(portal, *COMPLETE)
        with pytest.raises(DeadError):
            Reviewer(desk, dies).step()
        assert portal.status(application)["state"] == "reviewing"
        assert not Reviewer(desk, review_with(desk.services)).step()

    out_of_lease(desk)
    with serve() as portal:
        status = portal.decided(application)

    assert [e["step"] for e in status["timeline"]].count("reviewing") == 2
    assert status["outcome"] == "pass"


def test_papers_that_kill_the_process_again_and_again_are_left_alone(
    serve: Serve, desk: Desk
) -> None:
    with serve(reviews=False) as portal:
        application = submitted(portal, *COMPLETE)
        for _ in range(3):
            with pytest.raises(DeadError):
                Reviewer(desk, dies).step()
            out_of_lease(desk)
        reviewer = Reviewer(desk, review_with(desk.services))

        assert reviewer.step()
        assert not reviewer.step()
        assert portal.status(application)["state"] == "failed"
        portal.submit(application)
        assert reviewer.step()
        assert portal.status(application)["state"] == "decided"


@pytest.mark.parametrize(
    "error", [StorageError("write", "full"), ModelMissingError("det"), PrefectError("no answer")]
)
def test_what_the_world_or_the_set_up_broke_is_tried_again(
    serve: Serve, desk: Desk, clock: Clock, error: Exception
) -> None:
    troubles = [error, error]

    def review(package_id: str) -> Verdict:
        if troubles:
            raise troubles.pop()
        return review_with(desk.services)(package_id)

    reviewer = Reviewer(desk, review)
    with serve(reviews=False) as portal:
        application = submitted(portal, *COMPLETE)
        assert reviewer.step()
        delayed = portal.status(application)
        assert not reviewer.step()
        for _ in range(2):
            clock.at += timedelta(minutes=5)
            assert reviewer.step()
        status = portal.status(application)

    assert delayed["state"] == "delayed"
    assert delayed["timeline"][-1]["code"] == error.code  # type: ignore[attr-defined]
    assert status["outcome"] == "pass"


def test_a_bug_in_one_review_stops_no_other(portal: Portal) -> None:
    bad, good = submitted(portal, "bug"), submitted(portal, *COMPLETE)

    assert portal.decided(good)["outcome"] == "pass"
    failed = portal.decided(bad, "failed")
    assert failed["timeline"][-1]["code"] == "internal"


def test_one_package_is_read_at_a_time(serve: Serve, desk: Desk) -> None:
    busy, most = [0], [0]
    lock = threading.Lock()

    def review(package_id: str) -> Verdict:
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        verdict = review_with(desk.services)(package_id)
        with lock:
            busy[0] -= 1
        return verdict

    with serve(review) as portal:
        applications = [submitted(portal, *COMPLETE) for _ in range(4)]
        for application in applications:
            portal.decided(application)

    assert most == [1]


def during(act: Callable[[], object], desk: Desk) -> Reviewer:
    """Return a reviewer in whose first review something happens."""
    acts = [act]

    def review(package_id: str) -> Verdict:
        verdict = review_with(desk.services)(package_id)
        if acts:
            acts.pop()()
        return verdict

    return Reviewer(desk, review)


def test_papers_added_during_a_review_wait_for_the_next(serve: Serve, desk: Desk) -> None:
    with serve(reviews=False) as portal:
        application = submitted(portal, "licence", "balance", "income")
        during(lambda: portal.hand_in(application, "cash"), desk).step()
        status = portal.status(application)

    assert (status["state"], status["outcome"]) == ("waiting_applicant", "supplement")
    assert [f["submitted"] for f in status["files"]].count(False) == 1


def test_a_submission_during_a_review_is_reviewed_after_it(serve: Serve, desk: Desk) -> None:
    def supplement() -> None:
        portal.hand_in(application, "cash")
        portal.submit(application)

    with serve(reviews=False) as portal:
        application = submitted(portal, "licence", "balance", "income")
        reviewer = during(supplement, desk)
        reviewer.step()
        assert portal.status(application)["state"] == "submitted"
        reviewer.step()
        status = portal.status(application)

    assert (status["state"], status["outcome"]) == ("decided", "pass")
    assert [e["outcome"] for e in status["timeline"] if e["step"] == "decided"] == ["pass"]


def test_a_withdrawal_during_a_review_stays(serve: Serve, desk: Desk) -> None:
    with serve(reviews=False) as portal:
        application = submitted(portal, *COMPLETE)
        during(lambda: portal.call("POST", f"/applications/{application}/withdraw"), desk).step()

        assert portal.status(application)["state"] == "withdrawn"


def test_with_a_prefect_server_the_review_is_a_flow(
    serve: Serve, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = desk.services.settings
    named = settings.model_copy(
        update={
            "prefect": settings.prefect.model_copy(update={"api_url": "http://127.0.0.1:1/api"})
        }
    )
    services = replace(desk.services, settings=named)
    reviewer = Reviewer(desk, review_with(services))
    with serve(reviews=False) as portal:
        application = submitted(portal, *COMPLETE)
        monkeypatch.setattr(dispatch, "opened", no_prefect)
        reviewer.step()
        assert portal.status(application)["timeline"][-1]["code"] == "prefect.unreachable"

        monkeypatch.setattr(
            dispatch, "opened", lambda _: contextlib.nullcontext(InProcess(desk.services))
        )
        portal.submit(application)
        desk.services.clock.at += timedelta(minutes=5)  # type: ignore[attr-defined]
        reviewer.step()
        assert portal.status(application)["outcome"] == "pass"


def test_a_database_that_is_away_for_a_moment_ends_nothing(
    serve: Serve, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    due, troubles = type(desk.applications).due, [1, 2]

    def flaky(self: object, now: object) -> object:
        if troubles:
            troubles.pop()
            raise StorageError("look for work", "the server is starting")
        return due(self, now)  # type: ignore[arg-type]

    monkeypatch.setattr("pipeline.cases.reviewer._POLL_SECONDS", 0.05)
    monkeypatch.setattr(type(desk.applications), "due", flaky)

    with serve() as portal:
        application = submitted(portal, *COMPLETE)
        assert portal.decided(application)["outcome"] == "pass"
