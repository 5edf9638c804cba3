import re
from datetime import date
from decimal import Decimal

import pytest

from pipeline.report.phrases import DERIVED
from pipeline.report.ratios import definition
from schemas.fields import Candidate
from schemas.messages import Language
from schemas.ratios import ratio_table
from schemas.statements import Context, Scope
from tests.builders import (
    BALANCE,
    amended,
    clean,
    dossier,
    doubted,
    provenance,
    raised_by,
    set_to,
    statement,
    stray,
    unreadable_cell,
)
from tests.pipeline.report_pages import LANGUAGES, Reading, page, spoiled
from tests.validators.accounts import CLOSING, KINDS, but, year
from validators.ratios import compute
from validators.red_flags import red_flags

END, BEGIN = Context.END, Context.BEGIN


def test_what_nobody_stands_behind_is_to_be_looked_at_first() -> None:
    told = Reading(page(spoiled())).text
    first = told[told.index("优先核对 未采信") : told.index("营业执照 各字段")]

    for expected in ("资产总计", "90,000.00", "存货", "商誉", "法定代表人"):
        assert expected in first


def test_a_repaired_value_shows_both_readings_and_the_candidates() -> None:
    seen = Candidate(value=Decimal(12800), raw="12,800", source="second_reading")
    likely = Candidate(value=Decimal(12900), raw="12,900", source="alternative", probability=0.125)
    sheet = amended(
        statement(BALANCE),
        "inventories",
        END,
        lambda old: old.model_copy(
            update={"repaired": True, "raw": "12,4O0", "candidates": (seen, likely)}
        ),
    )

    told = Reading(page(clean(balance=sheet), findings=())).text

    for expected in ("原读“12,4O0”", "12,400.00", "12,800.00", "12.5%", "~ 修正"):
        assert expected in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_to_look_at_is_said(lang: Language) -> None:
    told = Reading(page(clean(), lang)).text

    assert {"zh": "勾稽关系均成立", "en": "every sum that can be checked holds"}[lang] in told
    assert {"zh": "申请人无需补充", "en": "Nothing is owed"}[lang] in told


def test_many_doubts_are_all_there_and_the_later_ones_folded() -> None:
    sheet = statement(BALANCE)
    rows = tuple(
        row.model_copy(update={"values": {key: doubted(cell) for key, cell in row.values.items()}})
        for row in sheet.rows
    )
    html = page(clean(balance=sheet.model_copy(update={"rows": rows})), findings=())

    assert '<details class="print">' in html
    assert html.count("未被勾稽关系证明") == sum(len(row.values) for row in rows)


def test_sums_stand_in_a_matrix_as_the_rules_have_them() -> None:
    papers = clean(
        balance=amended(statement(BALANCE), "total_noncurrent_assets", BEGIN, unreadable_cell)
    )
    checks = re.findall(r'<td class="check (\w+)">', page(papers))

    assert "holds" in checks
    assert "unchecked" in checks
    assert "broken" not in checks
    assert re.findall(r'<td class="check (\w+)">', page(spoiled())).count("broken") == 2


def test_a_sum_that_needs_a_row_of_the_filers_own_says_so() -> None:
    sheet = statement(BALANCE)
    place = next(n for n, row in enumerate(sheet.rows) if row.item == "inventories")
    rows = (*sheet.rows[:place], stray(500), *sheet.rows[place + 1 :])
    inventories = sheet.amount("inventories", END)
    assert inventories is not None
    own = stray(inventories.value or 0)
    rows = (*sheet.rows[:place], own, *sheet.rows[place + 1 :])

    html = page(clean(balance=sheet.model_copy(update={"rows": rows})), findings=())

    assert 'class="check explained"' in html


def test_a_difference_that_no_rule_objects_to_is_not_called_broken() -> None:
    sheet = amended(statement(BALANCE), "total_current_assets", END, raised_by(7))
    checks = re.findall(r'<td class="check (\w+)">', page(clean(balance=sheet), findings=()))

    assert "unchecked" in checks
    assert "broken" not in checks


def test_a_difference_of_rounding_is_told_with_its_amount() -> None:
    papers = clean(balance=amended(statement(BALANCE), "total_current_assets", END, raised_by(20)))

    assert re.search(r'<td class="check rounding">.*?<b>20.00</b>', page(papers))


def test_an_ifrs_sheet_is_checked_for_its_two_sides_only() -> None:
    values = {
        "total_assets": {END: 10, BEGIN: 8},
        "total_equity_and_liabilities": {END: 10, BEGIN: 9},
    }
    sheet = statement(BALANCE, values, form="ifrs_en")
    checks = re.findall(r'<td class="check (\w+)">', page(clean(balance=sheet), findings=()))

    assert checks[:2] == ["holds", "broken"]


def test_a_restated_figure_says_what_it_was() -> None:
    after = year(BALANCE, {"goodwill": {END: 5, BEGIN: 900}}, days=(date(2025, 12, 31), CLOSING))
    html = page(dossier(year(BALANCE), after), findings=())

    assert "is-restated" in html
    assert "† 商誉 · 2024-12-31 · 重述前（2024-12-31） 1,100.00" in Reading(html).text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_ratio_is_there_with_its_value_or_its_reason(lang: Language) -> None:
    papers = dossier(*(year(kind) for kind in KINDS))
    html = page(papers, lang, findings=())
    told = Reading(html).text

    assert html.count('<td class="trend">') == len(ratio_table().ratios)
    assert {"zh": "流动比率", "en": "Current ratio"}[lang] in told
    assert "1.66" in told
    assert {"zh": "45.14%", "en": "45.14%"}[lang] in told
    missing = {ratio.reason for ratio in compute(papers) if ratio.value is None}
    assert missing
    assert html.count(" missing") == sum(ratio.value is None for ratio in compute(papers))


def test_every_formula_can_be_said() -> None:
    assert {entry.id for entry in ratio_table().derived} <= set(DERIVED)
    for entry in ratio_table().ratios:
        assert "_" not in definition(entry.expr, "zh")
        assert re.fullmatch(r"[\x20-\x7e÷×−]+", definition(entry.expr, "en"))


def test_a_flag_shows_the_figures_that_make_it_fire() -> None:
    poor = but(other_receivables={END: 900_000, BEGIN: 5})
    papers = dossier(*(year(kind, poor) for kind in KINDS))
    (flag,) = [one for one in red_flags(papers) if one.id == "F03"]
    told = Reading(page(papers, findings=())).text

    assert f"F03 {flag.name}" in told
    assert "其他应收款 · 2024-12-31 900,000.00" in told


def test_each_scope_has_its_own_accounts() -> None:
    papers = dossier(year(BALANCE), year(BALANCE, scope=Scope.PARENT))

    assert page(papers, findings=()).count('<table class="spread">') == 2


def test_a_value_of_a_workbook_is_cited_by_its_cell() -> None:
    where = provenance().model_copy(update={"cell": "表1!B7"})
    sheet = amended(
        statement(BALANCE),
        "inventories",
        END,
        lambda old: set_to(7)(old.model_copy(update={"provenance": where, "accepted": False})),
    )

    assert "表1!B7" in Reading(page(clean(balance=sheet), findings=())).text
