"""The description of the API holds: requests made from it, good and bad, find no 5xx in it.

Requests are made by schemathesis from the description alone, with fixed seeds, against a server
that has an application, a batch and a webhook in it, whose ids are put into the requests.
"""

import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pipeline.api.app import routed
from pipeline.cases.desk import Desk
from tests.api.conftest import Portal, Serve
from tests.builders import sha256

EXAMPLES = 5
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
WITHOUT = frozenset({"follow_application", "follow_all", "get_page_image", "get_report"})
"""Streams have no end, and pictures want processes: they have tests of their own."""
SCHEMA = schemathesis.openapi.from_dict(routed().openapi())


def operations() -> list[Any]:
    found = [result.ok() for result in SCHEMA.get_all_operations()]
    return [one for one in found if one.definition.raw["operationId"] not in WITHOUT]


@pytest.fixture
def house(
    serve: Serve, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Portal, dict[str, Any]]]:
    monkeypatch.setattr("pipeline.cases.courier._POLL_SECONDS", 3600)
    with serve(requests_per_minute=1_000_000, reviews=False) as portal:
        application = portal.open(reference="LN-1")
        portal.hand_in(application, "licence")
        batch = portal.call("POST", "/batches", json={"applications": [{}]}).json()["id"]
        url = {"url": "https://portal.example/zishen"}
        webhook = portal.call("POST", "/webhooks", json=url).json()["id"]
        portal.call("POST", f"/webhooks/{webhook}/ping")
        ids = {
            "application_id": application,
            "batch_id": batch,
            "webhook_id": webhook,
            "number": 1,
            "sha256": sha256("%PDF-licence "),
        }
        yield portal, ids


def test_requests_of_all_kinds_are_answered_as_it_is_written(
    house: tuple[Portal, dict[str, Any]],
) -> None:
    logging.getLogger("schemathesis").setLevel(logging.ERROR)
    portal, ids = house
    counted = 0

    def call(case: Any) -> None:
        nonlocal counted
        counted += 1
        known = {name: value for name, value in ids.items() if name in case.path_parameters}
        if counted % 4:  # every fourth goes where there is nothing
            case.path_parameters = {**case.path_parameters, **known}
        asked = case.as_transport_kwargs(base_url="http://testserver")
        asked["headers"] = {**asked["headers"], "Authorization": f"Bearer {portal.key}"}
        ready = requests.Request(**asked).prepare()
        answer = portal.client.request(
            ready.method, ready.url, headers=ready.headers, content=ready.body
        )
        answer.request = httpx2.Request(ready.method, ready.url)
        case.validate_response(schemathesis.Response.from_any(answer), checks=CHECKS)

    for operation in operations():
        probe = settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(given(case=operation.as_strategy())(call))
        probe()

    assert counted >= EXAMPLES * 10


def test_every_route_has_an_example_of_what_it_takes_and_gives() -> None:
    told = routed().openapi()
    schemas = told["components"]["schemas"]
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body is not None:
                assert "example" in json.dumps(_resolved(body["schema"], schemas)), (method, path)
            good = next(v for k, v in operation["responses"].items() if k.startswith("2"))
            for kind, content in good.get("content", {}).items():
                if kind == "application/json":
                    shown = json.dumps([content, _resolved(content["schema"], schemas)])
                    assert "example" in shown, (method, path)


def _resolved(schema: dict[str, Any], schemas: dict[str, Any], depth: int = 3) -> Any:
    text = json.dumps(schema)
    named = [name for name in schemas if f'"#/components/schemas/{name}"' in text]
    if depth == 0:
        return schema
    return [schema, *(_resolved(schemas[name], schemas, depth - 1) for name in named)]
