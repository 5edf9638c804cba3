"""Where statements stand in a file: runs of lines below a title, over page breaks.

Works on lines of text alone, so that a report of 300 pages is searched before any page is read
in detail. A title counts when rows of its statement follow; the notes' tables of first-time
adoption print the same rows, with a column of adjustments.
"""

import functools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.kinds.statement.titles import Title, garbled_title, title_of
from extractors.labels import key_of, vocabulary
from extractors.tables.lines import is_strong
from schemas.documents import DocumentKind
from schemas.statements import Scope
from schemas.taxonomy import TaxonomyName

_WINDOW = 45
_FEWEST_ROWS = 3
_MANY_ROWS = 8
_HEAD = 8
_SHARE = 0.3
_FEW_LINES = 20
"""A page that has no more of a statement than its end has the last row among these."""
_UNTITLED_SHARE = 0.2
"""Labels that run over two lines are not counted, so that this is most of a page."""
_ADJUSTED = re.compile(r"调整数|调整额|影响数|影响金额|调整金额|重分类调整|重新计量")
_COMMENTED = re.compile(r"变动幅度|变动比例|增减幅度|变动原因|增减原因|占总资产|原因说明|情况说明")
_EQUITY = re.compile(r"实收资本|股本|资本公积|未分配利润")
_SIGNED = re.compile(
    r"^(?:公司|企业|单位|财务|法人|本公司)?(?:法定代表人|负责人|主管会计|会计机构|制表|财务总监"
    r"|总会计师|财务负责|会计主管|复核人)|^(?:后附|所附|附注为|本期发生同一控制|本报告期内?发生同一控制)"
)
_LAST_ROWS = {
    DocumentKind.BALANCE_SHEET: frozenset({"total_liabilities_and_equity"}),
    DocumentKind.INCOME_STATEMENT: frozenset({"diluted_eps"}),
    DocumentKind.CASH_FLOW_STATEMENT: frozenset({"cash_equivalents_end"}),
}
_TAXONOMIES: tuple[TaxonomyName, ...] = ("cas", "small", "ifrs", "npo")
_ITEM_OF_NOTE = re.compile(r"^[\d一二三四五六七八九十、.()（）]+$")

Lines = Sequence[str]


