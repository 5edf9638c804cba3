"""From readings to a record: what the rules say of a whole package, and what follows."""

from collections.abc import Sequence
from importlib.metadata import version

import structlog

from pipeline.observe.steps import count_record, step
from pipeline.stages.correct import carried
from pipeline.stages.services import Services
from schemas.documents import Package, RefusedFile
from schemas.records import Dossier, MadeBy, Reading, Record
from validators import rulebook
from validators.decide import decide
from validators.policy import load_policy

_log = structlog.get_logger()


def judge(
    package: Package, outcomes: Sequence[Reading | RefusedFile], services: Services
) -> Record:
    """Return the record of a package, kept as its next revision.

    The order of the outcomes does not matter, and what persons corrected stays corrected. When
    nothing is new, the latest record is returned and none is added.

    Raises:
        PolicyError: there is no such product.
        StorageError: the record cannot be kept.
    """
    with step("judge", package=package.id):
        return _judged(package, outcomes, services)


def _judged(
    package: Package, outcomes: Sequence[Reading | RefusedFile], services: Services
) -> Record:
    dossier = _dossier(package, outcomes)
    devices = {device for reading in dossier.readings for device in reading.devices}
    device = ", ".join(sorted(devices)) or services.device
    before = services.repository.record(package.id)
    if before is not None:
        dossier = carried(dossier, before.dossier)
    made = concluded(dossier, services, device=device)
    record = services.repository.add_record(made)
    _log.info(
        "package.judged",
        revision=record.revision,
        outcome=record.decision.outcome.value,
    )
    count_record(record)
    return record


def concluded(dossier: Dossier, services: Services, *, device: str) -> Record:
    """Return what the rules and the policy make of a dossier, as a record that nobody keeps yet.

    `device` is what it was read on.

    Raises:
        PolicyError: there is no such product.
    """
    policy = load_policy(dossier.package.product, services.policies)
    findings = rulebook.check(dossier, policy)
    models = {reader for reading in dossier.readings for reader in reading.readers}
    return Record(
        package_id=dossier.package.id,
        revision=1,  # the repository counts
        dossier=dossier,
        findings=findings,
        decision=decide(findings),
        made_by=MadeBy(
            code=f"zishen/{version('zishen')}",
            rulebook=rulebook.VERSION,
            policy=policy.label,
            models=tuple(sorted(models)),
            device=device,
        ),
        made_at=services.clock.now(),
    )


def _dossier(package: Package, outcomes: Sequence[Reading | RefusedFile]) -> Dossier:
    """Return the readings in the order of the files, and the package without what was refused."""
    place = {file.sha256: number for number, file in enumerate(package.files)}
    readings = [outcome for outcome in outcomes if isinstance(outcome, Reading)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, RefusedFile)]
    gone = {file.sha256 for file in refused}
    return Dossier(
        package=package.model_copy(
            update={
                "files": tuple(file for file in package.files if file.sha256 not in gone),
                "refused": (
                    *package.refused,
                    *sorted(refused, key=lambda file: place[file.sha256]),
                ),
            }
        ),
        readings=tuple(sorted(readings, key=lambda reading: place[reading.source.sha256])),
    )
