import csv
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from pipeline.export import FORMATS, Format, export
from pipeline.export.rows import COLUMNS
from pipeline.export.text import harmless
from schemas.decisions import Decision, Outcome
from schemas.documents import RefusedFile
from schemas.errors import StorageError
from schemas.expressions import Name, Number, Operation, parse
from schemas.findings import Finding, Severity
from schemas.records import Dossier, MadeBy, Record
from schemas.statements import Context
from tests.builders import (
    BALANCE,
    CASH,
    INCOME,
    amended,
    dossier,
    doubted,
    field,
    licence,
    package,
    provenance,
    reading,
    set_to,
    sha256,
    unreadable_cell,
)
from tests.validators.accounts import CLOSING, KINDS, OPENING, but, year
from validators.ratios import compute

END, BEGIN = Context.END, Context.BEGIN
SHEET = "合并资产负债表"


def record(papers: Dossier, **changes: Any) -> Record:
    fields: dict[str, Any] = {
        "package_id": papers.package.id,
        "revision": 1,
        "dossier": papers,
        "findings": (),
        "decision": Decision(outcome=Outcome.PASS),
        "made_by": MadeBy(code="zishen/0", rulebook="r", policy="p", models=("m",), device="cpu"),
        "made_at": datetime(2026, 10, 15, tzinfo=UTC),
    }
    return Record(**(fields | changes))


def whole(**changes: Any) -> Dossier:
    return dossier(licence(), *(year(kind, **changes) for kind in KINDS))


@pytest.fixture
def written(tmp_path: Path) -> Any:
    def write(*records: Record, form: Format = "xlsx") -> Any:
        target = tmp_path / f"out.{form}"
        export(records, target, form)
        assert [path.name for path in tmp_path.iterdir()] == [target.name]
        return load_workbook(target) if form == "xlsx" else target

    return write


def row_of(sheet: Any, item: str) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 2).value == item)


def at(sheet: Any, item: str, column: int = 3) -> Any:
    return sheet.cell(row_of(sheet, item), column)


class Calculator:
    """Works out the formulas of a workbook as a spreadsheet would."""

    def __init__(self, book: Workbook) -> None:
        self.book = book

    def value(self, sheet: str, address: str) -> Decimal:
        stored = self.book[sheet][address].value
        if isinstance(stored, str) and stored.startswith("="):
            return self.formula(stored[1:], sheet)
        return Decimal(str(stored))

    def formula(self, text: str, sheet: str) -> Decimal:
        text = re.sub(r"SUM\(([A-Z]+)(\d+):[A-Z]+(\d+)\)", self._range, text)
        values: dict[str, Decimal] = {}

        def named(match: re.Match[str]) -> str:
            name = f"n{len(values)}"
            values[name] = self.value(match[1] or sheet, match[2])
            return name

        text = re.sub(r"(?:'([^']+)'!)?\b([A-Z]+\d+)\b", named, text)
        return _worth(parse(text.replace("MAX", "max").replace("ABS", "abs")), values)

    @staticmethod
    def _range(match: re.Match[str]) -> str:
        letter, first, last = match[1], int(match[2]), int(match[3])
        return "(" + "+".join(f"{letter}{row}" for row in range(first, last + 1)) + ")"


def _worth(formula: Any, values: dict[str, Decimal]) -> Decimal:
    match formula:
        case Number(value=value):
            return value
        case Name(id=name):
            return values[name]
        case Operation(operator=operator, operands=operands):
            found = [_worth(operand, values) for operand in operands]
            if len(found) == 1:
                return abs(found[0]) if operator == "abs" else -found[0]
            one, other = found
            known = {"+": one + other, "-": one - other, "*": one * other, "max": max(found)}
            return known[operator] if operator in known else one / other
    raise AssertionError(formula)


def test_a_package_is_a_group_of_sheets(written: Any) -> None:
    book = written(record(whole()))

    assert book.sheetnames == [
        "摘要",
        "营业执照",
        "合并资产负债表",
        "合并利润表",
        "合并现金流量表",
        "财务比率",
        "检查结果",
    ]
    assert book[SHEET].freeze_panes == "C5"
    assert book["摘要"]["B5"].value == "通过初审"


def test_several_packages_have_a_table_of_contents(written: Any) -> None:
    book = written(record(whole()), record(dossier()))

    assert book.sheetnames[0] == "总览"
    assert "2.摘要" in book.sheetnames
    assert "2.财务比率" not in book.sheetnames
    assert book["总览"]["A2"].hyperlink.location or book["总览"]["A2"].hyperlink.target
    assert book["总览"]["D2"].value.date() == date(2026, 10, 15)


def test_two_entities_of_one_scope_have_sheets_of_their_own(written: Any) -> None:
    guarantor = year(BALANCE, entity=field("示例市远山控股有限公司"))
    book = written(record(dossier(year(BALANCE), guarantor)))

    assert [name for name in book.sheetnames if name.startswith(SHEET)] == [SHEET, f"{SHEET} 2"]
    assert "远山" in book[f"{SHEET} 2"]["A2"].value


