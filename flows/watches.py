"""Flows that look round every now and then: new packages, deadlines, what is no longer needed.

No run of them waits for anybody. What waits for a person or for the applicant stands in the
database, and the next event goes on with it.
"""

from collections import Counter
from datetime import timedelta
from time import sleep

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.events import emit_event

from pipeline import wiring
from pipeline.cases.intake import take
from pipeline.cases.retention import Purged, purge
from pipeline.cases.watch import Alarm, watch
from pipeline.observe import start


@flow(name="intake-watch")
def intake_watch() -> int:
    """Take in every complete package that was laid down; return how many applications they are."""
    services = wiring.services()
    start.in_flow(services.settings)
    drop = wiring.drop(services.settings)
    if drop is None:
        return 0
    seconds = services.settings.intake.settle_seconds
    arrivals = take(wiring.desk(services), drop, lambda: sleep(seconds))
    if arrivals:
        create_table_artifact(
            [{"application": one.application_id or "", "code": one.code or ""} for one in arrivals],
            key="intake-watch",
            description=f"{len(arrivals)} packages",
        )
    return sum(one.application_id is not None for one in arrivals)


@flow(name="sla-watch")
def sla_watch() -> int:
    """Tell which deadlines come near or have passed, each once; return how many were told."""
    services = wiring.services()
    start.in_flow(services.settings)
    alarms = watch(wiring.desk(services), _emit)
    if alarms:
        told = Counter(alarm.step.value for alarm in alarms)
        create_table_artifact(
            [_row(alarm) for alarm in alarms],
            key="sla-watch",
            description=", ".join(f"{count} {step}" for step, count in sorted(told.items())),
        )
    return len(alarms)


@flow(name="purge-expired")
def purge_expired(dry: bool = False) -> Purged:
    """Delete what is kept no longer; `dry` only counts it. Records always stay."""
    services = wiring.services()
    settings = services.settings
    start.in_flow(settings)
    desk = wiring.desk(services)
    purged = purge(desk, wiring.inventory(settings), settings.retention, dry=dry)
    create_table_artifact([purged.model_dump()], key="purge-expired")
    return purged


def _emit(alarm: Alarm) -> None:
    """Emit `zishen.sla.at_risk` or `zishen.sla.breached`, which automations can act on."""
    emit_event(
        event=f"zishen.sla.{alarm.step.value}",
        resource={
            "prefect.resource.id": f"zishen.application.{alarm.application_id}",
            "zishen.state": alarm.state.value,
            "zishen.product": alarm.product,
        },
        payload={
            "package": alarm.package_id,
            "deadline": alarm.deadline.isoformat() if alarm.deadline else None,
            "remaining_seconds": alarm.remaining / timedelta(seconds=1),
        },
        occurred=alarm.at,
        id=alarm.id,
    )


def _row(alarm: Alarm) -> dict[str, object]:
    return {
        "application": alarm.application_id,
        "step": alarm.step.value,
        "state": alarm.state.value,
        "deadline": alarm.deadline.isoformat(timespec="minutes") if alarm.deadline else "",
        "remaining hours": round(alarm.remaining / timedelta(hours=1), 1),
    }
