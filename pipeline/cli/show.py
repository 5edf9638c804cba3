"""A record in the terminal: what an underwriter wants to know of a package, on one screen."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, TypeVar

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pipeline.cli.words import page, say, word
from pipeline.policies import product_name
from schemas.decisions import Outcome
from schemas.documents import DocumentKind
from schemas.fields import Field, FieldState
from schemas.findings import Finding, Severity
from schemas.licence import BusinessLicence, Term
from schemas.messages import Language, message
from schemas.policy import PolicyTable
from schemas.records import Extracted, Reading, Record
from schemas.statements import Column, Row, Statement
from validators.applicant import applicant_list
from validators.policy import built_in

T = TypeVar("T")

_MARKS: Final = {Outcome.PASS: "✔", Outcome.SUPPLEMENT: "✎", Outcome.MANUAL: "☛"}
_COLOURS: Final = {
    Severity.ERROR: "manual",
    Severity.RETURN: "supplement",
    Severity.WARN: "yellow",
    Severity.INFO: "quiet",
}
_TOTALS: Final[dict[DocumentKind, tuple[str, ...]]] = {
    DocumentKind.BALANCE_SHEET: ("total_assets", "total_liabilities", "total_equity"),
    DocumentKind.INCOME_STATEMENT: ("operating_revenue", "profit_before_tax", "net_profit"),
    DocumentKind.CASH_FLOW_STATEMENT: (
        "net_cash_from_operating",
        "net_increase_in_cash",
        "cash_equivalents_end",
    ),
}
_LONGEST: Final = 60
"""Characters of a value that are shown: a scope of business can fill a screen."""
_PERIODS: Final = 2


def card(
    record: Record,
    lang: Language,
    seconds: float | None = None,
    table: PolicyTable | None = None,
) -> RenderableType:
    """Return everything worth seeing of a record; `table` is the policy of the installation."""
    product = product_name(record.dossier.package.product, table or built_in(), lang)
    parts: list[RenderableType] = [headline(record, lang, product, seconds)]
    parts += _section(say("Documents", lang), _documents(record, lang))
    for licence in record.dossier.licences:
        parts += _section(word(licence.kind, lang), _licence(licence, lang))
    if record.dossier.statements:
        parts += _section(say("Key figures", lang), *_figures(record.dossier.statements, lang))
    parts += _section(say("Findings", lang), _findings(record, lang))
    owed = applicant_list(record.findings, lang)
    if owed:
        parts += _section(say("For the applicant", lang), _numbered(owed))
    return Group(*parts)


def headline(record: Record, lang: Language, product: str, seconds: float | None = None) -> Panel:
    """Return the outcome, large, with what it is about."""
    outcome, package = record.decision.outcome, record.dossier.package
    facts = [
        product,
        say("applied on {day}", lang, day=package.applied_on),
        say("{count} files", lang, count=len(package.files) + len(package.refused)),
        say("record {number}", lang, number=record.revision),
    ]
    if seconds is not None:
        facts.append(f"{seconds:.1f} s")
    return Panel(
        Group(verdict(outcome, lang, large=True), Text(" · ".join(facts), style="quiet")),
        title=f"[bold]{escape(package.name)}[/]",
        title_align="left",
        border_style=outcome.value,
        padding=(0, 2),
    )


def verdict(outcome: Outcome, lang: Language, *, large: bool = False) -> Text:
    """Return the outcome in its colour."""
    said = say(outcome.name, lang)
    if not large:
        return Text(f"{_MARKS[outcome]} {said}", style=outcome.value)
    return Text(f" {_MARKS[outcome]}  {said} ", style=f"{outcome.value} reverse")


def _section(title: str, *content: RenderableType) -> list[RenderableType]:
    return [Text(f"\n{title}", style="head"), *(Padding(part, (0, 0, 0, 2)) for part in content)]


def _documents(record: Record, lang: Language) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="quiet")
    for name in ("file", "document", "pages", "what was read"):
        table.add_column(say(name, lang), overflow="fold")
    for reading in record.dossier.readings:
        for number, found in enumerate(reading.documents):
            name = escape(reading.source.name) if number == 0 else ""
            table.add_row(
                name, word(found.kind, lang), _range(found.pages, lang), read_of(found, lang)
            )
        if not reading.documents:
            table.add_row(escape(reading.source.name), say("unknown", lang))
    for file in record.dossier.package.refused:
        table.add_row(escape(file.name), f"[failed]✘ {file.code}[/]")
    return table


def read_of(found: Extracted, lang: Language) -> str:
    """Return how much of a document was read, and how much of that is accepted."""
    if isinstance(found, BusinessLicence):
        fields = [field for _, field in _fields(found)]
        return say(
            "{accepted} of {count} fields accepted",
            lang,
            count=len(fields),
            accepted=sum(field.accepted for field in fields),
        )
    if isinstance(found, Statement):
        amounts = [amount for row in found.rows for amount in row.values.values()]
        return say(
            "{accepted} of {count} amounts accepted",
            lang,
            count=len(amounts),
            accepted=sum(amount.accepted for amount in amounts),
        )
    return ""


def _fields(licence: BusinessLicence) -> Iterator[tuple[str, Field[object]]]:
    for name in licence.field_names():
        field: Field[object] = getattr(licence, name)
        if field.state is not FieldState.ABSENT:
            yield name, field


def _licence(licence: BusinessLicence, lang: Language) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="quiet")
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="quiet")
    for name, field in _fields(licence):
        label = field.label if lang == "zh" and field.label else word(name, lang)
        where = "" if field.provenance is None else page(field.provenance.page, lang)
        table.add_row(label, _said(field, lang), _mark(field), where)
    return table


def _said(field: Field[T], lang: Language) -> Text:
    if field.state is not FieldState.PRESENT:
        return Text(say(field.state.value, lang), style="quiet")
    text = field.raw or "" if field.value is None else _plain(field.value)
    return Text(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


def _plain(value: object) -> str:
    match value:
        case Decimal():
            return f"{value:,f}"
        case Term():
            return str(value.model_dump()).replace("/", " → ")
        case _:
            return str(value)


def _mark(field: Field[T]) -> Text:
    """Return ✔, ? or ~ and the confidence, where there is one."""
    sure = "" if field.confidence is None else f" {field.confidence:.2f}"
    if field.state in {FieldState.BLANK, FieldState.ABSENT}:
        return Text()
    if field.accepted:
        return Text(f"✔{'~' if field.repaired else ''}{sure}", style="green")
    return Text(f"{'~' if field.repaired else '?'}{sure}", style="yellow")


def _figures(statements: Sequence[Statement], lang: Language) -> Iterator[RenderableType]:
    for statement in statements:
        columns = statement.columns[:_PERIODS]
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="quiet")
        title = f"{word(statement.kind, lang)} · {word(statement.scope, lang)}"
        table.add_column(title, min_width=26, overflow="fold")
        for column in columns:
            table.add_column(_period(column, lang), justify="right", no_wrap=True)
            table.add_column("", no_wrap=True)
        for row in _totals(statement):
            label = row.label if lang == "zh" else (row.item or "").replace("_", " ")
            table.add_row(label, *(part for c in columns for part in _amount(row, c, lang)))
        yield table
    yield Text(say("legend", lang), style="quiet")


def _period(column: Column, lang: Language) -> str:
    name = column.label if column.context is None else word(column.context, lang)
    return name if column.date is None else f"{name}\n{column.date}"


def _totals(statement: Statement) -> Iterator[Row]:
    for item in _TOTALS[statement.kind]:
        yield from [row for row in statement.rows if row.item == item][:1]


def _amount(row: Row, column: Column, lang: Language) -> tuple[Text, Text]:
    field = row.values.get(column.id)
    if field is None:
        return Text(), Text()
    return _said(field, lang), _mark(field)


def _findings(record: Record, lang: Language) -> RenderableType:
    if not record.findings:
        return Text(f"✔ {say('nothing to object', lang)}", style="green")
    names = {reading.source.sha256: reading.source.name for reading in record.dossier.readings}
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    order = list(_COLOURS)
    for finding in sorted(record.findings, key=lambda finding: order.index(finding.severity)):
        text = Text(message(finding, lang))
        text.append(f"\n{finding.code}{_places(finding, names, lang)}", style="quiet")
        severity = say(finding.severity.value, lang)
        table.add_row(Text(f"● {severity}", style=_COLOURS[finding.severity]), text)
    return table


def _numbered(texts: Sequence[str]) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True, justify="right")
    table.add_column(overflow="fold")
    for number, text in enumerate(texts, start=1):
        table.add_row(f"{number}.", Text(text))
    return table


def _places(finding: Finding, names: dict[str, str], lang: Language) -> str:
    """Return where to look, each page once."""
    places = [
        f"{names.get(place.document, '')} {page(place.page, lang)}" for place in finding.evidence
    ]
    if not places and finding.subject in names:
        places = [names[finding.subject or ""]]
    return "".join(f" · {place.strip()}" for place in dict.fromkeys(places))


def _range(pages: Sequence[int], lang: Language) -> str:
    return page(pages[0] if len(pages) == 1 else f"{pages[0]}-{pages[-1]}", lang)


def reading_line(reading: Reading, lang: Language) -> str:
    """Return a reading in one line: what was found in how many pages."""
    kinds = [
        f"{word(found.kind, lang)} {read_of(found, lang)}".strip()
        for found in reading.documents
        if found.kind is not DocumentKind.UNKNOWN
    ]
    told = "; ".join(kinds) or say("nothing known", lang)
    return f"{say('{count} pages', lang, count=reading.pages)}: {told}"
