"""Titles of statements: which statement a page begins, and whose.

The same words stand in tables of contents, in running text and above the notes' tables of
first-time adoption; what follows a title decides, see `segments`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Hamming, Levenshtein

from extractors.labels import clean, simplified
from schemas.documents import DocumentKind
from schemas.statements import Scope

_CORES = (
    ("资产负债表", DocumentKind.BALANCE_SHEET),
    ("财务状况表", DocumentKind.BALANCE_SHEET),
    ("利润表", DocumentKind.INCOME_STATEMENT),
    ("利润及利润分配表", DocumentKind.INCOME_STATEMENT),
    ("损益表", DocumentKind.INCOME_STATEMENT),
    ("损益及其他全面收益表", DocumentKind.INCOME_STATEMENT),
    ("损益及其他综合收益表", DocumentKind.INCOME_STATEMENT),
    ("综合收益表", DocumentKind.INCOME_STATEMENT),
    ("全面收益表", DocumentKind.INCOME_STATEMENT),
    ("业务活动表", DocumentKind.INCOME_STATEMENT),
    ("现金流量表", DocumentKind.CASH_FLOW_STATEMENT),
    ("所有者权益变动表", DocumentKind.CHANGES_IN_EQUITY),
    ("股东权益变动表", DocumentKind.CHANGES_IN_EQUITY),
    ("所有者权益(股东权益)变动表", DocumentKind.CHANGES_IN_EQUITY),
    ("所有者权益增减变动表", DocumentKind.CHANGES_IN_EQUITY),
    ("股东权益增减变动表", DocumentKind.CHANGES_IN_EQUITY),
    ("权益变动表", DocumentKind.CHANGES_IN_EQUITY),
)
_ENGLISH = (
    (r"STATEMENTS?OFFINANCIALPOSITION|BALANCESHEETS?", DocumentKind.BALANCE_SHEET),
    (
        r"STATEMENTS?OFPROFITORLOSS(?:ANDOTHERCOMPREHENSIVEINCOME)?|INCOMESTATEMENTS?"
        r"|STATEMENTS?OFCOMPREHENSIVEINCOME|STATEMENTS?OFINCOME|STATEMENTS?OFOPERATIONS",
        DocumentKind.INCOME_STATEMENT,
    ),
    (r"STATEMENTS?OFCASHFLOWS?|CASHFLOWSTATEMENTS?", DocumentKind.CASH_FLOW_STATEMENT),
    (
        r"STATEMENTS?OFCHANGESIN(?:SHAREHOLDERS?'?|OWNERS?'?)?EQUITY",
        DocumentKind.CHANGES_IN_EQUITY,
    ),
)
_BY_CORE = dict(_CORES)
_NUMBERING = r"(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]+)*"
_DATE = r"(?:\d{4}年(?:度|半年度|第[一二三四]季度|\d{1,2}月(?:\d{1,2}日)?)?(?:[-至]\d{1,2}月)?)?"
_WHOSE = (
    r"(?P<company>[\u4e00-\u9fff()A-Za-z]{2,30}?(?:有限公司|有限责任公司|分公司|集团|厂|中心|合伙\)?))?"
    r"(?P<scope>合并及母?公司|合并和母?公司|合并|母公司|本公司|公司|银行|企业|集团|综合|简明综合|简明合并)?"
)
_PERIOD = (
    r"(?:年初[到至]报告期末|本报告期|报告期|季度|半年度|年度|中期|月度|简要|比较|汇总|未审|已审)*"
)
_TAIL = (
    r"(?P<tail>(?:[-_—(]*(?:续表?|未经审计|经审计|月报|季报|年报|月季报|适用执行[\u4e00-\u9fff]+"
    r"|[一二三12])[)]*){0,3})"
)
_TITLE = re.compile(
    f"{_NUMBERING}{_DATE}{_WHOSE}{_PERIOD}{_DATE}"
    f"(?P<core>{'|'.join(re.escape(core) for core, _ in sorted(_CORES, key=lambda c: -len(c[0])))})"
    f"{_TAIL}{_DATE}"
)
_LONGEST = 60
_FEWEST = 3
_LONG_CORE = 4
_WHOSE_TITLES = ("合并", "母公司", "公司", "")
_BEGIN = re.compile(f"^{_NUMBERING}{_DATE}|{_PERIOD}{_DATE}$")
_END = re.compile(f"{_TAIL}{_DATE}")
_SIGN = re.compile(r"表|(?i:s\s*t\s*a\s*t\s*e|s\s*h\s*e\s*e\s*t)")
"""What every title has in it; most lines are told apart by this alone."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title as printed: the kind of statement, whose it is, and whether it is continued.

    `scopes` has two where one table holds the consolidated and the company's own columns.
    `garbled`: it was taken for a title although not every character is one of a title.
    """

    kind: DocumentKind
    scopes: tuple[Scope, ...]
    continued: bool = False
    foreign: bool = False
    garbled: bool = False


def title_of(line: str) -> Title | None:
    """Return the title that a line is, None for any other text.

    Pieces of the line are parted by tabulators: a title may share its line with the number of
    the form or the unit.
    """
    if len(line) > 4 * _LONGEST or not _SIGN.search(line):
        return None
    pieces = [piece for piece in line.split("\t") if piece.strip()]
    found = _title("".join(pieces))
    if found or len(pieces) < 2:
        return found
    titles = [title for title in map(_title, pieces) if title]
    return titles[0] if len(titles) == 1 else None


def _title(text: str) -> Title | None:
    plain = simplified(clean(text)).strip("。.:;*#")
    if len(plain) > _LONGEST:
        return _english(plain)
    match = _TITLE.fullmatch(plain)
    if not match:
        return _english(plain)
    return Title(
        kind=_BY_CORE[match["core"]],
        scopes=_scopes(match["scope"] or ""),
        continued="续" in match["tail"],
        foreign=plain != clean(text).strip("。.:;*#"),
    )


def garbled_title(line: str) -> Title | None:
    """Return the title that a recognised line nearly is: a character or two were misread.

    >>> garbled_title("合井资产负债表").scopes[0].value, title_of("合井资产负债表")
    ('consolidated', None)
    """
    plain = simplified(clean(line)).strip("。.:;*#")
    if not _FEWEST <= len(plain) <= _LONGEST // 2 or title_of(line):
        return None
    found = [near for core, kind in _CORES for near in _near(plain, core, kind)]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _near(plain: str, core: str, kind: DocumentKind) -> Iterator[tuple[int, Title]]:
    """Yield the titles of a core that a text may be, with how many characters are wrong."""
    for start in range(len(plain) - len(core) + 1):
        end = start + len(core)
        wrong = Hamming.distance(plain[start:end], core)
        if wrong > 1 or not _END.fullmatch(plain[end:]):
            continue
        whose = _BEGIN.sub("", plain[:start])
        nearest = min(_WHOSE_TITLES, key=lambda known: Levenshtein.distance(whose, known))
        beside = Levenshtein.distance(whose, nearest)
        if beside <= 1 and wrong + beside <= (1 if len(core) < _LONG_CORE else 2):
            yield wrong + beside, Title(kind, _scopes(nearest), garbled=True)


def _scopes(whose: str) -> tuple[Scope, ...]:
    if whose.startswith("合并") and whose.endswith("公司"):
        return (Scope.CONSOLIDATED, Scope.PARENT)
    if "合并" in whose or "综合" in whose:
        return (Scope.CONSOLIDATED,)
    if whose in {"母公司", "公司", "本公司"}:
        return (Scope.PARENT,)
    return (Scope.SINGLE,)


def _english(plain: str) -> Title | None:
    text = plain.upper().replace("’", "'")
    if not text.isascii():
        return None
    for pattern, kind in _ENGLISH:
        match = re.fullmatch(
            rf"(?:[\d.()]*)(?P<scope>(?:INTERIM|CONDENSED|UNAUDITED|CONSOLIDATED|COMPANY)*)"
            rf"(?:{pattern})(?P<own>OFTHECOMPANY)?(?P<tail>\(?(?:CONTINUED|CONT'D|UNAUDITED)?\)?)",
            text,
        )
        if match:
            scope = _english_scope(match["scope"] + (match["own"] or ""))
            return Title(kind, (scope,), "CONT" in match["tail"], foreign=True)
    return None


def _english_scope(whose: str) -> Scope:
    if "CONSOLIDATED" in whose:
        return Scope.CONSOLIDATED
    return Scope.PARENT if "COMPANY" in whose else Scope.SINGLE
