"""Old packages under new models or a new policy as a flow, with a report of what that changes."""

from prefect import flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from pipeline import wiring
from pipeline.cases import reprocess as cases
from pipeline.cases.reprocess import Difference, Summary
from pipeline.observe import start


@flow(name="reprocess")
def reprocess(package_ids: list[str] | None = None, reread: bool = False) -> Summary:
    """Judge packages again, all of them unless named; `reread` reads them again before.

    A record is added only where something is new. Applications stay as they stand: whether an
    old decision is opened again is for people to say.
    """
    services = wiring.services()
    start.in_flow(services.settings)
    if package_ids is None:
        package_ids = [package.id for package in services.repository.packages()]
    found = [cases.reprocess(one, services, reread=reread) for one in package_ids]
    told = cases.summary(found)
    create_markdown_artifact(_markdown(told), key="reprocess", description="what came of it")
    create_table_artifact(
        [_row(one) for one in found if one.revision is not None or one.error is not None],
        key="reprocess-differences",
        description=f"{told.changed} of {told.packages} packages changed",
    )
    return told


def _markdown(told: Summary) -> str:
    lines = [f"* {name}: {count}" for name, count in told.outcomes.items()]
    head = f"{told.packages} packages, {told.changed} changed, {told.errors} not reprocessed."
    return "\n".join([head, "", *(lines or ["No outcome changed."])])


def _row(one: Difference) -> dict[str, object]:
    return {
        "package": one.package_id[:12],
        "before": one.before.value if one.before else "",
        "after": one.after.value if one.after else "",
        "revision": one.revision or "",
        "added": ", ".join(one.added),
        "settled": ", ".join(one.settled),
        "values": one.values,
        "accepted": one.accepted,
        "error": one.error or "",
    }