def test_no_package_at_all_is_an_empty_table_of_contents(written: Any) -> None:
    assert written().sheetnames == ["总览"]


def test_amounts_are_numbers_and_totals_are_formulas_that_give_what_is_printed(
    written: Any,
) -> None:
    book = written(record(whole()))
    sheet, calculator = book[SHEET], Calculator(book)

    assert at(sheet, "inventories").value == 12400
    assert at(sheet, "inventories").number_format.startswith("#,##0.00")
    assert at(sheet, "total_current_assets").value == "=SUM(C5:C14)"
    for kind in (SHEET, "合并利润表", "合并现金流量表"):
        cells = [cell for row in book[kind].iter_rows(min_row=5, min_col=3) for cell in row]
        totals = [cell for cell in cells if cell.data_type == "f"]
        assert totals
        for cell in totals:
            printed = _printed(kind, book[kind].cell(cell.row, 2).value, cell.column)
            assert calculator.value(kind, cell.coordinate) == printed


def _printed(sheet: str, item: str, column: int) -> Decimal:
    kind = {SHEET: BALANCE, "合并利润表": INCOME}.get(sheet, CASH)
    context = tuple(column_.context for column_ in year(kind).columns)[column - 3]
    found = year(kind).amount(item, context)  # type: ignore[arg-type]
    assert found is not None
    assert found.value is not None
    return found.value


def test_ratios_are_formulas_over_the_sheets_that_give_the_ratios(written: Any) -> None:
    papers = whole()
    book = written(record(papers))
    sheet, calculator = book["财务比率"], Calculator(book)
    columns = {CLOSING: 3, OPENING: 4}

    traced = 0
    for ratio in compute(papers):
        cell = at(sheet, ratio.id, columns[ratio.period or CLOSING])
        if ratio.value is None:
            assert isinstance(cell.value, str)
            continue
        traced += cell.data_type == "f"
        value = calculator.value("财务比率", cell.coordinate)
        assert value.quantize(Decimal("0.000001")) == ratio.value.quantize(Decimal("0.000001"))
    assert traced == sum(ratio.value is not None for ratio in compute(papers))


def test_an_interim_period_is_annualised_in_the_formula_too(written: Any) -> None:
    days = (date(2024, 9, 30), date(2023, 9, 30))
    papers = dossier(
        year(BALANCE, days=(days[0], OPENING)), year(INCOME, days=days), year(CASH, days=days)
    )
    book = written(record(papers))
    ratio = next(ratio for ratio in compute(papers) if ratio.id == "receivable_days")
    cell = at(book["财务比率"], "receivable_days")

    assert "*12/9" in cell.value
    value = Calculator(book).value("财务比率", cell.coordinate)
    assert value.quantize(Decimal("0.000001")) == ratio.value
    assert "年化" in cell.comment.text


def test_what_is_not_accepted_is_shaded_and_says_page_and_reason(written: Any) -> None:
    sheet = amended(year(BALANCE), "goodwill", END, doubted)
    sheet = amended(sheet, "inventories", END, unreadable_cell)
    book = written(record(dossier(sheet)))

    doubtful, unread = at(book[SHEET], "goodwill"), at(book[SHEET], "inventories")
    assert "第1页" in doubtful.comment.text
    assert "1100" in doubtful.comment.text
    assert doubtful.fill.fgColor.rgb.endswith("FFE9A8")
    assert (unread.value, "未读出" in unread.comment.text) == ("？", True)
    assert at(book[SHEET], "fixed_assets").comment is None
    assert "goodwill" not in (at(book["财务比率"], "current_ratio").value or "")
    assert at(book["财务比率"], "quick_ratio").value == "未读出"
    assert at(book["财务比率"], "altman_z_em").value == "缺少该期报表"


def test_a_doubtful_figure_shades_the_ratios_that_use_it(written: Any) -> None:
    book = written(record(dossier(amended(year(BALANCE), "inventories", END, doubted))))

    assert "inventories" in at(book["财务比率"], "quick_ratio").comment.text


def test_a_restated_figure_and_a_repaired_one_say_what_was_there_before(written: Any) -> None:
    after = year(BALANCE, {"goodwill": {END: 5, BEGIN: 900}}, days=(date(2025, 12, 31), CLOSING))
    mended = amended(
        year(BALANCE),
        "fixed_assets",
        BEGIN,
        lambda old: old.model_copy(update={"repaired": True, "raw": "26,906"}),
    )
    sheet = written(record(dossier(mended, after)))[SHEET]

    assert "重述前（2024-12-31）：1,100.00" in at(sheet, "goodwill", 4).comment.text
    assert "26,906" in at(sheet, "fixed_assets", 5).comment.text


def test_a_total_that_does_not_add_up_stays_as_printed_and_says_so(written: Any) -> None:
    sheet = written(record(dossier(amended(year(BALANCE), "goodwill", END, set_to(1)))))[SHEET]
    cell = at(sheet, "total_noncurrent_assets")

    assert cell.value == 46000
    assert "1,099.00" in cell.comment.text


