"""What goes wrong, and how it is said: problem documents with a stable code."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pipeline.api.app import create_app, routed
from pipeline.api.words import FAULTS, STATES, STEPS, spoken
from pipeline.cases.desk import Desk
from pipeline.ports import State, Step
from schemas.errors import (
    ConfigError,
    CorruptFileError,
    ModelMissingError,
    StorageError,
)
from schemas.messages import catalogue
from tests.api.conftest import Portal, Serve

ID = "0" * 32


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/nowhere", None, 404, "api.not_found"),
        ("PUT", "/applications", {}, 405, "api.method_not_allowed"),
        ("GET", f"/applications/{ID}", None, 404, "api.not_found"),
        ("GET", "/applications/../../etc", None, 404, "api.not_found"),
        ("GET", "/applications/XYZ", None, 422, "api.invalid_request"),
        ("GET", "/records?after=-1", None, 422, "api.invalid_request"),
        ("GET", "/records?limit=100000", None, 422, "api.invalid_request"),
        ("POST", "/applications", {"product": "gold"}, 422, "api.unknown_product"),
        ("POST", "/applications", {"applied_on": "tomorrow"}, 422, "api.invalid_request"),
        ("POST", "/applications", {"applied_on": "0001-01-01"}, 422, "api.invalid_request"),
        ("POST", "/applications", {"reference": "a\x00b"}, 422, "api.invalid_request"),
        ("GET", "/applications?reference=%00", None, 422, "api.invalid_request"),
        ("POST", "/applications", {"colour": "red"}, 422, "api.invalid_request"),
        ("POST", "/applications", ["x"], 422, "api.invalid_request"),
    ],
)
def test_what_the_sender_did_wrong(
    portal: Portal, method: str, path: str, body: object, status: int, code: str
) -> None:
    answer = portal.call(method, path, json=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["title"]
    assert answer.json()["remedy"]


def test_what_was_sent_is_not_repeated(portal: Portal) -> None:
    answer = portal.call("POST", "/applications", json={"applied_on": "110101199003070000"})

    assert answer.json()["errors"][0]["at"] == "body.applied_on"
    assert "110101199003070000" not in answer.text


@pytest.mark.parametrize("broken", [b"{", b"\xff\xfe", b"[" * 10_000, rb'{"reference": "\ud800"}'])
def test_json_that_is_none_is_the_senders(portal: Portal, broken: bytes) -> None:
    answer = portal.call(
        "POST", "/applications", content=broken, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code in {400, 422}
    assert answer.json()["code"] == "api.invalid_request"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (CorruptFileError("application/pdf", "cut"), 422, "document.corrupt"),
        (StorageError("read", "10.0.0.7 refused"), 503, "storage.failed"),
        (ModelMissingError("secret-model"), 500, "internal"),
        (ConfigError("secret"), 500, "internal"),
        (RuntimeError("a bug with 张三 in it"), 500, "internal"),
    ],
)
def test_who_acts_decides_on_the_status(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr("pipeline.database.applications.SqlApplications.get", fails)

    answer = portal.call("GET", f"/applications/{ID}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert not re.search("secret|10.0.0.7|张三", answer.text)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("accept", "said"), [("en", "There is"), ("zh-CN", "没有"), ("fr", "没有")]
)
def test_a_problem_is_told_in_the_language_of_the_caller(
    portal: Portal, accept: str, said: str
) -> None:
    answer = portal.call("GET", f"/applications/{ID}", headers={"Accept-Language": accept})

    assert answer.json()["title"].startswith(said)


@pytest.mark.parametrize("header", ["", "*", "en;q=x", ";;;", "en;q=", "q=1,,", "zh" * 1000])
def test_an_odd_language_is_no_reason_to_fail(header: str) -> None:
    assert spoken(header, "zh") in {"zh", "en"}


def test_all_words_are_there_in_both_languages() -> None:
    assert set(STATES) == set(State)
    assert set(STEPS) == set(Step)
    for term in (*STATES.values(), *STEPS.values(), *FAULTS.values()):
        assert re.search("[一-鿿]", term.zh)
        assert not re.search("[一-鿿]", term.en)


def test_every_code_of_the_api_is_explained() -> None:
    page = Path("docs/api.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(api\.\w+)` \| (\d+) \|", page, re.MULTILINE)

    assert dict(told) == {code: str(fault.status) for code, fault in FAULTS.items()}


def test_every_status_that_routes_may_answer_is_described() -> None:
    for methods in routed().openapi()["paths"].values():
        for operation in methods.values():
            statuses = set(operation["responses"])
            assert operation["summary"]
            assert operation["tags"]
            if operation["operationId"] != "get_health":
                assert {"500", "503"} <= statuses


def test_the_description_is_served_and_names_no_other_host(portal: Portal) -> None:
    answer = portal.client.get("/v1/openapi.json")

    assert answer.json() == routed().openapi()
    named = set(re.findall(r"https://([\w.-]+)", answer.text))
    assert named <= {"json-schema.org", "portal.bank.example"}
    assert portal.client.get("/docs").status_code == 404


def test_ready_says_whether_reviews_go_on(serve: Serve, desk: Desk) -> None:
    with serve() as portal:
        assert portal.call("GET", "/ready").status_code == 200
    app = create_app(desk, lambda _: pytest.fail("nothing was submitted"))
    client = TestClient(app)  # without its lifespan, so that nothing was started

    assert client.get("/v1/health").status_code == 200
    assert client.get("/v1/ready").status_code == 503


def test_an_error_without_words_of_its_own_has_those_of_its_kind(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {code: entry for code, entry in catalogue().errors.items() if "storage" not in code}
    silent = catalogue().model_copy(update={"errors": words})
    monkeypatch.setattr("pipeline.api.problems.catalogue", lambda: silent)

    def fails(*_: object) -> None:
        raise StorageError("x", "y")

    monkeypatch.setattr("pipeline.database.applications.SqlApplications.get", fails)

    answer = portal.call("GET", f"/applications/{ID}").json()

    assert (answer["code"], answer["title"]) == ("storage.failed", "暂时无法处理。")
