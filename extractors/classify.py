"""What a page is, by its titles and by the rows that it prints."""

import re
from collections.abc import Iterable, Sequence

from extractors.kinds import change_notice
from extractors.kinds.statement.segments import find_segments
from extractors.kinds.statement.titles import title_of
from extractors.labels import clean
from extractors.tables.lines import lines_of
from schemas.documents import DocumentKind
from schemas.text import Page

_HEAD = 25
"""Lines in which the title of an audit report or a notice stands."""
_AUDITED = ("我们审计了", "审计意见", "形成审计意见的基础", "注册会计师对财务报表审计的责任")
_UNCOVERED = re.compile(
    r"(收入费用表|收入支出表|预算收入支出表|财政拨款预算收入支出表|净资产变动表|盈余及盈余分配表"
    r"|成员权益变动表)|(?:.*[^\u4e00-\u9fff])?(会政财\d{2}表)"
)
"""Titles and form numbers of public institutions and of farmers' cooperatives."""
_LICENCE = ("统一社会信用代码", "经营范围", "登记机关")


def page_kind(page: Page) -> DocumentKind:
    """Return what a page is; of several statements on it, the one that begins first."""
    return _kind([line.text for line in lines_of(page)], page.number)


def page_kind_of_text(text: str) -> DocumentKind:
    """Return what a page is, by its plain text."""
    return _kind(text.splitlines(), 1)


def _kind(lines: Sequence[str], number: int) -> DocumentKind:
    found = find_segments({number: lines})
    if found:
        return found[0].title.kind
    if any(change_notice.is_title(line) for line in lines[:_HEAD]):
        return DocumentKind.CHANGE_NOTICE
    plain = [clean(line) for line in lines]
    whole = "".join(plain)
    if "营业执照" in whole and any(label in whole for label in _LICENCE):
        return DocumentKind.BUSINESS_LICENCE
    if _is_audit_report(plain, whole):
        return DocumentKind.AUDIT_REPORT
    return _equity(lines)


def _is_audit_report(plain: Sequence[str], whole: str) -> bool:
    """Return whether a page is of the auditor's opinion rather than one that mentions it."""
    told = sum(phrase in whole for phrase in _AUDITED)
    titled = any(line in {"审计报告", "审计报告书"} for line in plain[:_HEAD])
    return (titled and ("目录" not in whole or told > 0)) or told >= 2


def _equity(lines: Sequence[str]) -> DocumentKind:
    """Return the kind of a page of changes in equity, whose rows are not looked at."""
    titles = [title for title in map(title_of, lines) if title]
    if any(title.kind is DocumentKind.CHANGES_IN_EQUITY for title in titles):
        return DocumentKind.CHANGES_IN_EQUITY
    return DocumentKind.UNKNOWN


def uncovered(lines: Iterable[str]) -> str | None:
    """Return the title or number of a form whose rows are not known here, None where there is none.

    >>> uncovered(["收入费用表", "编制单位：甲示例中心"]), uncovered(["利润表"])
    ('收入费用表', None)
    """
    pieces = (clean(piece) for line in lines for piece in line.split("\t"))
    found = (match for piece in pieces if (match := _UNCOVERED.fullmatch(piece)))
    return next((title for match in found for title in match.groups() if title), None)
