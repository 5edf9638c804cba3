"""The workbook for a credit officer.

For each package a summary, the licence, the spreads, the ratios and the findings.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment

from pipeline.export.cells import Pen, doubt, shade
from pipeline.export.ratios import write_ratios
from pipeline.export.spreads import write_spreads
from pipeline.export.words import OUTCOMES, SEVERITIES, word
from schemas.fields import Field, FieldState
from schemas.findings import Finding
from schemas.messages import message, remedy
from schemas.records import Record
from validators.papers import licences
from validators.spreads import spread

_LONGEST_TITLE: Final = 31


def write_workbook(records: Sequence[Record], target: Path) -> None:
    """Write the workbook of some records; several get a table of contents and numbered sheets."""
    book = Workbook()
    book.remove(book.active)
    contents = Pen(book.create_sheet("总览")) if len(records) != 1 else None
    for number, record in enumerate(records, start=1):
        group = _Group(book, f"{number}." if contents else "")
        first = group.write(record)
        if contents:
            _list(contents, number + 1, record, first.title)
    if contents:
        contents.head(1, ["申请", "编号", "产品", "申请日", "结论"])
        contents.widths(32, 36, 20, 14, 14)
        contents.sheet.freeze_panes = "A2"
    with target.open("wb") as file:
        book.save(file)


def _list(pen: Pen, row: int, record: Record, sheet: str) -> None:
    package = record.dossier.package
    cell = pen.text(row, 1, package.name or package.id)
    cell.hyperlink = f"#'{sheet}'!A1"
    pen.text(row, 2, package.id)
    pen.text(row, 3, package.product)
    pen.day(row, 4, package.applied_on)
    pen.text(row, 5, OUTCOMES[record.decision.outcome])


class _Group:
    """The sheets of one package."""

    def __init__(self, book: Any, prefix: str) -> None:
        """Take the workbook and what the titles begin with."""
        self._book, self._prefix = book, prefix

    def write(self, record: Record) -> Any:
        """Write the sheets of a record and return the first."""
        first = self.sheet("摘要")
        _summary(Pen(first), record)
        if record.dossier.licences:
            _licences(Pen(self.sheet("营业执照")), record)
        accounts = [(one, write_spreads(one, self.sheet)) for one in spread(record.dossier)]
        if accounts:
            write_ratios(self.sheet("财务比率"), accounts)
        _findings(Pen(self.sheet("检查结果")), record)
        return first

    def sheet(self, title: str) -> Any:
        """Add a sheet, with a number where the title is taken."""
        title = f"{self._prefix}{title}"
        number = 1
        name = title[:_LONGEST_TITLE]
        while name in self._book.sheetnames:
            number += 1
            name = f"{title[: _LONGEST_TITLE - 4]} {number}"
        return self._book.create_sheet(name)


def _summary(pen: Pen, record: Record) -> None:
    for row, (label, value) in enumerate(_facts(record), start=1):
        pen.text(row, 1, label, bold=True)
        pen.text(row, 2, value).alignment = Alignment(wrap_text=True, vertical="top")
    pen.widths(18, 90)
    pen.sheet.freeze_panes = "B1"


def _facts(record: Record) -> Iterator[tuple[str, str]]:
    package, made_by = record.dossier.package, record.made_by
    cells = [
        cell for one in record.dossier.statements for row in one.rows for cell in _cells(row.values)
    ]
    accepted = sum(1 for cell in cells if cell.accepted)
    yield "申请", package.name
    yield "编号", package.id
    yield "产品", package.product
    yield "申请日", package.applied_on.isoformat()
    yield "结论", OUTCOMES[record.decision.outcome]
    yield "依据", "、".join(record.decision.reasons)
    yield "金额", f"{len(cells)} 个，采信 {accepted} 个"
    for file in package.files:
        yield "文件", f"{file.name}　sha256 {file.sha256}"
    for refused in package.refused:
        yield "无法使用", f"{refused.name}　{refused.code}"
    yield "记录", f"#{record.revision}　{record.made_at.isoformat(timespec='seconds')}"
    yield "程序", f"{made_by.code}　规则 {made_by.rulebook}　政策 {made_by.policy}"
    yield "模型", f"{'、'.join(made_by.models)}　设备 {made_by.device}"


def _cells(values: dict[str, Field[Any]]) -> list[Field[Any]]:
    return [cell for cell in values.values() if cell.state is not FieldState.ABSENT]


def _licences(pen: Pen, record: Record) -> None:
    files = {reading.source.sha256: reading.source.name for reading in record.dossier.readings}
    row = 1
    pen.head(row, ["字段", "值", "原文", "采信", "页", "文件"])
    for subject, licence in licences(record.dossier):
        for name in licence.field_names():
            field: Field[Any] = getattr(licence, name)
            if field.state is FieldState.ABSENT:
                continue
            row += 1
            pen.text(row, 1, field.label or word(name))
            value = pen.value(row, 2, field.value)
            value.alignment = Alignment(wrap_text=True, horizontal="left", vertical="top")
            pen.text(row, 3, field.raw)
            pen.text(row, 4, "是" if field.accepted else "否")
            if field.provenance:
                pen.number(row, 5, field.provenance.page, "0")
            pen.text(row, 6, files.get(subject))
            if not field.accepted:
                shade(value, doubt([field]), doubtful=True)
        row += 1
    pen.widths(24, 60, 40, 8, 6, 30)
    pen.sheet.freeze_panes = "B2"


def _findings(pen: Pen, record: Record) -> None:
    pen.head(1, ["级别", "代码", "问题", "处理", "Finding", "Remedy", "页", "文件"])
    files = {file.sha256: file.name for file in record.dossier.package.files}
    for row, finding in enumerate(record.findings, start=2):
        pen.text(row, 1, SEVERITIES[finding.severity])
        pen.text(row, 2, finding.code)
        said = [say(finding, lang) for lang in ("zh", "en") for say in (message, remedy)]
        for column, text in enumerate(said, start=3):
            cell = pen.text(row, column, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        pen.text(row, 7, _pages(finding))
        pen.text(row, 8, files.get(finding.subject or ""))
    pen.widths(10, 32, 50, 40, 50, 40, 10, 30)
    pen.sheet.freeze_panes = "C2"


def _pages(finding: Finding) -> str:
    pages = sorted({place.page for place in finding.evidence})
    return "、".join(map(str, pages))
