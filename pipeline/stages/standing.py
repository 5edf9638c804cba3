"""Is there anything for a review to find out?"""

from importlib.metadata import version

from pipeline.stages.services import Services
from schemas.records import Record
from validators import rulebook
from validators.policy import load_policy

_MODELS = "paddleocr/"


def standing(package_id: str, services: Services) -> Record | None:
    """Return the latest record where a review would come to the same, None where it might not.

    It would when the code, the rules, the policy and the models are those of the record, and every
    page was read.

    Raises:
        UnknownPackageError: it was never taken in.
        PolicyError: there is no such product.
    """
    record = services.repository.record(package_id)
    if record is None:
        return None
    package = services.repository.package(package_id)
    policy = load_policy(package.product, services.policies)
    made = (record.made_by.code, record.made_by.rulebook, record.made_by.policy)
    models = [name for name in record.made_by.models if name.startswith(_MODELS)]
    is_same = made == (f"zishen/{version('zishen')}", rulebook.VERSION, policy.label)
    is_whole = all(finding.code != "reading.page_not_read" for finding in record.findings)
    has_models = all(name in services.reader.fingerprint for name in models)
    return record if is_same and is_whole and has_models else None
