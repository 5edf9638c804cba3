"""A whole review in one process, without Prefect."""

from pipeline.stages.document import read_document
from pipeline.stages.judge import judge
from pipeline.stages.services import Services
from schemas.records import Record


def review(package_id: str, services: Services) -> Record:
    """Read every file of a package and judge them together.

    Raises:
        UnknownPackageError: it was never taken in.
    """
    package = services.repository.package(package_id)
    outcomes = [read_document(file, services) for file in package.files]
    return judge(package, outcomes, services)
