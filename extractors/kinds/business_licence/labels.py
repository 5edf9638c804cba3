"""Printed labels: which field a line announces, however its characters are set.

Labels are justified (名　　称), so a reader of lines breaks them: 名 and 称… become two lines, the
first character is lost, or label and value are one line. A label is matched along the lines that
stand in one row, and a misread character is forgiven in labels of four and more.
"""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.kinds.business_licence.runs import Run
from schemas.geometry import Box
from schemas.licence_forms import licence_forms

OTHER = "other"
"""The role of labels whose values are not kept; they end the value above them."""

_ROLES = {
    "name": "name",
    "entity_type": "company_type",
    "legal_representative": "legal_representative",
    "responsible_person": "legal_representative",
    "executive_partner": "legal_representative",
    "investor": "legal_representative",
    "operator": "legal_representative",
    "composition": "composition",
    "address": "address",
    "business_premises": "address",
    "registered_capital": "registered_capital",
    "contribution_total": "registered_capital",
    "member_contribution_total": "registered_capital",
    "paid_in_capital": "paid_in_capital",
    "establishment_date": "established_date",
    "registration_date": "established_date",
    "business_term": "business_term",
    "partnership_term": "business_term",
    "business_scope": "business_scope",
    "coop_business_scope": "business_scope",
    "affiliated_enterprise": OTHER,
    "org_code": OTHER,
    "tax_reg_no": OTHER,
    "social_security_no": OTHER,
    "registration_authority": "registration_authority",
    "issue_date": "issue_date",
}
"""Ids of licence_fields.yaml to attributes of BusinessLicence."""

_NOT_LABELS = frozenset(
    ("法人", "代表人", "兼营", "年月日", "总公司", "地址", "有效期", "许可经营项目", "一般经营项目")
)
"""Synonyms that begin values or stand within the scope as often as they announce a field."""

_MORE = {
    "执照有效期": OTHER,
    "有限期限": OTHER,
    "年度检验情况": OTHER,
    "营业期限至": "business_term",
    "营业期限自": "business_term",
    "执行事务合伙人(委派代表)": "legal_representative",
}

BODY = frozenset(_ROLES.values()) - {"registration_authority", "issue_date"}
"""Roles whose labels stand in the columns of the form."""

_SHORT = 4
"""Labels of fewer characters are matched to the letter."""
_NUMBERS = ("注册号", "统一社会信用代码")
"""Labels of the number, which no value contains."""
_LAST = "称型所者人"
"""Last characters of labels that tell, by themselves, what the label was."""
_COLUMN_GAP = 2.5
"""A step between characters so many times as wide as most parts two columns."""
_REACH = 8.0
"""How many line heights the characters of one label may stand apart."""


@dataclass(frozen=True)
class Mark:
    """A label found on the page.

    `value` is what follows it in its own line; `parts` are the places, in the sequence of runs,
    that it took up. A mark that is not `whole` lacks its first character.
    """

    role: str
    label: str
    box: Box
    parts: frozenset[int]
    value: Run | None = None
    whole: bool = True

    @property
    def middle(self) -> float:
        """The y of its middle."""
        return self.box.centre[1]


@functools.cache
def catalogue() -> dict[str, str]:
    """Return every label without spaces, with its role, the longest first."""
    found = dict(_MORE)
    for field in licence_forms().fields:
        if field.id not in _ROLES:
            continue
        for label in (field.label, *field.synonyms):
            plain = _plain(label)
            if plain not in _NOT_LABELS:
                found.setdefault(plain, _ROLES[field.id])
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def marks(runs: Sequence[Run], without: frozenset[int] = frozenset()) -> tuple[Mark, ...]:
    """Return every label that a run begins with, other than the runs at some places."""
    found: list[Mark] = []
    taken = set(without)
    for whole in (True, False):
        for index in range(len(runs)):
            if index in taken:
                continue
            mark = _mark_at(runs, index, whole=whole)
            if mark and not mark.parts & taken:
                found.append(mark)
                taken |= mark.parts
    return tuple(found)


