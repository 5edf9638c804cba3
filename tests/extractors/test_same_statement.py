"""The same statements as a workbook, a digital PDF and a scan are the same statements.

Nothing of a reading but its evidence may hang on what the paper came as.
"""

import functools
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from extractors.document import DocumentReader
from extractors.intake import sniff
from extractors.ocr.paddle import PaddleEngine
from sample_docs.make import capture, companies, pdf, sheets
from sample_docs.make.figures import Sketch, books
from sample_docs.make.layout import TITLES, Paper
from sample_docs.make.packages import CLOSING
from schemas.documents import SourceFile
from schemas.statements import Statement
from validators.proof import prove
from validators.repair import repair

MODELS = Path(__file__).parents[2] / ".models"
SKETCHES = {"general": companies.QINGHE_BOOKS, "small": companies.YUNLING_BOOKS}

engine = functools.cache(lambda: PaddleEngine(MODELS))
"""One for all tests: it takes a second to load."""

Draw = Callable[[Iterable[Paper], Path], None]


def papers(sketch: Sketch, kinds: Iterable[str] = TITLES) -> tuple[Paper, ...]:
    values = books(sketch)
    return tuple(
        Paper(
            kind=kind,
            form=sketch.form,
            entity="青禾示例机械有限公司",
            closing=CLOSING,
            values=values,
            signers=("张示例", "王示例", "赵示例"),
            compact=True,
            two_sided=False,
        )
        for kind in kinds
    )


def scanned(drawn: Iterable[Paper], target: Path) -> None:
    digital = target.with_suffix(".digital.pdf")
    pdf.statements(drawn, digital)
    capture.scanned_pdf(digital, target, seed=7)


def read(drawn: Iterable[Paper], draw: Draw, target: Path) -> list[Statement]:
    draw(drawn, target)
    data = target.read_bytes()
    source = SourceFile(name="x", sha256="0" * 64, media_type=sniff(data), size=len(data))
    reader = DocumentReader(engine, "paddle")
    found = prove(repair(reader.read(data, source))).documents
    return [document for document in found if isinstance(document, Statement)]


def said(statement: Statement) -> dict[str, object]:
    """Return what a statement says, without its evidence."""
    return {
        "kind": statement.kind,
        "scope": statement.scope,
        "form": statement.form,
        "entity": statement.entity.value,
        "scale": statement.scale,
        "columns": [(column.id, column.context, column.date) for column in statement.columns],
        "rows": [row.item for row in statement.rows],
        "amounts": amounts(statement),
    }


def amounts(statement: Statement) -> dict[tuple[str, str], Decimal]:
    return {
        (row.item or row.label, column): cell.value
        for row in statement.rows
        for column, cell in row.values.items()
        if cell.value is not None
    }


@pytest.mark.parametrize("form", SKETCHES)
def test_a_workbook_and_a_digital_pdf_are_the_same_statements(form: str, tmp_path: Path) -> None:
    drawn = papers(SKETCHES[form])

    book = read(drawn, sheets.statements, tmp_path / "statements.xlsx")
    digital = read(drawn, pdf.statements, tmp_path / "statements.pdf")

    assert len(book) == len(TITLES)
    assert [said(one) for one in book] == [said(one) for one in digital]


@pytest.mark.ocr
@pytest.mark.parametrize(
    ("form", "kind"), [("general", "income_statement"), ("small", "balance_sheet")]
)
def test_a_scan_is_the_same_statement(form: str, kind: str, tmp_path: Path) -> None:
    drawn = papers(SKETCHES[form], [kind])

    (digital,) = read(drawn, pdf.statements, tmp_path / "statements.pdf")
    (scan,) = read(drawn, scanned, tmp_path / "scan.pdf")

    assert said(scan) == said(digital)
    accepted = [cell.accepted for row in scan.rows for cell in row.values.values()]
    assert sum(accepted) >= 0.9 * len(accepted)
