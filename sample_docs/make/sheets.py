"""Statements as a workbook, one sheet each, with numbers as numbers."""

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from sample_docs.make.layout import Grid, Paper, grid

WIDTHS = {"label": 40, "number": 6, "amount": 18}
EDGE = Side(style="thin")
BOX = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
EPOCH = (2026, 10, 15, 9, 30, 0)


def statements(papers: Iterable[Paper], target: Path) -> None:
    """Write statements into one workbook, the same bytes on every run."""
    book = Workbook()
    book.remove(book.active)
    for paper in papers:
        _sheet(book.create_sheet(paper.title), paper, grid(paper))
    book.properties.created = datetime(*EPOCH)  # noqa: DTZ001  openpyxl wants it naive
    held = io.BytesIO()
    book.save(held)
    target.write_bytes(_timeless(held))


def _sheet(sheet: Worksheet, paper: Paper, table: Grid) -> None:
    last = len(table.kinds)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=last)
    sheet["A1"] = paper.title
    sheet["A1"].font = Font(name="宋体", size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.cell(2, last, paper.form_number).alignment = Alignment(horizontal="right")
    sheet["A3"] = f"编制单位：{paper.entity}"
    sheet.cell(3, last // 2 + 1, paper.period)
    sheet.cell(3, last, "单位：元").alignment = Alignment(horizontal="right")
    for number, row in enumerate((table.titles, *table.rows), start=4):
        for column, (value, kind) in enumerate(zip(row, table.kinds, strict=True), start=1):
            cell = sheet.cell(number, column, value)
            cell.border = BOX
            if number == 4 or kind == "number":
                cell.alignment = Alignment(horizontal="center")
            elif kind == "amount":
                cell.number_format = "#,##0.00"
    foot = len(table.rows) + 6
    roles = ("单位负责人：", "财务负责人：", "制表人：")
    for place, (role, name) in enumerate(zip(roles, paper.signers, strict=True)):
        sheet.cell(foot, 1 + place * max(1, last // 3), role + name)
    for column, kind in enumerate(table.kinds, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS[kind]


def _timeless(written: io.BytesIO) -> bytes:
    """Replace the times that openpyxl and zip put into the file."""
    held = io.BytesIO()
    stamp = "{}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*EPOCH).encode()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(held, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, content)
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return held.getvalue()