def split_at_gaps(run: Run) -> Iterator[Run]:
    """Yield the pieces of a run that a gap before a label parts: two columns in one line."""
    start = 0
    steps = sorted(b.x - a.x for a, b in zip(run.glyphs, run.glyphs[1:], strict=False))
    usual = steps[len(steps) // 2] if steps else 0.0
    for index in range(2, len(run.glyphs)):
        wide = run.glyphs[index].x - run.glyphs[index - 1].x > _COLUMN_GAP * usual
        sought = (*_NUMBERS, *_inner_labels()) if wide else _NUMBERS
        if run.folded.startswith(sought, index):
            yield run.cut(start, index)
            start = index
    yield run.cut(start)


def match(text: str) -> tuple[str, str] | None:
    """Return role and label when a text is a label and nothing else, but for one character."""
    plain = _plain(text).strip(":")
    for label, role in catalogue().items():
        if len(label) != len(plain):
            continue
        wrong = sum(a != b for a, b in zip(label, plain, strict=True))
        if wrong == 0 or (wrong == 1 and len(label) >= _SHORT):
            return role, label
    return None


@functools.cache
def _inner_labels() -> tuple[str, ...]:
    return tuple(label for label in catalogue() if len(label) >= _SHORT)


def _plain(text: str) -> str:
    folded = text.replace("（", "(").replace("）", ")").replace("：", ":")
    return "".join(folded.split())


@functools.cache
def _endings() -> dict[str, tuple[str, str]]:
    """Return what is left of labels that lost their beginning, with role and label.

    Only endings that tell the role are kept; the label is empty where several end alike.
    """
    found: dict[str, set[tuple[str, str]]] = {}
    for label, role in catalogue().items():
        for start in range(1, len(label) if role != OTHER else 1):
            found.setdefault(label[start:], set()).add((role, label))
    clear = {end: labels for end, labels in found.items() if len({role for role, _ in labels}) == 1}
    longest = sorted(clear.items(), key=lambda item: -len(item[0]))
    return {
        end: (next(iter(labels))[0], next(iter(labels))[1] if len(labels) == 1 else "")
        for end, labels in longest
        if end not in catalogue() and (len(end) > 1 or end in _LAST)
    }


def _mark_at(runs: Sequence[Run], index: int, *, whole: bool) -> Mark | None:
    chain = [index, *_following(runs, index)]
    pieces = [runs[i] for i in chain]
    known = {label: (role, label) for label, role in catalogue().items()} if whole else _endings()
    for slips in (0, 1) if whole else (0,):
        for seen, (role, label) in known.items():
            end = _consume(pieces, seen, slips)
            if end is not None:
                return _mark(runs, chain, end, (role, label or seen, whole))
    return None


def _mark(
    runs: Sequence[Run], chain: Sequence[int], end: tuple[int, int], what: tuple[str, str, bool]
) -> Mark:
    """Build the mark of a label that ends at a glyph of the last of some runs."""
    last, stop = end
    role, label, whole = what
    parts = chain[: last + 1]
    run = runs[parts[-1]]
    box = run.cut(0, stop).box
    for part in parts[:-1]:
        box |= runs[part].box
    while stop < len(run.glyphs) and run.glyphs[stop].folded in ":;.·":
        stop += 1
    value = run.cut(stop) if stop < len(run.glyphs) else None
    return Mark(role, label, box, frozenset(parts), value, whole)


def _consume(chain: Sequence[Run], label: str, allowed: int) -> tuple[int, int] | None:
    """Return the run and the glyph after which a label is complete, or None.

    A character may be another if the recogniser thought the right one possible, or if the label
    is long enough to be told all the same.
    """
    place = 0
    for number, run in enumerate(chain):
        for index, glyph in enumerate(run.glyphs):
            if place == len(label):
                return number, index
            if glyph.folded != label[place]:
                allowed -= 1
                is_clear = number == 0 and len(label) >= _SHORT
                if allowed < 0 or not (is_clear or glyph.offers(label[place])):
                    return None
            place += 1
        if place == len(label):
            return number, len(run.glyphs)
    return None


def _following(runs: Sequence[Run], index: int) -> list[int]:
    """Return the runs that go on in the row of a run, from left to right, while they are near."""
    run = runs[index]
    found: list[int] = []
    right = sorted(
        (i for i, other in enumerate(runs) if other.box.left > run.box.centre[0] and i != index),
        key=lambda i: runs[i].box.left,
    )
    edge = run.box.right
    for i in right:
        box = runs[i].box
        level = box.vertical_overlap(run.box) > 0.5 * min(box.height, run.height)
        if not level:
            continue
        if box.left - edge > _REACH * run.height or len(found) == 3:
            break
        found.append(i)
        edge = box.right
    return found
