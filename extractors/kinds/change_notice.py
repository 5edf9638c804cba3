"""Notices of change (准予变更登记通知书, 名称变更核准通知书): which name became which, and when.

A name is taken from beside its label (变更前名称, 变更后名称), or from the row 名称 of a table with
a column before the change and one after it. One name that is printed in two ways, or that does not
end as the name of an entity does, is not stood behind; nor is one that was recognised from a
picture: no check digit proves a name.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, TypedDict

from extractors.labels import clean
from extractors.tables.lines import Line, Piece, lines_of
from schemas.fields import Field, FieldState, Provenance
from schemas.notices import ChangeNotice
from schemas.text import Page, PageSource

_TITLE: Final = re.compile(
    r"(公司|企业)?(准予|核准)?(名称)?变更(登记|核准|\(备案\)|登记\(备案\)|\(备案\)登记)*通知书"
)
_SORT: Final = r"(企业|公司|单位)?"
_FORMER: Final = re.compile(rf"(变更前(的)?{_SORT}名称|原{_SORT}名称|{_SORT}名称变更前)[:：]?")
_PRESENT: Final = re.compile(
    rf"((核准)?变更后(的)?{_SORT}名称|[现新]{_SORT}名称|{_SORT}名称变更后)[:：]?"
)
_ROW: Final = re.compile(rf"{_SORT}名称(变更)?[:：]?")
_HEADS: Final = (re.compile(r"变更前(内容|事项|情况)?"), re.compile(r"变更后(内容|事项|情况)?"))
_NAME: Final = re.compile(
    r"[一-鿿(][一-鿿A-Za-z0-9()·&]{3,60}"
    r"(公司|企业|厂|店|行|社|中心|事务所|合作社|\((有限|普通|特殊普通)合伙\))"
)
_DAY: Final = re.compile(
    r"((核准|变更|登记|签发|准予)?日期|日期)?[:：]?(\d{4})年(\d{1,2})月(\d{1,2})日"
)
_AUTHORITY: Final = re.compile(
    r"((登记|核准)机关[:：]?)?(\(盖章\))?"
    r"(?P<name>[一-鿿]{2,26}(市场监督管理局|市场监督管理委员会|工商行政管理局|行政审批局))"
    r"(\(盖章\))?"
)


def is_title(line: str) -> bool:
    """Return whether a line is the title of a notice of change.

    >>> is_title("准予变更登记通知书"), is_title("请提供变更登记通知书。")
    (True, False)
    """
    return _TITLE.fullmatch(clean(line)) is not None


def extract(page: Page) -> ChangeNotice:
    """Return what a page with the title of a notice says of a name."""
    lines = lines_of(page)
    return ChangeNotice(
        pages=(page.number,),
        former_name=_name(page, [*_beside(lines, _FORMER), *_in_table(lines, 0)]),
        name=_name(page, [*_beside(lines, _PRESENT), *_in_table(lines, 1)]),
        issued_on=_day(page, lines),
        authority=_authority(page, lines),
    )


def _beside(lines: Sequence[Line], label: re.Pattern[str]) -> Iterator[tuple[str, Piece]]:
    """Yield what stands behind a label, in its piece or in the next one of the line."""
    for line in lines:
        for place, piece in enumerate(line.pieces):
            text = clean(piece.text)
            found = label.match(text)
            if found is None:
                continue
            if found.end() < len(text):
                yield text[found.end() :], piece
            elif place + 1 < len(line.pieces):
                following = line.pieces[place + 1]
                yield clean(following.text), following


def _in_table(lines: Sequence[Line], column: int) -> Iterator[tuple[str, Piece]]:
    """Yield the names of a table: a row of three, under a head of before and after in that order.

    Which of the two is which follows from the head alone, so that a row without one says nothing.
    """
    headed = False
    for line in lines:
        texts = [clean(piece.text) for piece in line.pieces]
        if _is_head(texts[-2:]):
            headed = True
        elif headed and len(texts) == 3 and _ROW.fullmatch(texts[0]):
            yield texts[column + 1], line.pieces[column + 1]


def _is_head(texts: Sequence[str]) -> bool:
    return len(texts) == 2 and all(
        head.fullmatch(text) for head, text in zip(_HEADS, texts, strict=True)
    )


def _name(page: Page, found: Sequence[tuple[str, Piece]]) -> Field[str]:
    if not found:
        return _missing(page)
    text, piece = found[0]
    alike = len({text for text, _ in found}) == 1
    sure = alike and _NAME.fullmatch(text) is not None
    name = text.replace("(", "（").replace(")", "）")
    return Field[str](value=name, raw=text, **_seen(page, piece, sure=sure))


def _missing(page: Page) -> Field[str]:
    """Return a name that is not given, or that may only not have been found.

    The latter where the notice speaks of names at all, or was read from a picture.
    """
    if page.source is PageSource.OCR or "名称" in clean(page.text):
        return Field[str].unreadable()
    return Field[str].absent()


def _day(page: Page, lines: Sequence[Line]) -> Field[date]:
    """Return the day of a line of its own; of several none is stood behind."""
    found = [
        (piece, match)
        for line in lines
        for piece in line.pieces
        if (match := _DAY.fullmatch(clean(piece.text)))
    ]
    days = [(piece, match[0], _date(match)) for piece, match in found]
    if not days:
        return Field[date].absent()
    piece, raw, day = days[-1]
    if day is None:
        return Field[date].unreadable(raw, Provenance.of(page, piece.origin))
    sure = len({day for _, _, day in days}) == 1
    return Field[date](value=day, raw=raw, **_seen(page, piece, sure=sure))


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[3]), int(match[4]), int(match[5]))
    except ValueError:
        return None


def _authority(page: Page, lines: Sequence[Line]) -> Field[str]:
    """Return the authority that signs: the last that a line names on its own."""
    for line in reversed(lines):
        for piece in line.pieces:
            if match := _AUTHORITY.fullmatch(clean(piece.text)):
                return Field[str](
                    value=match["name"], raw=match[0], **_seen(page, piece, sure=True)
                )
    return Field[str].absent()


class _Seen(TypedDict):
    """What every field that stands on the page says of its place and of how sure it is."""

    state: FieldState
    accepted: bool
    confidence: float | None
    provenance: Provenance


def _seen(page: Page, piece: Piece, *, sure: bool) -> _Seen:
    return {
        "state": FieldState.PRESENT,
        "accepted": sure and page.source is not PageSource.OCR,
        "confidence": piece.weakest,
        "provenance": Provenance.of(page, piece.origin, cell=piece.reference),
    }
