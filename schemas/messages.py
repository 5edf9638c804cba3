"""The words for findings and errors, in Chinese and in English, from schemas/data/messages.yaml.

Templates are filled with the params of a finding. A param that is a word of the catalogue
(`balance_sheet`, `body_check`) is said in the language of the message; several are joined with
commas.
"""

import functools
from collections.abc import Mapping
from string import Formatter
from typing import Literal

from schemas.base import Model
from schemas.errors import PolicyError
from schemas.findings import Finding
from schemas.tables import read_model
from schemas.taxonomy import load

Language = Literal["zh", "en"]
Who = Literal["applicant", "reviewer", "underwriter", "operator", "nobody", "developer"]


class Entry(Model):
    """What is wrong, what to do about it, and who should, in both languages."""

    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    who: Who

    def text(self, lang: Language) -> str:
        """Return the template of the message."""
        return self.zh if lang == "zh" else self.en

    def remedy(self, lang: Language) -> str:
        """Return the template of the remedy."""
        return self.remedy_zh if lang == "zh" else self.remedy_en


class Term(Model):
    """A word that stands in params."""

    zh: str
    en: str

    def text(self, lang: Language) -> str:
        """Return the word."""
        return self.zh if lang == "zh" else self.en


class Fault(Term):
    """What a request did wrong: the status of the answer, and what to do about it.

    `page` says both to an officer, where the words for a portal would not do.
    """

    status: int
    remedy_zh: str
    remedy_en: str
    page: Term | None = None

    def remedy(self, lang: Language) -> str:
        """Return what to do about it."""
        return self.remedy_zh if lang == "zh" else self.remedy_en

    def on_page(self, lang: Language) -> str:
        """Return what an officer is told, and what to do about it."""
        if self.page is not None:
            return self.page.text(lang)
        return f"{self.text(lang)}{'' if lang == 'zh' else ' '}{self.remedy(lang)}"


class Catalogue(Model):
    """All messages by code, and the words that fill them."""

    findings: dict[str, Entry]
    errors: dict[str, Entry]
    words: dict[str, Term]
    requests: dict[str, Fault]
    states: dict[str, Term]
    steps: dict[str, Term]


@functools.cache
def catalogue() -> Catalogue:
    """Return the whole catalogue.

    Raises:
        PolicyError: the table is broken.
    """
    return read_model("messages.yaml", Catalogue)


def placeholders(template: str) -> frozenset[str]:
    """Return the names of the params that a template wants.

    >>> sorted(placeholders("{a} and {b}"))
    ['a', 'b']
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def message(finding: Finding, lang: Language) -> str:
    """Return what is wrong.

    Raises:
        PolicyError: the catalogue does not know the code, or the finding lacks a param.
    """
    return _filled(_entry(finding.code).text(lang), finding, lang)


def remedy(finding: Finding, lang: Language) -> str:
    """Return what to do about it.

    Raises:
        PolicyError: the catalogue does not know the code, or the finding lacks a param.
    """
    return _filled(_entry(finding.code).remedy(lang), finding, lang)


def called(name: str, lang: Language, own: Mapping[str, str]) -> str:
    """Return what a field, a kind of document or a period is called.

    `own` is the Chinese of the words that the catalogue lacks; in English a name is said as it is.
    """
    known = catalogue().words.get(name)
    if known is not None:
        return known.text(lang)
    spaced = name.replace("_", " ")
    return own.get(name, spaced) if lang == "zh" else spaced


def error_message(code: str, lang: Language) -> str:
    """Return what an error code means.

    Raises:
        PolicyError: the catalogue does not know the code.
    """
    return _error(code).text(lang)


def error_remedy(code: str, lang: Language) -> str:
    """Return what to do about an error.

    Raises:
        PolicyError: the catalogue does not know the code.
    """
    return _error(code).remedy(lang)


def _entry(code: str) -> Entry:
    try:
        return catalogue().findings[code]
    except KeyError as error:
        raise PolicyError(f"messages.yaml has no finding {code}") from error


def _error(code: str) -> Entry:
    try:
        return catalogue().errors[code]
    except KeyError as error:
        raise PolicyError(f"messages.yaml has no error {code}") from error


def _filled(template: str, finding: Finding, lang: Language) -> str:
    params = {name: _said(value, lang) for name, value in finding.params.items()}
    try:
        return template.format_map(params)
    except KeyError as error:
        raise PolicyError(f"{finding.code} lacks the param {error}") from error


def _said(value: str, lang: Language) -> str:
    """Say the words of a comma-separated param that are known; keep a value with any other."""
    said = [_word(part, lang) for part in value.split(",")]
    known = [word for word in said if word is not None]
    return ("、" if lang == "zh" else ", ").join(known) if len(known) == len(said) else value


def _word(part: str, lang: Language) -> str | None:
    book = catalogue()
    if part in book.words:
        return book.words[part].text(lang)
    if part in book.errors:
        return book.errors[part].text(lang).rstrip("。.")
    for name in ("cas", "small", "ifrs"):
        if part in (items := load(name).by_id):
            return items[part].label if lang == "zh" else part.replace("_", " ")
    return None
