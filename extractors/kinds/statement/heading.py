"""What stands above the rows of a statement: whose it is, for when, and in what unit."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from extractors.kinds.statement.dates import printed_date
from extractors.kinds.statement.titles import title_of
from extractors.labels import clean, simplified
from extractors.tables.lines import Line, Piece
from schemas.fields import Field, FieldState, Provenance
from schemas.text import PageSource

_ENTITY = re.compile(
    r"(?:编制单位|编报单位|填报单位|编制公司|会计主体|单位名称|公司名称|企业名称|编制企业|纳税人名称|组织名称)(?:\(.*?\))?[:：]?"
    r"(?P<name>.*?)"
    r"(?=(?:金额|货币)?单位[:：]|日期|所属|时间|会?合?企?\d{2}表|\d{4}年|币种|审计类型|$)"
)
_SCALES = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}
_MONEY = r"(?:人民币|RMB|CNY|港|美|欧)?"
_UNIT = re.compile(
    rf"(?:单位|金额单位|货币单位|币种单位)[:：]?{_MONEY}[(（]?(?P<a>百万|千|万|亿)?[元圆]"
    rf"|单位(?:均?为|以)?{_MONEY}(?P<b>百万|千|万|亿)?[元圆]"
    rf"|[(（]{_MONEY}(?P<c>百万|千|万|亿)?[元圆][)）]"
    r"|(?:金额|人民币)(?P<d>百万|千|万|亿)?[元圆]"
)
_ENGLISH_UNITS = (
    (re.compile(r"(?:RMB|HK\$|US\$|CNY)['’]?000", re.IGNORECASE), Decimal(1000)),
    (re.compile(r"(?:RMB|HK\$|US\$|CNY)['’]?(?:MILLION|M)\b", re.IGNORECASE), Decimal(1_000_000)),
)
_CURRENCIES = (
    (re.compile(r"港[元币]|HK\$|HKD"), "HKD"),
    (re.compile(r"美元|US\$|USD"), "USD"),
    (re.compile(r"欧元|EUR"), "EUR"),
)
_FORM_NUMBER = re.compile(r"会民非|会小企|会企|会合|企财|财企|会年企|会月企")
_LONGEST = 40
_FILED = re.compile(r"(?:填表|填报|报送|申报|打印)(?:日期|时间)")
_FIRST_DAY = re.compile(r"(?:时期|期间?|日期|时间)起[:：]?|起始?日")
_LAST_DAY = re.compile(r"(?:时期|期间?|日期|时间)?[止讫][:：]?|截止|终止?日")


def unit(lines: Iterable[Line]) -> tuple[Decimal, bool]:
    """Return how many yuan one printed unit is, and whether the paper says so."""
    for line in lines:
        text = re.sub(r"(?:编制|编报|填报)单位", "", simplified(clean(line.text)))
        if match := _UNIT.search(text):
            size = next((size for size in match.groups() if size), "")
            return _SCALES[f"{size}元"], True
        for pattern, scale in _ENGLISH_UNITS:
            if pattern.search(text):
                return scale, True
    return Decimal(1), False


def currency(lines: Iterable[Line]) -> str:
    """Return the currency of the amounts; renminbi where none is printed."""
    text = "".join(simplified(clean(line.text)) for line in lines)
    return next((code for pattern, code in _CURRENCIES if pattern.search(text)), "CNY")


def form_number(lines: Iterable[Line]) -> str | None:
    """Return the printed family of the form (会小企, 会企), None where there is none."""
    for line in lines:
        if match := _FORM_NUMBER.search(clean(line.text)):
            return match[0]
    return None


def date_line(lines: Iterable[Line]) -> dt.date | None:
    """Return the date below the title: the last day of the period that the first date is of.

    The forms of the tax bureaus print the first and the last day in two cells or lines, and the
    day of filing beside them.
    """
    found: dt.date | None = None
    for line in lines:
        texts = [clean(piece.text) for piece in line.pieces]
        told = [text for text in texts if len(text) <= _LONGEST and not _FILED.search(text)]
        days = [day for text in told if (day := printed_date(text))]
        if days and (found is None or any(_LAST_DAY.search(text) for text in told)):
            found = max(days)
            if not any(_FIRST_DAY.search(text) for text in told):
                return found
    return found


def entity(lines: Sequence[Line]) -> Field[str]:
    """Return the name of the company that the statement is of."""
    for line in lines:
        for place, piece in enumerate(line.pieces):
            match = _ENTITY.search(_joined(piece))
            if not match:
                continue
            name, where = match["name"].strip(":： "), piece
            if not name and place + 1 < len(line.pieces):
                where = line.pieces[place + 1]
                name = _joined(where)
            if name and not printed_date(name) and not title_of(name):
                return _name_field(name, line, where)
    return Field[str].absent()


def _joined(piece: Piece) -> str:
    return "".join(piece.text.split())


def _name_field(name: str, line: Line, piece: Piece) -> Field[str]:
    return Field[str](
        value=name.replace("(", "（").replace(")", "）"),
        raw=name,
        state=FieldState.PRESENT,
        accepted=line.page.source is not PageSource.OCR,
        confidence=piece.weakest,
        provenance=Provenance.of(line.page, piece.origin, cell=piece.reference),
    )
