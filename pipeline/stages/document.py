"""One file, read once: where a bad document stops being an exception."""

import structlog

from extractors.active import active_content
from extractors.remarks import is_whole
from pipeline.observe import metrics
from pipeline.observe.steps import count_reading, step
from pipeline.stages.services import Services
from schemas.documents import RefusedFile, SourceFile
from schemas.errors import DocumentError
from schemas.records import Reading
from validators.proof import prove
from validators.repair import repair

_log = structlog.get_logger()


def read_document(file: SourceFile, services: Services) -> Reading | RefusedFile:
    """Return what a file yields, from the cache where the same reader has read these bytes.

    What was read is cached as it was read; what its own sums repair and prove is found anew each
    time, since that is cheap and the rules change oftener than the readers.

    A DocumentError stops here: the file counts as refused and the others go on. That is not
    cached, since it may hang on limits that are changed; nor is a reading that lacks a page. Every
    other error passes.
    """
    with step("read", document=file.sha256):
        return _read(file, services)


def _read(file: SourceFile, services: Services) -> Reading | RefusedFile:
    key = f"{file.sha256}/{services.reader.fingerprint}"
    kept = services.readings.get(key)
    if kept is not None:
        metrics.DOCUMENTS.labels("known").inc()
        _log.info("document.known")
        return corroborated(kept.model_copy(update={"source": file}))
    data = services.blobs.get(file.sha256)
    try:
        reading = services.reader.read(data, file)
    except DocumentError as error:
        metrics.DOCUMENTS.labels("refused").inc()
        metrics.ERRORS.labels("read", error.code).inc()
        _log.info("document.refused", code=error.code)
        return RefusedFile(name=file.name, sha256=file.sha256, size=file.size, code=error.code)
    acting = tuple(active_content(data, file))
    reading = reading.model_copy(update={"findings": reading.findings + acting})
    if is_whole(reading):
        services.readings.put(key, reading)
    metrics.DOCUMENTS.labels("read").inc()
    _log.info("document.read", pages=reading.pages, documents=len(reading.documents))
    proven = corroborated(reading)
    count_reading(proven)
    return proven


def corroborated(reading: Reading) -> Reading:
    """Return a reading with what its own sums repair and prove: how every door takes it."""
    return prove(repair(reading))
