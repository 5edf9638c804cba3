"""What every command begins with: settings, language, log, and where to print.

Results go to standard output, progress and errors to standard error, so that a result can be
piped on.
"""

import contextvars
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.theme import Theme

from pipeline.observe import logs
from pipeline.settings import Settings, load_settings
from schemas.errors import StorageError, ZishenError
from schemas.messages import Language, catalogue

_WIDEST = 100
_THEME = Theme(
    {
        "pass": "bold green",
        "supplement": "bold yellow",
        "manual": "bold magenta",
        "failed": "bold red",
        "head": "bold cyan",
        "quiet": "dim",
    }
)

_language: contextvars.ContextVar[Language] = contextvars.ContextVar("language", default="zh")
"""The language of the command that runs, for the one place that tells errors."""


@dataclass(frozen=True)
class Session:
    """The settings of a command, its language, and its two consoles."""

    settings: Settings
    lang: Language
    out: Console
    err: Console

    def note(self, text: str) -> None:
        """Say something beside the result."""
        self.err.print(f"[quiet]{escape(text)}[/]", soft_wrap=True)


def begin(lang: Language | None) -> Session:
    """Read the settings, open the log, and speak the language asked for.

    Raises:
        SettingsError: a setting is misspelt or out of bounds.
        StorageError: the log cannot be written.
    """
    _language.set(lang or "zh")
    settings = load_settings()
    spoken = lang or settings.lang
    _language.set(spoken)
    try:
        logs.begin(settings.log, settings.data_dir / "logs")
    except OSError as error:
        raise StorageError("open the log", error.strerror or type(error).__name__) from error
    return Session(settings, spoken, console(), console(stderr=True))


def console(*, stderr: bool = False) -> Console:
    """Return a console that is no wider than is easy to read."""
    made = Console(stderr=stderr, theme=_THEME, highlight=False)
    if made.width <= _WIDEST:
        return made
    return Console(stderr=stderr, theme=_THEME, highlight=False, width=_WIDEST)


def tell(error: ZishenError) -> None:
    """Say what went wrong, in detail, and what to do about it."""
    lang = _language.get()
    err = console(stderr=True)
    what, remedy = explain(_told_code(error), lang)
    err.print(f"[failed]✘ {escape(what)}[/] [quiet]{error.code}[/]")
    if str(error):
        err.print(f"  {escape(str(error))}", soft_wrap=True)
    err.print(f"  [head]→[/] {escape(remedy)}")


def explain(code: str, lang: Language) -> tuple[str, str]:
    """Return what an error code means and what to do about it, nothing when it is not known."""
    entry = catalogue().errors.get(code)
    return ("", "") if entry is None else (entry.text(lang), entry.remedy(lang))


def _told_code(error: ZishenError) -> str:
    """Return its code, or that of the nearest kind of error that the catalogue knows."""
    kinds = (kind for kind in type(error).__mro__ if issubclass(kind, ZishenError))
    return next(kind.code for kind in kinds if kind.code in catalogue().errors)
