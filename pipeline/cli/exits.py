"""What the exit code of a command says: who has to act."""

from collections.abc import Iterator
from enum import IntEnum

from schemas.decisions import Outcome
from schemas.errors import ConfigError, DocumentError, TransientError, ZishenError


class ExitCode(IntEnum):
    """The exit codes, part of the public interface."""

    OK = 0
    """Nobody: the package passes, or the command did what it was asked."""
    BUG = 1
    """The developers: a traceback says where."""
    USAGE = 2
    """Who typed the command."""
    SUPPLEMENT = 3
    """The applicant: papers are missing or unusable (only `review`)."""
    MANUAL = 4
    """A reviewer: a person has to look (only `review`)."""
    DOCUMENT = 5
    """The sender: a file cannot be read."""
    TRANSIENT = 6
    """Nobody yet: something around us failed, try again."""
    CONFIG = 7
    """The operator: the installation or its settings are wrong."""
    DIFFERENT = 8
    """The developers: an outcome is not the expected one (only `batch --expect`)."""
    TAMPERED = 9
    """The auditors: something that was written once is not as it was (only `audit verify`)."""
    INTERRUPTED = 130
    """Nobody: the command was stopped."""


def of_outcome(outcome: Outcome) -> ExitCode:
    """Return the exit code of a review."""
    codes = {
        Outcome.PASS: ExitCode.OK,
        Outcome.SUPPLEMENT: ExitCode.SUPPLEMENT,
        Outcome.MANUAL: ExitCode.MANUAL,
    }
    return codes[outcome]


def of_error(error: ZishenError) -> ExitCode:
    """Return the exit code that says who acts on an error."""
    return _of_kind(type(error))


def of_code(code: str) -> ExitCode:
    """Return the exit code for the code of an error, which is what crosses a flow."""
    return next((_of_kind(kind) for kind in _kinds() if kind.code == code), ExitCode.BUG)


def _of_kind(kind: type[ZishenError]) -> ExitCode:
    for base, code in (
        (DocumentError, ExitCode.DOCUMENT),
        (TransientError, ExitCode.TRANSIENT),
        (ConfigError, ExitCode.CONFIG),
    ):
        if issubclass(kind, base):
            return code
    return ExitCode.BUG


def _kinds(base: type[ZishenError] = ZishenError) -> Iterator[type[ZishenError]]:
    yield base
    for kind in base.__subclasses__():
        yield from _kinds(kind)


HELP = """[bold]Exit codes[/] say who has to act:

  0  nobody: passed, or done
  2  you: the command is wrong
  3  the applicant: supplement, 补件 (only review)
  4  a reviewer: manual, 转人工 (only review)
  5  the sender: a file cannot be read
  6  nobody yet: failed for now, try again
  7  the operator: wrongly set up
  8  not as expected (batch --expect)
  9  the auditors: tampered with (audit verify)
130  interrupted      1  a bug, with a traceback"""
