"""`zishen batch`: many packages, each on its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from pipeline import dispatch, wiring
from pipeline.cli import show
from pipeline.cli.exits import ExitCode, of_code
from pipeline.cli.expected import Expected
from pipeline.cli.options import AppliedOn, Lang, Product
from pipeline.cli.progress import Bar, bar
from pipeline.cli.session import Session, begin, explain
from pipeline.cli.words import say
from pipeline.dispatch import DocumentRead, Listener, Reviewed, Step
from pipeline.policies import policies
from pipeline.stages.intake import MANIFEST, take_in
from schemas.documents import Package
from schemas.errors import ZishenError
from schemas.messages import Language
from schemas.records import Record

_log = structlog.get_logger()

_LONGEST_CODE = 33

Folder = Annotated[
    Path,
    typer.Argument(
        exists=True,
        file_okay=False,
        metavar="DIR",
        help="Each subfolder and each zip in it is a package. Where some subfolders have a "
        "package.json, those without one are passed over.",
    ),
]
Expect = Annotated[
    bool,
    typer.Option(
        "--expect",
        help="Compare each outcome with the expected.json beside the papers; say what differs.",
    ),
]
Branch = Annotated[
    str,
    typer.Option(
        "--branch",
        help="The branch (机构) whose people find the packages on the review page, "
        "in production; else those of no branch.",
    ),
]
Brief = Annotated[bool, typer.Option("--brief", help="Only the summary, not each package.")]


@dataclass(frozen=True)
class Taken:
    """A package where it lies, and what it is, or the code of the error that kept it out."""

    path: Path
    package: Package | None = None
    error: str | None = None


@dataclass(frozen=True)
class Line:
    """A package in the summary; `differences` is None where nothing was to be compared."""

    name: str
    result: Reviewed
    record: Record | None
    differences: tuple[str, ...] | None


def batch(  # noqa: PLR0913, PLR0917  each is an option
    folder: Folder,
    product: Product = None,
    applied_on: AppliedOn = None,
    expect: Expect = False,
    brief: Brief = False,
    branch: Branch = "",
    lang: Lang = None,
) -> None:
    """Review every package in a folder (批量初审) and show a summary.

    A package that fails stops no other. In production each is a case of the review page
    afterwards, where people clear what is in doubt.

    The exit code is 0 when all were reviewed, whatever the outcomes;
    with --expect, only when each came to what was expected.
    """
    session = begin(lang)
    with dispatch.opened(session.settings) as runs, bar(session) as shown:
        shown.says(say("taking in the papers", session.lang))
        taken = [_take(path, product, applied_on) for path in _packages(folder, session)]
        results = runs.review_all(_ids(taken), _follow(taken, shown, session), branch=branch)
    lines = [_line(one, results, session.lang, expect=expect) for one in taken]
    if not brief:
        for line in lines:
            _show(line, session)
    session.out.print(_summary(lines, session.lang))
    raise typer.Exit(_exit_code(lines))


def _packages(folder: Path, session: Session) -> Iterator[Path]:
    entries = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    folders = [path for path in entries if path.is_dir()]
    if any((path / MANIFEST).is_file() for path in folders):
        for path in folders:
            if not (path / MANIFEST).is_file():
                text = "{name} skipped: no package.json, as there is beside it"
                session.note(say(text, session.lang, name=path.name))
        folders = [path for path in folders if (path / MANIFEST).is_file()]
    yield from sorted([*folders, *(p for p in entries if p.suffix.lower() == ".zip")])


def _take(path: Path, product: str | None, applied_on: date | None) -> Taken:
    try:
        services = wiring.services()
        return Taken(path, take_in([path], services, product=product, applied_on=applied_on))
    except ZishenError as error:
        _log.exception("package.not_taken_in", code=error.code)
        return Taken(path, error=error.code)


def _ids(taken: Sequence[Taken]) -> list[str]:
    """Return every package once: two folders with the same papers are the same package."""
    return list(dict.fromkeys(one.package.id for one in taken if one.package))


def _follow(taken: Sequence[Taken], shown: Bar, session: Session) -> Listener:
    """Count documents on the bar; where there is no bar, say each package when it is done."""
    packages = {one.package.id: one.package for one in taken if one.package}
    count = sum(len(package.files) for package in packages.values())
    shown.says(say("reading", session.lang), total=count)

    def listener(step: Step) -> None:
        if isinstance(step, DocumentRead):
            shown.step()
        elif not session.err.is_terminal:
            said = step.outcome.value if step.outcome else step.error
            session.note(f"{packages[step.package_id].name}: {said} ({step.seconds:.1f} s)")

    return listener


def _line(one: Taken, results: Sequence[Reviewed], lang: Language, *, expect: bool) -> Line:
    if one.package is None:
        return Line(one.path.name, Reviewed(package_id="", error=one.error), None, None)
    result = next(result for result in results if result.package_id == one.package.id)
    repository = wiring.services().repository
    record = repository.record(result.package_id, result.revision) if result.revision else None
    differences = _compared(one.path, record, lang) if expect else None
    return Line(one.package.name, result, record, differences)


def _compared(path: Path, record: Record | None, lang: Language) -> tuple[str, ...]:
    expected = Expected.beside(path)
    if expected is None:
        return (say("no expected.json", lang),)
    return () if record is None else tuple(expected.differences(record, lang))


def _show(line: Line, session: Session) -> None:
    if line.record is not None:
        table = policies(session.settings)
        session.out.print(show.card(line.record, session.lang, line.result.seconds, table), "")


def _summary(lines: Sequence[Line], lang: Language) -> Table:
    table = Table(
        title=say("{count} packages", lang, count=len(lines)),
        title_justify="left",
        box=SIMPLE_HEAD,
        show_lines=True,
    )
    table.add_column(say("package", lang), overflow="fold")
    table.add_column(say("outcome", lang), overflow="fold")
    table.add_column(say("reasons", lang), overflow="fold", min_width=_LONGEST_CODE)
    table.add_column(say("time", lang), justify="right", no_wrap=True)
    for line in lines:
        reasons, seconds = _reasons(line, lang), f"{line.result.seconds:.1f} s"
        table.add_row(escape(line.name), _outcome(line, lang), reasons, seconds)
    return table


def _outcome(line: Line, lang: Language) -> Text:
    """Return the outcome and whether it is the expected one."""
    if line.record is None:
        said = Text(f"✘ {say('FAILED', lang)}", style="failed")
    else:
        said = show.verdict(line.record.decision.outcome, lang)
    if line.differences is not None:
        for told in line.differences:
            said.append(f"\n✘ {told}", style="failed")
        if not line.differences and line.record is not None:
            said.append(f"\n  {say('as expected', lang)}", style="green")
    return said


def _reasons(line: Line, lang: Language) -> Text:
    if line.record is not None:
        return Text("\n".join(line.record.decision.reasons))
    code = line.result.error or ZishenError.code
    return Text("\n".join(part for part in (code, *explain(code, lang)) if part))


def _exit_code(lines: Sequence[Line]) -> ExitCode:
    for line in lines:
        if line.result.error is not None:
            return of_code(line.result.error)
    different = any(line.differences for line in lines)
    return ExitCode.DIFFERENT if different else ExitCode.OK
