"""What formulas come to, and what is said where a workbook says otherwise."""

import io
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from extractors.document import DocumentReader
from extractors.formulas import Calculator, formulas_of
from extractors.intake import Limits
from extractors.sheets import read
from schemas.documents import MediaType, SourceFile
from schemas.records import Reading
from schemas.statements import Statement

GRID = {(0, 0): "1.10", (1, 0): "2.20", (2, 0): "合计", (0, 1): "5"}


def worth(formula: str) -> Decimal | None:
    return Calculator({"表": GRID, "其他 表": {(0, 0): "7"}}, {}).worth("表", formula)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=A1+A2", "3.30"),
        ("=SUM(A1:A3)-B1", "-1.70"),
        ("=SUM(A1,$B$1, 3)", "9.10"),
        ("=-(A1-A2)", "1.10"),
        ("=+ROUND(A1+0.004,2)", "1.10"),
        ("='其他 表'!A1+表!B1", "12"),
        ("=C9", "0"),
    ],
)
def test_sums_are_worked_out_exactly(formula: str, value: str) -> None:
    assert worth(formula) == Decimal(value)


@pytest.mark.parametrize(
    "formula",
    ["=A1*2", "=IF(A1>0,A1,0)", "=VLOOKUP(A1,B:B,1)", "=A1:A2", "=SUM(A1", "=", "=ROUND(A1)", "=)"],
)
def test_what_is_more_than_a_sum_is_left_alone(formula: str) -> None:
    assert worth(formula) is None


def test_formulas_that_go_round_in_a_circle_come_to_nothing() -> None:
    formulas = {"表": {(0, 0): "=A2", (1, 0): "=A1"}}

    assert not list(Calculator({"表": {}}, formulas).faults())


def balance(*, kept: dict[str, float] | None = None) -> bytes:
    """Return a workbook of a balance sheet whose total is a formula, with results or without."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "资产负债表"
    for row in (
        ["资产负债表"],
        ["编制单位：示例有限公司", None, "单位：元"],
        ["项目", "期末余额", "年初余额"],
        ["流动资产："],
        ["货币资金", 1234.5, 1000],
        ["存货", 3000.0, 2000.25],
        ["流动资产合计", "=SUM(B5:B6)", "=C5+C6"],
    ):
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return with_results(held.getvalue(), kept) if kept else held.getvalue()


def with_results(data: bytes, kept: dict[str, float]) -> bytes:
    """Put results behind formulas, as Excel keeps them."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(held, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name.startswith("xl/worksheets/"):
                for cell, value in kept.items():
                    pattern = rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v\s*/?>(?:</v>)?'.encode()
                    text = re.sub(pattern, rb"\1<v>%s</v>" % str(value).encode(), text)
            target.writestr(name, text)
    return held.getvalue()


def reading(data: bytes) -> Reading:
    source = SourceFile(name="x", sha256="0" * 64, media_type=MediaType.XLSX, size=len(data))
    return DocumentReader(engine=pytest.fail, engine_name="none").read(data, source)


def total(found: Reading) -> dict[str, Decimal | None]:
    (statement,) = found.documents
    assert isinstance(statement, Statement)
    row = next(row for row in statement.rows if row.item == "total_current_assets")
    return {column: cell.value for column, cell in row.values.items()}


RIGHT = {"B7": 4234.5, "C7": 3000.25}


def test_a_formula_with_its_result_is_as_good_as_a_number() -> None:
    found = reading(balance(kept=RIGHT))

    assert total(found) == {"end": Decimal("4234.5"), "begin": Decimal("3000.25")}
    assert not found.findings


def test_a_formula_that_was_never_worked_out_is_and_that_is_said() -> None:
    found = reading(balance())

    assert total(found) == {"end": Decimal("4234.5"), "begin": Decimal("3000.25")}
    assert [(one.code, one.params["count"]) for one in found.findings] == [
        ("reading.formulas_computed", "2")
    ]


def test_a_result_that_was_written_over_stays_and_is_told() -> None:
    found = reading(balance(kept=RIGHT | {"B7": 9234.5}))

    assert total(found)["end"] == Decimal("9234.5")
    (told,) = found.findings
    assert told.code == "reading.formula_differs"
    assert (told.params["cell"], told.params["computed"]) == ("资产负债表!B7", "4234.5")


def test_a_file_without_formulas_is_not_opened_again() -> None:
    assert formulas_of(b"no archive") == {}
    assert read(balance(kept=RIGHT), MediaType.XLSX, "sha", Limits()).faults == ()
