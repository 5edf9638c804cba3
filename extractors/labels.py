"""Printed labels to line items, in the section and under the row where they stand.

Labels repeat: 应收利息 is a row of its own or a part of 其他应收款, 优先股 belongs to the bonds
or to the equity above it. A reader of a statement therefore walks its rows from top to bottom
with a `Walk`, which remembers what stands above.
"""

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from schemas.taxonomy import Calculation, Item, Taxonomy, TaxonomyName, load

_MARKS = re.compile(r"^[*△▲☆※#★●◆]+|[*△▲☆※#★●]+$")
_NUMBERING = re.compile(
    r"^(?:第?[一二三四五六七八九十]+[、.:,]|\([一二三四五六七八九十\d]+\)|\d{1,2}[、.)](?!\d)"
    r"|[①-⑳⑴-⒇]|[ivxIVX]+\.)"
)
_ROLE = re.compile(r"^(?:其中|加|减|又)[:：]|^(?:其中|加|减)(?=[^:：])")
_HINT = re.compile(
    r"\((?:若为)?(?:净(?:资产)?)?(?:损失|亏损|收益|减少|增加|收入|支出|利得|流出)(?:总额|额)?"
    r"[^()]*(?:填列|列示|号)\)"
    r"|\((?:损失|亏损|净亏损|收益)\)"
)
_HINT_BEGUN = re.compile(
    r"\((?:净?(?:损失|亏损|收益|减少|增加|收入|支出|利得|流出)(?:总额|额)?)以[^中:()]{0,12}\)?$"
)
"""What a recogniser makes of the hint's end is of no account: （损失以“一”号填68列."""
_PER_SHARE = re.compile(r"\((?:人民币)?元(?:/|每)?股?\)")
_OWNERS = re.compile(r"\(或?(?:股东权益|股本|股东)\)")
_PUNCTUATION = re.compile(r"[\s:：、,，.。·\"“”'‘’;；_]+")
_UNLIKE = re.compile(r"\([^()（）]*）|（[^()（）]*\)")
_NUMERAL = re.compile(r"^([一二三四五六七八九十]{1,3})[，,．.](?!\d)")
_STROKE = re.compile(r"^([(（])[→－—―ー-]([)）])")
_MIN_FUZZY = 5
_TELLING = frozenset("收付短长入出初末增减加正负非本上前后内外不期年月有无可未借贷母子资债营投筹")
"""Characters that tell one line item from another: never taken for a misprint."""


def clean(text: str) -> str:
    """Return a label in one form of every character, without spaces and line breaks.

    >>> clean("　其中：应收利息 ")
    '其中:应收利息'
    """
    return "".join(unicodedata.normalize("NFKC", text).split())


def as_printed(label: str) -> str:
    """Return a label with the forms of print that a recogniser mixes up where only one is used.

    Brackets are of one width, 、 follows a Chinese numeral, and a stroke in brackets is 一.

    >>> as_printed("(一）基本每股收益"), as_printed("六，期末现金余额"), as_printed("(→)其他")
    ('（一）基本每股收益', '六、期末现金余额', '(一)其他')
    """
    label = _STROKE.sub(r"\1一\2", _NUMERAL.sub(r"\1、", label))
    return _UNLIKE.sub(lambda pair: f"（{pair[0][1:-1]}）", label)


def has_role(label: str) -> bool:
    """Return whether a label says that the row is a part of the one above (其中)."""
    return clean(label).startswith("其中")


def key_of(label: str) -> str:
    """Return what two prints of the same label have in common.

    >>> key_of("三、营业利润（亏损以“－”号填列）") == key_of("营业利润")
    True
    >>> key_of("减：库存股"), key_of("所有者权益（或股东权益）合计")
    ('库存股', '所有者权益合计')
    """
    text = simplified(clean(as_printed(label)))
    before = ""
    while text != before:
        before = text
        text = _ROLE.sub("", _NUMBERING.sub("", _MARKS.sub("", text)))
    text = _PER_SHARE.sub("", _HINT_BEGUN.sub("", _HINT.sub("", text)))
    text = _OWNERS.sub("", text)
    return _PUNCTUATION.sub("", text).upper()


def simplified(text: str) -> str:
    """Return text with traditional characters as simplified ones, as far as labels need it."""
    return text.translate(_characters())


@functools.cache
def _characters() -> dict[int, str]:
    more = zip("帐它財狀況綜損潤簡", "账他财状况综损润简", strict=True)
    return {ord(old): new for old, new in (*load("cas").t2s.items(), *more)}


