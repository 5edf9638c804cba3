"""Whether a page is a business licence, and not a paper that looks like one or speaks of one."""

import re
from collections.abc import Sequence

from extractors.kinds.business_licence import claims, days, forms, numbers
from extractors.kinds.business_licence.layout import lay_out
from extractors.kinds.business_licence.runs import Run, of_page, rows_of
from schemas.text import Page

_OTHER_PAPER = re.compile(
    r"许可证|登记证|身份证|代码证|资格证|备案证|法人证书|申请书|申请表|通知书|公证书|证明书?$|审计报告"
    r"|营业执照复印件"
)
_OF_THE_FORM = re.compile(r"总局监?制|登记机关|公示系统网址|扫描二维码登录|正副本具有同等")
_IMPRINT = re.compile(r"总局监?制|正副本具有同等")
"""What only the printed form bears: a web page about a company has its labels too."""
_PLACEHOLDER = re.compile(r"[Xx×]{4,}|[某*□_]{2,}|^请输入|^请填写")
_FEW, _MANY, _NEARLY_ALL = 3, 5, 7
"""Labels with values that make a licence: with title and number, with one of them, with neither."""
_HEADING = 20
"""A line of fewer characters may be the title of a paper."""


def is_licence(page: Page) -> bool:
    """Return whether a page is a licence of any generation, filled in.

    There have to be a title, a number and several labels with values. Where the title or the
    number was not read, more labels and a printed sentence of the form stand in for it; where
    neither was, as under words written across, nearly all labels and the imprint of the form.
    """
    runs = of_page(page)
    found = numbers.numbers(runs)
    evidence = (
        _title(runs) is not None,
        bool(numbers.credit_code(found) or numbers.old_number(found)),
    )
    others = [r for r in runs if len(r.folded) < _HEADING and _OTHER_PAPER.search(r.folded)]
    if all(evidence):
        return _filled(runs) >= _FEW and not _is_below(_title(runs), others)
    enough, printed = (_MANY, _OF_THE_FORM) if any(evidence) else (_NEARLY_ALL, _IMPRINT)
    if others or not any(printed.search(run.folded) for run in runs):
        return False
    return _filled(runs) >= enough


def _is_below(title: Run | None, others: Sequence[Run]) -> bool:
    """Return whether the title of another paper stands above: that paper only names a licence."""
    return title is not None and any(other.middle < title.box.top for other in others)


def _filled(runs: Sequence[Run]) -> int:
    """Count the fields of the form that have a value."""
    said = {
        slot.mark.role
        for slot in lay_out(runs).slots
        if (claim := claims.of_slot(slot)) is not None and _says_something(claim.folded)
    }
    return len(said)


def _says_something(text: str) -> bool:
    """Return whether a text is a value, and not what a template has in its place."""
    return not days.is_blank(text) and not _PLACEHOLDER.search(text)


def _title(runs: Sequence[Run]) -> Run | None:
    """Return the line that is the title, or the first of the letters of a row that are it."""
    for run in runs:
        if forms.is_title(run.folded):
            return run
    rows = (row for row in rows_of(runs) if forms.is_title("".join(run.folded for run in row)))
    return next((row[0] for row in rows), None)
