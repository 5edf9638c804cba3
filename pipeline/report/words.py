"""The report's own words, said in English in the code and looked up for Chinese.

What findings, errors and fields are called stands in schemas/data/messages.yaml.
"""

from typing import Final

from pipeline.report.phrases import DERIVED, EN, LICENCE_FIELDS, REASONS, ZH
from pipeline.report.views import Mark
from schemas.fields import Field, FieldState
from schemas.messages import Language, called
from schemas.taxonomy import load
from validators.figures import Reason

DASH: Final = "—"


def say(text: str, lang: Language, **params: object) -> str:
    """Return a text of the report in a language.

    >>> say("p. {number}", "zh", number=3)
    '第3页'
    """
    template = ZH[text] if lang == "zh" else EN.get(text, text)
    return template.format(**params) if params else template


def word(name: str, lang: Language) -> str:
    """Return what a field, a kind of document or a period is called."""
    return called(name, lang, LICENCE_FIELDS)


def page(number: int | str, lang: Language) -> str:
    """Return a page as it is cited."""
    return say("p. {number}", lang, number=number)


def pages(numbers: tuple[int, ...], lang: Language) -> str:
    """Return a run of pages as it is cited.

    >>> pages((2, 3, 4), "en")
    'p. 2–4'
    """
    if not numbers:
        return ""
    first, last = numbers[0], numbers[-1]
    return page(first if first == last else f"{first}–{last}", lang)


def reason(why: Reason, lang: Language) -> str:
    """Return why a ratio is undefined."""
    return REASONS[why][lang == "en"]


def item_label(item: str, printed: str, lang: Language) -> str:
    """Return what a line item is called; a row of the filer's own goes by its print.

    >>> item_label("total_assets", "资产总计", "en"), item_label("net_profit", "四、净利润", "zh")
    ('Total assets', '净利润')
    """
    known = load("cas").by_id.get(item)
    if known is None:
        return printed
    return known.label if lang == "zh" else item.replace("_", " ").capitalize()


def derived(name: str, lang: Language) -> str | None:
    """Return what a quantity that several formulas share is called."""
    known = DERIVED.get(name)
    return known[lang == "en"] if known else None


def mark(kind: str, lang: Language) -> Mark:
    """Return a mark and the word for it."""
    sign, text = MARKS[kind]
    return Mark(kind, sign, say(text, lang))


def marks_of(*fields: Field[object], lang: Language) -> tuple[Mark, ...]:
    """Return the marks that fields have: not read, in doubt, repaired."""
    found = []
    if any(field.state is FieldState.UNREADABLE for field in fields):
        found.append("unread")
    elif any(is_doubtful(field) for field in fields):
        found.append("doubt")
    if any(field.repaired for field in fields):
        found.append("repaired")
    return tuple(mark(kind, lang) for kind in found)


def is_doubtful(field: Field[object]) -> bool:
    """Return whether something stands there that nobody stands behind."""
    stands = field.state in {FieldState.PRESENT, FieldState.UNREADABLE}
    return stands and not field.accepted


MARKS: Final = {
    "accepted": ("✔", "accepted: the machine stands behind the value"),
    "doubt": ("?", "not sure: compare with the picture"),
    "unread": ("✕", "something stands there and could not be read"),
    "repaired": ("~", "repaired: the sums prove another reading"),
    "restated": ("†", "restated: a later report prints another figure"),
    "conflict": ("≠", "conflict: two papers differ"),
}
"""The signs beside values, and what they mean."""
