"""What stands on a Prefect server: `python -m flows.deploy`, which `zishen deploy` calls.

Everything is set anew each time, so that it is as this version of the code has it: a pool for
workers, the deployments, limits that all runs share, and what becomes of a run whose process is
gone. `prefect.yaml` says the same for those who use Prefect's own command; a test holds them equal.
"""

import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from prefect.automations import AutomationCore
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.exceptions import ObjectNotFound
from prefect.flows import load_flow_from_entrypoint
from prefect.types.entrypoint import EntrypointType

from flows.limits import DATABASE, GPU
from pipeline.dispatch import HEARTBEAT_SECONDS
from pipeline.settings import Settings, load_settings

POOL: Final = "zishen"
"""The work pool: its workers start a process for each run."""
_SILENCE: Final = timedelta(seconds=3 * HEARTBEAT_SECONDS + 10)
_DATABASE_RUNS: Final = 8
_ZOMBIES: Final = "zishen: a run whose process is gone has crashed"
_ENDS: Final = ("heartbeat", "Completed", "Failed", "Cancelled", "Crashed")


@dataclass(frozen=True)
class Deployment:
    """A flow that can be started by name, and how often it starts by itself."""

    entrypoint: str
    about: str
    every: timedelta | None = None
    runs: int | None = None
    """How many of it may be under way at once, on all machines together."""

    @property
    def name(self) -> str:
        """What flow and deployment are called: `review_package` is `review-package`."""
        return self.entrypoint.partition(":")[2].replace("_", "-")


DEPLOYMENTS: tuple[Deployment, ...] = (
    Deployment("flows.package:review_package", "Review one package that was taken in."),
    Deployment("flows.batch:review_batch", "Review many packages, each on its own."),
    Deployment(
        "flows.watches:intake_watch", "Take in what was laid down.", timedelta(minutes=1), runs=1
    ),
    Deployment(
        "flows.watches:sla_watch", "Tell which deadlines come near.", timedelta(minutes=5), runs=1
    ),
    Deployment(
        "flows.watches:purge_expired", "Delete what is kept no longer.", timedelta(days=1), runs=1
    ),
    Deployment("flows.reprocess:reprocess", "Judge old packages again, and say what changes."),
)
"""All of them; who adds one adds it to prefect.yaml too."""


def deploy(settings: Settings) -> tuple[str, ...]:
    """Set everything on the server of the settings and return the names of the deployments."""
    with get_client(sync_client=True) as client:
        _set_pool(client, settings)
        for name, limit in ((DATABASE, _DATABASE_RUNS), (GPU, 1)):
            client.upsert_global_concurrency_limit_by_name(name, limit)
        _set_zombies(client)
    for deployment in DEPLOYMENTS:
        _set(deployment)
    return tuple(f"{deployment.name}/{deployment.name}" for deployment in DEPLOYMENTS)


def _set_pool(client: SyncPrefectClient, settings: Settings) -> None:
    runs = settings.prefect.runs
    try:
        client.read_work_pool(POOL)
    except ObjectNotFound:
        client.create_work_pool(
            WorkPoolCreate(name=POOL, type="process", description="zishen: one process a run")
        )
    client.update_work_pool(POOL, WorkPoolUpdate(concurrency_limit=16 * runs))


def _set(deployment: Deployment) -> None:
    flow: Any = load_flow_from_entrypoint(deployment.entrypoint, use_placeholder_flow=False)
    made = flow.to_deployment(
        name=deployment.name,
        description=deployment.about,
        interval=deployment.every,
        concurrency_limit=deployment.runs,
        tags=["zishen"],
        work_pool_name=POOL,
        job_variables={"env": {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS)}},
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    made.apply()


def _set_zombies(client: SyncPrefectClient) -> None:
    """Call a run crashed when nothing was heard of it for a while: nobody else would."""
    told = {f"prefect.flow-run.{end}" for end in _ENDS}
    wanted = AutomationCore(
        name=_ZOMBIES,
        description="After its heartbeat stops, a run is Crashed, and reconcile takes it up.",
        trigger=EventTrigger(
            match={"prefect.resource.id": ["prefect.flow-run.*"]},
            after={"prefect.flow-run.heartbeat"},
            expect=told,
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=_SILENCE,
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED, name="Crashed", message="its process is gone"
            )
        ],
    )
    kept = client.read_automations_by_name(_ZOMBIES)
    if kept:
        client.update_automation(kept[0].id, wanted)
    else:
        client.create_automation(wanted)


def main() -> int:
    """Deploy, and say what."""
    for name in deploy(load_settings()):
        sys.stdout.write(f"{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