@dataclass(frozen=True, slots=True)
class Part:
    """A run of lines of one page: from `start` to before `end`."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A statement: its title and the runs of lines that it is made of."""

    title: Title
    parts: tuple[Part, ...]
    untitled: bool = False

    @property
    def tells_scope(self) -> bool:
        """Whether its title says whose it is, as far as titles do."""
        return not (self.untitled or self.title.garbled)

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages that it stands on."""
        return tuple(sorted({part.page for part in self.parts}))


def find_segments(
    pages: Mapping[int, Lines], recognised: Collection[int] = ()
) -> tuple[Segment, ...]:
    """Return the statements in a file, in the order of its pages.

    On pages that were `recognised` from a picture a title may have a character misread.
    """
    finder = _Finder(pages, recognised)
    for number in sorted(pages):
        finder.take(number)
    titled = [segment for segment in finder.found if not segment.untitled]
    found = [s for s in finder.found if not (s.untitled and _is_known(s, titled))]
    return _merged(found, pages)


def _is_known(segment: Segment, titled: Sequence[Segment]) -> bool:
    """Return whether a page without a title repeats rows of a statement that has one.

    The page before the company's own statement is that of the group, whose title was missed.
    """
    alike = [other for other in titled if other.title.kind is segment.title.kind]
    if not alike:
        return False
    own = all(other.title.scopes == (Scope.PARENT,) for other in alike)
    return not (own and 0 <= alike[0].pages[0] - segment.pages[-1] <= 1)


class _Finder:
    """Goes through the pages and keeps the statement that may go on."""

    def __init__(self, pages: Mapping[int, Lines], recognised: Collection[int]) -> None:
        self._pages = pages
        self._recognised = recognised
        self.found: list[Segment] = []

    def take(self, number: int) -> None:
        lines = self._pages[number]
        titles = [
            (index, title)
            for index, line in enumerate(lines)
            if (title := self._title(number, line)) and self._is_followed(number, index, title)
        ]
        first = titles[0][0] if titles else len(lines)
        self._go_on(number, first)
        ends = [index for index, _ in titles[1:]] + [len(lines)]
        for (index, title), end in zip(titles, ends, strict=False):
            self.found.append(Segment(title, (Part(number, index, _cut(lines, index, end)),)))
        if not titles and not (self.found and number in self.found[-1].pages):
            self._begin_untitled(number)

    def _title(self, number: int, line: str) -> Title | None:
        return title_of(line) or (garbled_title(line) if number in self._recognised else None)

    def _is_followed(self, number: int, index: int, title: Title) -> bool:
        """Return whether rows of the statement follow its title."""
        lines = [*self._pages[number][index + 1 :], *self._pages.get(number + 1, ())][:_WINDOW]
        own = []
        for line in lines:
            other = title_of(line)
            if other and (other.kind, other.scopes) != (title.kind, title.scopes):
                break
            own.append(line)
        if any(_ADJUSTED.search(line) for line in own[:_HEAD]):
            return False
        if title.kind is DocumentKind.CHANGES_IN_EQUITY:
            return any(_EQUITY.search(line) for line in own)
        return rows_of(title.kind, own) >= _FEWEST_ROWS

    def _go_on(self, number: int, end: int) -> None:
        """Add the lines before the first title of a page to the statement above, if they are its.

        A statement that has its last row does not go on.
        """
        if not self.found or not end:
            return
        last = self.found[-1]
        lines = self._pages[number][:end]
        if last.pages[-1] != number - 1 or not self._continues(last, lines):
            return
        part = Part(number, 0, _cut(self._pages[number], 0, end))
        self.found[-1] = replace(last, parts=(*last.parts, part))

    def _continues(self, segment: Segment, lines: Lines) -> bool:
        kind = segment.title.kind
        if kind is DocumentKind.CHANGES_IN_EQUITY:
            return False
        if is_complete(kind, self._lines(segment)):
            return any("补充资料" in line for line in lines[:_HEAD])
        rows = rows_of(kind, lines)
        if rows >= _FEWEST_ROWS or is_complete(kind, lines[:_FEW_LINES]):
            return True
        return rows > 0 and rows >= _SHARE * len(lines)

    def _lines(self, segment: Segment) -> list[str]:
        return [
            line for part in segment.parts for line in self._pages[part.page][part.start : part.end]
        ]

    def _begin_untitled(self, number: int) -> None:
        """Take a page without a title for the statement whose rows it prints."""
        lines = self._pages[number]
        if any(_ADJUSTED.search(line) or _COMMENTED.search(line) for line in lines):
            return
        rows, kind = max((rows_of(kind, lines), kind) for kind in _LAST_ROWS)
        amounts = sum(any(map(is_strong, re.split(r"\s+", line))) for line in lines)
        if rows >= _MANY_ROWS and rows >= _UNTITLED_SHARE * len(lines) and amounts >= _FEWEST_ROWS:
            part = Part(number, 0, _cut(lines, 0, len(lines)))
            self.found.append(Segment(Title(kind, (Scope.SINGLE,)), (part,), untitled=True))


def _cut(lines: Lines, start: int, end: int) -> int:
    """Return where a run of lines ends: at the signatures below the statement."""
    for index in range(start + 1, end):
        if _SIGNED.match("".join(lines[index].split())):
            return index
    return end


def _merged(found: Sequence[Segment], pages: Mapping[int, Lines]) -> tuple[Segment, ...]:
    """Join a statement with its continuation, whose title is printed again on every page."""
    merged: list[Segment] = []
    for segment in found:
        before = merged[-1] if merged else None
        if before and _is_same(before, segment) and not _starts_over(before, segment, pages):
            merged[-1] = replace(before, parts=before.parts + segment.parts)
        else:
            merged.append(segment)
    return tuple(merged)


def _is_same(before: Segment, segment: Segment) -> bool:
    if before.title.kind is not segment.title.kind:
        return False
    doubtful = segment.untitled or segment.title.garbled
    return doubtful or before.title.scopes == segment.title.scopes


def _starts_over(before: Segment, segment: Segment, pages: Mapping[int, Lines]) -> bool:
    def rows(of: Segment) -> set[str]:
        lines = (line for part in of.parts for line in pages[part.page][part.start : part.end])
        keys = (key_of(head(line)) for line in lines)
        return {key for key in keys if key in _known(of.title.kind)}

    if segment.pages[0] - before.pages[-1] > 1:
        return True
    again = rows(before) & rows(segment)
    return len(again) >= _FEWEST_ROWS


def is_complete(kind: DocumentKind, lines: Lines) -> bool:
    """Return whether the last row of a statement stands among the lines."""
    wanted = _LAST_ROWS.get(kind, frozenset())
    known = _known(kind)
    return any(known.get(key_of(head(line)), frozenset()) & wanted for line in lines)


def rows_of(kind: DocumentKind, lines: Lines) -> int:
    """Return how many lines begin with the label of a row of a statement."""
    known = _known(kind)
    return len({key for line in lines if (key := key_of(head(line))) in known})


def head(line: str) -> str:
    """Return the label that a line begins with: what stands before notes and amounts.

    >>> head("货币资金 七、1 1,234.00 5,678.00")
    '货币资金'
    """
    words = line.split()
    label: list[str] = []
    for word in words:
        if is_strong(word) or word in {"-", "—", "－", "/"}:
            break
        label.append(word)
    while len(label) > 1 and _ITEM_OF_NOTE.fullmatch(label[-1]):
        label.pop()
    return "".join(label)


@functools.cache
def _known(kind: DocumentKind) -> Mapping[str, frozenset[str]]:
    """Return the labels of a statement in all taxonomies, with the items that they mean."""
    known: dict[str, frozenset[str]] = {}
    for name in _TAXONOMIES:
        for key, items in vocabulary(name).labels(kind.value).items():
            known[key] = known.get(key, frozenset()) | {item.id for item in items}
    return known
