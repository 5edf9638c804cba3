"""What `zishen deploy` sets on a Prefect server, and that doing it again changes nothing."""

from typing import Any

import pytest
from prefect.client.orchestration import get_client

from flows import deploy as deploying
from flows.deploy import DEPLOYMENTS, POOL, deploy
from pipeline.settings import Settings

pytestmark = pytest.mark.services


def standing() -> dict[str, Any]:
    with get_client(sync_client=True) as client:
        kept = client.read_deployments()
        return {
            "deployments": sorted((one.name, one.entrypoint, one.work_pool_name) for one in kept),
            "limits": sorted(
                (one.name, one.limit)
                for one in client.read_global_concurrency_limits(limit=50, offset=0)
                if one.name.startswith("zishen-")
            ),
            "automations": [
                one.name for one in client.read_automations() if one.name.startswith("zishen")
            ],
            "pool": client.read_work_pool(POOL).type,
            "heartbeats": {str(one.job_variables.get("env")) for one in kept},
        }


def test_everything_stands_once_however_often_it_is_deployed(prefect: None) -> None:
    names = deploy(Settings())
    first = standing()
    deploy(Settings())

    assert names == tuple(f"{one.name}/{one.name}" for one in DEPLOYMENTS)
    assert standing() == first
    assert first["pool"] == "process"
    assert [limit for limit, _ in first["limits"]] == ["zishen-database", "zishen-gpu"]
    assert len(first["automations"]) == 1
    assert ("review-package", "flows.package.review_package", POOL) in first["deployments"]
    assert first["heartbeats"] == {
        f"{{'PREFECT_FLOWS_HEARTBEAT_FREQUENCY': '{deploying.HEARTBEAT_SECONDS}'}}"
    }