class Vocabulary:
    """The labels of one taxonomy, by statement."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        """Index the labels of all line items."""
        self._taxonomy = taxonomy
        self._index: dict[str, dict[str, list[Item]]] = {}
        for item in taxonomy.items:
            keys = self._index.setdefault(item.statement, {})
            for key in {key_of(label) for label in item.labels} - {""}:
                keys.setdefault(key, []).append(item)

    def labels(self, statement: str) -> Mapping[str, Sequence[Item]]:
        """Return what every label of a statement may mean."""
        return self._index.get(statement, {})

    def knows(self, statement: str, label: str) -> bool:
        """Return whether a label is one of a statement, letter by letter."""
        return key_of(label) in self._index.get(statement, {})

    def begins(self, statement: str, label: str) -> bool:
        """Return whether a known label goes on after this text."""
        key = key_of(label)
        keys = self._index.get(statement, {})
        return len(key) > 1 and any(known != key and known.startswith(key) for known in keys)

    def candidates(self, statement: str, label: str) -> tuple[Item, ...]:
        """Return the items that a label may mean: exactly, or with one letter misprinted."""
        key = key_of(label)
        keys = self._index.get(statement, {})
        if key in keys:
            return tuple(keys[key])
        if len(key) < _MIN_FUZZY:
            return ()
        near = {known for known in keys if _is_misprint(key, known)}
        same_length = {known for known in near if len(known) == len(key)}
        meant = {tuple(item.id for item in keys[known]) for known in same_length or near}
        return tuple(keys[min(same_length or near)]) if len(meant) == 1 else ()

    def sums(self, statement: str) -> tuple[Calculation, ...]:
        """Return what has to add up in a statement."""
        return tuple(c for c in self._taxonomy.calculations if c.statement == statement)

    def item(self, item_id: str) -> Item | None:
        """Return a line item by its id."""
        return self._taxonomy.by_id.get(item_id)


def _is_misprint(key: str, known: str) -> bool:
    if abs(len(key) - len(known)) > 1 or Levenshtein.distance(key, known, score_cutoff=1) > 1:
        return False
    edits = Levenshtein.editops(key, known)
    touched = {key[edit.src_pos] for edit in edits if edit.tag != "insert"}
    touched |= {known[edit.dest_pos] for edit in edits if edit.tag != "delete"}
    if any(char.isdigit() for char in touched):
        return False
    return not touched & _TELLING or _is_lookalike(key, known)


def _is_lookalike(key: str, known: str) -> bool:
    """Return whether a telling character was misread as one that means nothing in a label."""
    if len(key) != len(known):
        return False
    pairs = [(a, b) for a, b in zip(key, known, strict=True) if a != b]
    return all(b in _TELLING and a not in _TELLING and not _is_word(a) for a, b in pairs)


@functools.cache
def _used_characters() -> frozenset[str]:
    labels = (label for item in load("cas").items for label in item.labels)
    return frozenset("".join(labels))


def _is_word(char: str) -> bool:
    return char in _used_characters()


@functools.cache
def vocabulary(name: TaxonomyName) -> Vocabulary:
    """Return the labels of a taxonomy."""
    return Vocabulary(load(name))


@dataclass
class Walk:
    """Goes through the rows of one statement, from top to bottom, and names them."""

    vocabulary: Vocabulary
    statement: str
    section: str | None = None
    _above: list[Item] = field(default_factory=list)

    def name(self, label: str) -> Item | None:
        """Return the line item of the next row, None for a row that fits none."""
        candidates = self.vocabulary.candidates(self.statement, label) or self._other(label)
        item = self._best(candidates, is_part=has_role(label))
        if item is None:
            return None
        self.section = item.section
        self._above = [above for above in self._above if above.level < item.level]
        self._above.append(item)
        return item

    def _other(self, label: str) -> tuple[Item, ...]:
        """Return the 其他 of the block, which is printed without saying of what."""
        if key_of(label) != "其他":
            return ()
        others = (self.vocabulary.item(f"{above.id}_other") for above in reversed(self._above))
        return tuple(item for item in others if item)[:1]

    def _best(self, candidates: tuple[Item, ...], *, is_part: bool) -> Item | None:
        if len(candidates) < 2:
            return candidates[0] if candidates else None
        above = {item.id for item in self._above}
        parts = [item for item in candidates if item.of_which]
        for item in parts:
            if item.of_which in above:
                return item
        here = [item for item in candidates if item.section == self.section]
        rows = [item for item in here or candidates if not item.of_which]
        chosen = (here or list(candidates)) if is_part else (rows or here or list(candidates))
        return chosen[0]
