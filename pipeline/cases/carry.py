"""What persons corrected, taken over into the next submission of the same papers.

A supplement makes a new package, in which the machine reads as it did before. What somebody said of
a paper that is still there is said again, as a correction of the same person: so no work is lost,
and what was corrected passes only when a second person approves it.
"""

import structlog

from pipeline.cases.corrections import corrected
from pipeline.cases.desk import Desk
from pipeline.cases.refused import Refused
from pipeline.ports import Step
from pipeline.stages.correct import carried
from pipeline.stages.judge import concluded

_log = structlog.get_logger()


def carry_over(desk: Desk, application_id: str) -> None:
    """Correct the latest record of an application as its earlier submissions were corrected.

    Nothing happens where nothing was, or where the application was changed or decided since.
    """
    standing = desk.standing(application_id)
    record, repository = standing.record, desk.services.repository
    earlier = [
        event
        for event in standing.events
        if event.step is Step.CORRECTED and event.package_id and record
        if event.package_id != record.package_id
    ]
    if record is None or not earlier or earlier[-1].package_id is None:
        return
    before = repository.record(earlier[-1].package_id)
    dossier = carried(record.dossier, before.dossier) if before else record.dossier
    if dossier == record.dossier:
        return
    made = concluded(dossier, desk.services, device=record.made_by.device)
    kept = repository.revise(made, after=record.revision)
    if kept is None:
        return
    event = corrected(kept, by=earlier[-1].by)
    try:
        desk.change(application_id, lambda now: (now, event))
    except Refused as refused:
        _log.info("application.gone", application=application_id, code=refused.code)
