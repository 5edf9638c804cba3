"""One file, read once: where a bad document stops being an exception."""

import structlog

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
    cached, since it may hang on limits that are changed. Every other error passes.
    """
    log = _log.bind(document=file.sha256)
    key = f"{file.sha256}/{services.reader.fingerprint}"
    kept = services.readings.get(key)
    if kept is not None:
        log.info("document.known")
        return corroborated(kept.model_copy(update={"source": file}))
    data = services.blobs.get(file.sha256)
    try:
        reading = services.reader.read(data, file)
    except DocumentError as error:
        log.info("document.refused", code=error.code)
        return RefusedFile(name=file.name, sha256=file.sha256, size=file.size, code=error.code)
    services.readings.put(key, reading)
    log.info("document.read", pages=reading.pages, documents=len(reading.documents))
    return corroborated(reading)


def corroborated(reading: Reading) -> Reading:
    """Return a reading with what its own sums repair and prove: how every door takes it."""
    return prove(repair(reading))
