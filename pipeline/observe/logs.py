"""Where the log goes: JSON lines, event names and ids, never the values of fields."""

import logging
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

import structlog
from structlog.typing import Processor

from pipeline.settings import LogSettings

_QUIET = ("pdfminer", "pdfplumber", "ppocr", "paddlex", "PIL", "httpx", "httpcore", "alembic")
_NAME = "zishen"
_MAX_BYTES = 10 << 20

_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
_RENDERERS: Final[dict[str, Callable[[], tuple[Processor, ...]]]] = {
    "json": lambda: (
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ),
    "console": lambda: (
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ),
}


def begin(wanted: LogSettings, folder: Path) -> None:
    """Send the log of this process where the settings say; a file is `zishen.log` in the folder.

    Raises:
        OSError: the file cannot be written.
    """
    handler = logging.StreamHandler() if wanted.to == "stderr" else _to_file(folder)
    handler.set_name(_NAME)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_RENDERERS[wanted.format](),
            ],
        )
    )
    root = logging.getLogger()
    for old in [old for old in root.handlers if old.name == _NAME]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(wanted.level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def is_begun() -> bool:
    """Return whether the log of this process goes where the settings say."""
    return any(handler.name == _NAME for handler in logging.getLogger().handlers)


def _to_file(folder: Path) -> logging.Handler:
    folder.mkdir(parents=True, exist_ok=True)
    return RotatingFileHandler(
        folder / "zishen.log", maxBytes=_MAX_BYTES, backupCount=3, encoding="utf-8", delay=True
    )
