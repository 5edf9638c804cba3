"""Statements and covers as digital PDF, with a text layer that can be extracted."""

import tempfile
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from sample_docs.make import fonts
from sample_docs.make.layout import Cell, Grid, Paper, grid

WIDTH, HEIGHT = A4
MARGIN = 36.0
LARGEST = 9.0
FOOTING = ("单位负责人：", "主管会计工作负责人：", "会计机构负责人：")


def statements(papers: Iterable[Paper], target: Path) -> None:
    """Print statements into one PDF, a page each."""
    papers = tuple(papers)
    grids = [grid(paper) for paper in papers]
    text = "".join(_characters(paper, table) for paper, table in zip(papers, grids, strict=True))
    with tempfile.TemporaryDirectory() as folder:
        serif = fonts.register(fonts.SERIF, text, Path(folder))
        canvas = Canvas(str(target), pagesize=A4, invariant=1, pageCompression=1)
        for paper, table in zip(papers, grids, strict=True):
            _page(canvas, serif, paper, table)
        canvas.save()


def audit_cover(lines: tuple[str, ...], target: Path) -> None:
    """Print the cover of an audit report: the title, then lines further down."""
    with tempfile.TemporaryDirectory() as folder:
        serif = fonts.register(fonts.SERIF, "".join(lines) + "审计报告 　", Path(folder))
        canvas = Canvas(str(target), pagesize=A4, invariant=1, pageCompression=1)
        canvas.setFont(serif, 34)
        canvas.drawCentredString(WIDTH / 2, HEIGHT - 210, "审 计 报 告")
        canvas.setFont(serif, 14)
        for number, line in enumerate(lines):
            canvas.drawCentredString(WIDTH / 2, HEIGHT - 300 - 34 * number, line)
        canvas.save()


def _characters(paper: Paper, table: Grid) -> str:
    cells = (cell for row in table.rows for cell in row if isinstance(cell, str))
    fixed = "编制单位：金额元币种人民0123456789,.-年月日 　表"
    heads = (paper.title, paper.entity, paper.period, paper.form_number, *paper.signers)
    return "".join((*cells, *heads, *table.titles, *FOOTING, fixed))


def _page(canvas: Canvas, font: str, paper: Paper, table: Grid) -> None:
    canvas.setFont(font, 17)
    canvas.drawCentredString(WIDTH / 2, HEIGHT - 52, "　".join(paper.title))
    canvas.setFont(font, 9)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 66, paper.form_number)
    line = HEIGHT - 80
    canvas.drawString(MARGIN, line, f"编制单位：{paper.entity}")
    canvas.drawCentredString(WIDTH / 2 + 60, line, paper.period)
    canvas.drawRightString(WIDTH - MARGIN, line, "单位：元")
    bottom = _table(canvas, font, table, line - 6)
    canvas.setFont(font, 9)
    for place, (role, name) in enumerate(zip(FOOTING, paper.signers, strict=True)):
        canvas.drawString(MARGIN + place * 185, bottom - 16, role + name)
    canvas.showPage()


def _widths(canvas: Canvas, font: str, table: Grid) -> list[float]:
    """Give amounts and numbers what they need, and the labels what is left."""
    halves = table.kinds.count("label")
    amounts = (cell for row in table.rows for cell in row if isinstance(cell, Decimal))
    longest = max(canvas.stringWidth(_printed(amount), font, LARGEST) for amount in amounts)
    amount = 92.0 if halves == 1 else max(longest, 6 * LARGEST) + 6
    fixed = {"amount": amount, "number": 20.0}
    taken = sum(fixed.get(kind, 0.0) for kind in table.kinds)
    label = (WIDTH - 2 * MARGIN - taken) / halves
    return [fixed.get(kind, label) for kind in table.kinds]


def _table(canvas: Canvas, font: str, table: Grid, top: float) -> float:
    """Draw ruled cells and their text; return where the table ends."""
    widths = _widths(canvas, font, table)
    height = min(17.0, (top - 60) / (len(table.rows) + 1))
    edges = [MARGIN + sum(widths[:n]) for n in range(len(widths) + 1)]
    bottom = top - height * (len(table.rows) + 1)
    canvas.setLineWidth(0.5)
    for edge in edges:
        canvas.line(edge, top, edge, bottom)
    for number in range(len(table.rows) + 2):
        canvas.line(edges[0], top - number * height, edges[-1], top - number * height)
    size = min(LARGEST, height * 0.66)
    for number, row in enumerate((table.titles, *table.rows)):
        baseline = top - (number + 1) * height + height * 0.3
        for column, cell in enumerate(row):
            kind = "title" if number == 0 else table.kinds[column]
            _cell(canvas, (font, size), cell, kind, (edges[column], edges[column + 1], baseline))
    return bottom


def _printed(cell: Cell) -> str:
    return f"{cell:,.2f}" if isinstance(cell, Decimal) else str(cell)


def _cell(
    canvas: Canvas,
    font: tuple[str, float],
    cell: Cell,
    kind: str,
    place: tuple[float, float, float],
) -> None:
    if cell is None:
        return
    left, right, baseline = place
    text = _printed(cell)
    name, size = font
    size = min(size, size * (right - left - 5) / canvas.stringWidth(text, name, size))
    canvas.setFont(name, size)
    if kind in {"title", "number"}:
        canvas.drawCentredString((left + right) / 2, baseline, text)
    elif kind == "amount":
        canvas.drawRightString(right - 2.5, baseline, text)
    else:
        canvas.drawString(left + 2.5, baseline, text)
