"""Whose figures a statement has, where its title was misread, lost or contradicts its rows."""

import pytest

from extractors.kinds.statement import extract
from extractors.kinds.statement.segments import find_segments
from extractors.kinds.statement.titles import garbled_title
from extractors.remarks import remarks
from extractors.seen import Seen
from schemas.documents import DocumentKind, MediaType, SourceFile
from schemas.statements import Scope, Statement
from schemas.text import Page
from tests.extractors.drawing import Place, page, table

ENDS = [350.0, 450.0]
CASH = [
    "销售商品、提供劳务收到的现金",
    "收到的税费返还",
    "经营活动现金流入小计",
    "购买商品、接受劳务支付的现金",
    "支付给职工以及为职工支付的现金",
    "支付的各项税费",
    "经营活动现金流出小计",
    "经营活动产生的现金流量净额",
    "投资支付的现金",
]


def sheet(title: str, labels: list[str], *, number: int = 1, recognised: bool = True) -> Page:
    """Return a page with a title, or with none, and rows of two amounts."""
    top: list[list[Place]] = [[(200, title)]] if title else []
    rows = [["项目", "本期金额", "上期金额"], *([label, "1,234.50", "2.00"] for label in labels)]
    return page([*top, *table(rows, ENDS)], number=number, recognised=0.99 if recognised else None)


def told(pages: list[Page]) -> list[tuple[DocumentKind, Scope, bool]]:
    return [(found.kind, found.scope, found.scope_told) for found in extract(pages)]


FLOWS = DocumentKind.CASH_FLOW_STATEMENT


@pytest.mark.parametrize(
    ("text", "kind", "scope"),
    [
        ("合井资产负债表", DocumentKind.BALANCE_SHEET, Scope.CONSOLIDATED),
        ("合并资产负债衣", DocumentKind.BALANCE_SHEET, Scope.CONSOLIDATED),
        ("母公司现金流重表", FLOWS, Scope.PARENT),
        ("并利润表", DocumentKind.INCOME_STATEMENT, Scope.CONSOLIDATED),
    ],
)
def test_a_title_with_a_misread_character_is_one(
    text: str, kind: DocumentKind, scope: Scope
) -> None:
    found = garbled_title(text)

    assert found is not None
    assert (found.kind, found.scopes, found.garbled) == (kind, (scope,), True)


@pytest.mark.parametrize(
    "text",
    ["合并资产负债表", "资产负债表日后事项", "营业利润", "利润总额", "", "表"],
)
def test_a_right_title_and_other_text_are_no_garbled_title(text: str) -> None:
    assert garbled_title(text) is None


def test_only_recognised_pages_may_have_garbled_titles() -> None:
    lines = ["合井现金流量表", *(f"{label} 1,234.50" for label in CASH[:4])]

    assert find_segments({1: lines}, recognised={1})[0].title.garbled
    assert not find_segments({1: lines})


def test_a_garbled_title_is_a_guess_of_the_scope() -> None:
    assert told([sheet("母公同现金流量表", CASH)]) == [(FLOWS, Scope.PARENT, False)]


def test_a_garbled_title_of_a_continuation_does_not_part_a_statement() -> None:
    pages = [
        sheet("合并现金流量表", CASH[:5]),
        sheet("合井现金流量表（续）", CASH[5:], number=2),
    ]

    assert told(pages) == [(FLOWS, Scope.CONSOLIDATED, True)]


def test_rows_that_only_a_group_has_tell_the_scope() -> None:
    group = [*CASH, "子公司吸收少数股东投资收到的现金"]

    assert told([sheet("", group)]) == [(FLOWS, Scope.CONSOLIDATED, True)]
    assert told([sheet("现金流量表", group)]) == [(FLOWS, Scope.CONSOLIDATED, True)]
    assert told([sheet("母公司现金流量表", group)]) == [(FLOWS, Scope.PARENT, False)]


def test_the_statement_before_the_parents_own_is_taken_for_the_groups_and_says_so() -> None:
    pages = [sheet("", CASH), sheet("母公司现金流量表", CASH, number=2)]

    assert told(pages) == [(FLOWS, Scope.CONSOLIDATED, False), (FLOWS, Scope.PARENT, True)]


def test_a_page_without_a_title_far_from_the_statements_repeats_them() -> None:
    pages = [sheet("母公司现金流量表", CASH), sheet("", CASH, number=9)]

    assert told(pages) == [(FLOWS, Scope.PARENT, True)]


def test_of_a_company_without_a_group_no_title_is_missed() -> None:
    balance = ["货币资金", "应收账款", "存货", "资产总计"]
    pages = [sheet("资产负债表", balance), sheet("", CASH, number=2)]

    assert (FLOWS, Scope.SINGLE, True) in told(pages)


def test_a_guessed_scope_is_told_to_a_person() -> None:
    source = SourceFile(name="x", sha256="0" * 64, media_type=MediaType.PDF, size=1)
    guessed: list[Statement] = list(extract([sheet("母公同现金流量表", CASH)]))
    sure: list[Statement] = list(extract([sheet("母公司现金流量表", CASH)]))

    assert [found.code for found in remarks(source, Seen(), guessed)] == ["reading.scope_untold"]
    assert not list(remarks(source, Seen(), sure))
