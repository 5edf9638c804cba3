"""The life of an application, from the door to the record."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pipeline.cases.desk import Desk
from tests.api.conftest import COMPLETE, Portal, Serve, content
from tests.builders import sha256
from tests.cli.papers import PaperReader


def test_complete_papers_pass_and_the_timeline_says_how(portal: Portal) -> None:
    application = portal.open(product="sme_small", applied_on="2026-10-15", reference="LN-1")

    handed_in = portal.hand_in(application, *COMPLETE)
    submitted = portal.submit(application)
    status = portal.decided(application)

    assert handed_in.status_code == 201
    assert [file["state"] for file in handed_in.json()["files"]] == ["accepted"] * 4
    assert {file["media_type"] for file in handed_in.json()["files"]} == {"application/pdf"}
    assert submitted.status_code == 202
    assert submitted.json()["pending"]
    assert (status["outcome"], status["revision"], status["reference"]) == ("pass", 1, "LN-1")
    assert (status["owed"], status["pending"]) == ([], [])
    assert [entry["step"] for entry in status["timeline"]] == [
        "opened",
        "papers_added",
        "submitted",
        "reviewing",
        "decided",
    ]


def test_what_is_missing_is_told_in_the_language_of_the_caller(portal: Portal) -> None:
    application = portal.open()
    portal.hand_in(application, "licence", "balance")
    portal.submit(application)

    chinese = portal.decided(application)
    portal.headers = {"Accept-Language": "en-GB,en;q=0.9"}
    english = portal.status(application)

    assert chinese["outcome"] == english["outcome"] == "supplement"
    assert any("利润表" in text for text in chinese["owed"])
    assert any("income statement" in text for text in english["owed"])
    assert english["state"] == "waiting_applicant"
    assert english["text"] == "The first review is done: papers are to be added."


def test_a_supplement_is_a_new_submission_of_the_same_application(
    portal: Portal, reader: PaperReader
) -> None:
    application = portal.open()
    portal.hand_in(application, "licence", "balance", "income", "corrupt")
    portal.submit(application)
    first = portal.decided(application)
    (bad,) = [file for file in first["files"] if file["state"] == "refused"]

    portal.call("DELETE", f"/applications/{application}/files/{bad['sha256']}")
    portal.hand_in(application, "cash")
    waiting = portal.status(application)
    portal.submit(application)
    second = portal.decided(application)

    assert (bad["code"], first["outcome"]) == ("document.corrupt", "supplement")
    assert bad["remedy"]
    assert [f["submitted"] for f in waiting["files"]] == [True, True, True, False]
    assert second["outcome"] == "pass"
    assert second["packages"] == [first["package_id"], second["package_id"]]
    assert sorted(reader.reads) == sorted([*COMPLETE, "corrupt"])
    old = portal.call(
        "GET", f"/applications/{application}/record", params={"package_id": first["package_id"]}
    )
    assert old.json()["decision"]["outcome"] == "supplement"


def test_the_record_and_the_extract_are_those_of_the_review(portal: Portal) -> None:
    application = portal.open()
    early = portal.call("GET", f"/applications/{application}/record")
    portal.hand_in(application, *COMPLETE, "corrupt")
    portal.submit(application)
    portal.decided(application)

    record = portal.call("GET", f"/applications/{application}/record").json()
    extracts = {
        paper: portal.call(
            "GET", f"/applications/{application}/files/{sha256(f'%PDF-{paper} ')}/extract"
        )
        for paper in ("licence", "corrupt", "other")
    }

    assert (early.status_code, early.json()["code"]) == (404, "api.no_record")
    assert record["decision"]["outcome"] == "supplement"
    assert len(record["dossier"]["readings"]) == 4
    (found,) = extracts["licence"].json()["documents"]
    assert found["kind"] == "business_licence"
    assert extracts["corrupt"].json()["findings"][0]["code"] == "document.corrupt"
    assert extracts["other"].status_code == 404


def test_submitting_at_once_from_many_sides_yields_one_review(
    portal: Portal, reader: PaperReader
) -> None:
    application = portal.open()
    portal.hand_in(application, *COMPLETE)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: portal.submit(application), range(16)))
    status = portal.decided(application)

    assert {answer.status_code for answer in answers} == {202}
    assert [e["step"] for e in status["timeline"]].count("submitted") == 1
    assert sorted(reader.reads) == sorted(COMPLETE)
    assert portal.submit(application).json()["state"] == "decided"


def test_papers_that_come_at_once_are_all_there(portal: Portal) -> None:
    application = portal.open()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda paper: portal.hand_in(application, paper), COMPLETE))

    assert {answer.status_code for answer in answers} == {201}
    names = {file["name"] for file in portal.status(application)["files"]}
    assert names == {f"{paper}.pdf" for paper in COMPLETE}


def test_the_same_bytes_count_once(portal: Portal) -> None:
    application = portal.open()

    portal.hand_in(application, "licence")
    portal.hand_in(application, "licence")

    assert len(portal.status(application)["files"]) == 1


def test_two_applications_with_the_same_papers_share_nothing(portal: Portal) -> None:
    first, second = portal.open(reference="a"), portal.open(reference="b")
    for application in (first, second):
        portal.hand_in(application, *COMPLETE)
        portal.submit(application)

    records = [portal.decided(application)["package_id"] for application in (first, second)]

    assert len(set(records)) == 2


@pytest.mark.parametrize("act", ["hand_in", "submit"])
def test_nothing_happens_to_what_was_withdrawn(portal: Portal, act: str) -> None:
    application = portal.open()
    portal.hand_in(application, "licence")

    withdrawn = portal.call("POST", f"/applications/{application}/withdraw")
    again = portal.call("POST", f"/applications/{application}/withdraw")
    refused = portal.submit(application) if act == "submit" else portal.hand_in(application, "cash")

    assert withdrawn.json()["state"] == again.json()["state"] == "withdrawn"
    assert (refused.status_code, refused.json()["code"]) == (409, "api.withdrawn")


def test_an_application_that_is_withdrawn_while_it_waits_is_not_reviewed(
    serve: Serve, desk: Desk, reader: PaperReader
) -> None:
    with serve(reviews=False) as portal:
        application = portal.open()
        portal.hand_in(application, "licence")
        portal.submit(application)
        portal.call("POST", f"/applications/{application}/withdraw")

    assert desk.applications.due(desk.services.clock.now()) is None


def test_an_application_without_papers_is_not_submitted(portal: Portal) -> None:
    refused = portal.submit(portal.open())

    assert (refused.status_code, refused.json()["code"]) == (409, "api.nothing_to_submit")


def test_the_same_request_with_the_same_key_opens_one(portal: Portal) -> None:
    def ask(reference: str) -> Any:
        return portal.call(
            "POST",
            "/applications",
            json={"reference": reference},
            headers={"Idempotency-Key": "2026-0042"},
        )

    with ThreadPoolExecutor(4) as pool:
        same = {answer.json()["id"] for answer in pool.map(ask, ["LN-1"] * 8)}
    other = ask("LN-2")

    assert len(same) == 1
    assert len(portal.call("GET", "/applications").json()["items"]) == 1
    assert other.status_code == 409
    assert other.json()["code"] == "api.idempotency_conflict"


def test_pages_of_applications_and_records_lead_through_all(portal: Portal) -> None:
    applications = [portal.open(reference=f"LN-{n}") for n in range(5)]
    for application in applications:
        portal.hand_in(application, *COMPLETE)
        portal.submit(application)
        portal.decided(application)

    def walk(path: str) -> list[str]:
        found: list[str] = []
        after = 0
        while True:
            page = portal.call("GET", path, params={"after": after, "limit": 2}).json()
            found += [item.get("application_id") or item["id"] for item in page["items"]]
            if len(page["items"]) < 2:
                return found
            after = page["next"]

    assert walk("/applications") == applications
    assert walk("/records") == applications
    (found,) = portal.call("GET", "/applications", params={"reference": "LN-3"}).json()["items"]
    assert found["id"] == applications[3]
    first = portal.call("GET", "/records", params={"limit": 1}).json()["items"][0]
    assert (
        portal.client.get(
            first["record"], headers={"Authorization": f"Bearer {portal.key}"}
        ).json()["package_id"]
        == first["package_id"]
    )


def test_a_zip_is_taken_for_what_is_in_it(portal: Portal) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for paper in COMPLETE:
            archive.writestr(f"报表/{paper}.pdf", content(paper))
    application = portal.open()

    answer = portal.call(
        "POST",
        f"/applications/{application}/files",
        files=[("files", ("资料.zip", held.getvalue()))],
    )
    portal.submit(application)

    assert "资料.zip/报表/licence.pdf" in {file["name"] for file in answer.json()["files"]}
    assert portal.decided(application)["outcome"] == "pass"


def test_a_record_of_another_submission_is_not_found(portal: Portal) -> None:
    application = portal.open()
    portal.hand_in(application, *COMPLETE)
    portal.submit(application)
    portal.decided(application)

    for wanted in ({"package_id": "0" * 32}, {"revision": 7}):
        answer = portal.call("GET", f"/applications/{application}/record", params=wanted)
        assert (answer.status_code, answer.json()["code"]) == (404, "api.no_record")


def test_an_application_that_others_change_all_the_time_is_busy(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = portal.open()
    monkeypatch.setattr("pipeline.database.applications.SqlApplications.advance", lambda *_: False)

    answer = portal.hand_in(application, "licence")

    assert (answer.status_code, answer.json()["code"]) == (409, "api.busy")


def test_the_products_are_told(portal: Portal) -> None:
    assert "sme_small" in portal.call("GET", "/products").json()["items"]


def test_a_paper_that_is_not_there_cannot_be_taken_back(portal: Portal) -> None:
    application = portal.open()

    answer = portal.call("DELETE", f"/applications/{application}/files/{'0' * 64}")

    assert (answer.status_code, answer.json()["code"]) == (404, "api.not_found")