def test_a_dash_is_a_zero_that_shows_a_dash(written: Any) -> None:
    sheet = written(record(dossier(year(BALANCE, but(lease_liabilities={END: None})))))[SHEET]

    assert at(sheet, "lease_liabilities").value == 0
    assert "—" in at(sheet, "lease_liabilities").number_format


def test_an_amount_that_a_spreadsheet_would_round_is_text(written: Any) -> None:
    long = {END: "12345678901234567.89", BEGIN: 1}
    book = written(record(dossier(year(BALANCE, but(total_current_assets=long)))))

    assert at(book[SHEET], "total_current_assets").value == "12345678901234567.89"
    ratio = at(book["财务比率"], "current_ratio")
    assert ratio.data_type == "s"
    assert ratio.value == "382337531781.807615"


def test_no_text_of_a_paper_is_a_formula(written: Any) -> None:
    evil = '=HYPERLINK("http://x","y")'
    made = licence(name=field(evil), address=field("+1+1\x07"), business_scope=field("@SUM(A1)"))
    sheet = year(BALANCE)
    rows = tuple(row.model_copy(update={"label": evil, "label_raw": evil}) for row in sheet.rows)
    own = rows[0].model_copy(update={"item": None})
    papers = dossier(made, sheet.model_copy(update={"rows": (own, *rows)}))
    book = written(record(papers))

    ours = re.compile(r"=[A-Z0-9()+\-*/:.,'!\u4e00-\u9fff]+$")
    formulas = [c.value for s in book for row in s.iter_rows() for c in row if c.data_type == "f"]
    assert formulas
    assert all(ours.match(formula) for formula in formulas)
    assert book["营业执照"]["B3"].value == evil
    assert book["营业执照"]["B3"].quotePrefix


def test_no_text_of_a_paper_is_a_formula_in_csv_either(written: Any) -> None:
    made = licence(name=field('=HYPERLINK("http://x","y")'), address=field("\t=1"))
    lines = _lines(written(record(dossier(made)), form="csv"))

    assert [line["value"] for line in lines if line["item"] == "name"] == [
        '\'=HYPERLINK("http://x","y")'
    ]
    assert not [cell for line in lines for cell in line.values() if cell[:1] in {"=", "\t", "@"}]


@given(st.text(max_size=20))
def test_harmless_text_never_starts_a_formula(text: str) -> None:
    told = harmless(text)

    assert told.lstrip(" \n")[:1] not in {"=", "@", "\t", "\r", "＝"}
    assert not re.match(r"\s*[+-].*[A-Za-z(|!]", told)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_flat_rows_hold_every_printed_value_exactly(written: Any, form: Format) -> None:
    sheet = amended(year(BALANCE), "goodwill", END, set_to("-1234567890123.45"))
    target = written(record(dossier(sheet, licence())), form=form)
    if form == "csv":
        lines: list[dict[str, Any]] = list(_lines(target))
        assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    else:
        lines = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]

    assert tuple(lines[0]) == COLUMNS
    (found,) = [one for one in lines if one["item"] == "goodwill" and one["context"] == "end"]
    assert found["value"] == "-1234567890123.45"
    assert found["date"] == "2024-12-31"
    assert found["scope"] == "consolidated"
    assert str(found["page"]) == "1"
    assert found["document"] == sha256("0.pdf")
    assert found["box"] in ("10.0 20.0 110.0 32.0", [10.0, 20.0, 110.0, 32.0])
    assert str(found["accepted"]).lower() == "true"
    assert len(lines) == sum(len(row.values) for row in sheet.rows) + len(licence().field_names())


def _lines(target: Path) -> list[dict[str, str]]:
    with target.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_findings_are_told_in_both_languages(written: Any) -> None:
    finding = Finding(
        code="package.empty", severity=Severity.ERROR, evidence=(provenance(3), provenance(1))
    )
    decision = Decision(outcome=Outcome.MANUAL, reasons=("package.empty",))
    sheet = written(record(dossier(), findings=(finding,), decision=decision))["检查结果"]
    row = [cell.value for cell in sheet[2]]

    assert row[:3] == ["转人工", "package.empty", "未收到任何文件。"]
    assert row[4] == "No file was received."
    assert row[6] == "1、3"


def test_what_was_refused_is_in_the_summary(written: Any) -> None:
    refused = RefusedFile(name="b.pdf", sha256=sha256("b"), size=1, code="document.encrypted")
    papers = package(reading(licence(name=field("甲", accepted=False))), refused=(refused,))
    book = written(record(papers))
    told = [cell.value for row in book["摘要"].iter_rows() for cell in row]

    assert "b.pdf　document.encrypted" in told
    assert "第1页" in book["营业执照"]["B3"].comment.text


def test_a_file_that_cannot_be_written_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    target = tmp_path / "no" / "x.csv"

    for form in FORMATS:
        with pytest.raises(StorageError):
            export([record(dossier())], target, form)


def test_a_file_that_was_there_stays_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "x.csv"
    target.write_text("old")

    def broken(records: object, draft: Path) -> None:
        draft.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(FORMATS, "csv", broken)
    with pytest.raises(StorageError, match="No space"):
        export([], target, "csv")

    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]
