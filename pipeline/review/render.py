"""Sets pages in type. All text is escaped by the template engine; a missing name is an error."""

import functools
from datetime import datetime, timedelta, timezone
from importlib import resources
from typing import Any, Final

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.report.values import money
from pipeline.review.words import (
    APPROVALS,
    OUTCOMES,
    REJECTIONS,
    ROLES,
    SEVERITIES,
    STATES,
    STEPS,
    say,
)
from schemas.messages import Language, Term

_CHINA: Final = timezone(timedelta(hours=8))
_TERMS: Final = {
    **{f"state.{key.value}": term for key, term in STATES.items()},
    **{f"step.{key}": term for key, term in STEPS.items()},
    **{f"outcome.{key.value}": term for key, term in OUTCOMES.items()},
    **{f"severity.{key.value}": term for key, term in SEVERITIES.items()},
    **{f"role.{key.value}": term for key, term in ROLES.items()},
    **APPROVALS,
    **REJECTIONS,
}


def render(template: str, lang: Language, request: Request, **values: Any) -> str:
    """Return a page in a language."""

    def told(text: str, **params: object) -> str:
        return _opened(say(text, lang, **params))

    def term(kind: str, value: object) -> str:
        known = _TERMS.get(f"{kind}.{value}")
        return _opened(known.text(lang) if known else str(value).replace("_", " "))

    return (
        _environment()
        .get_template(template)
        .render(
            lang=lang,
            t=told,
            term=term,
            at=functools.partial(_at, lang=lang),
            money=money,
            root=request.scope.get("root_path", ""),
            here=request.url.path,
            **values,
        )
    )


def _opened(text: str) -> str:
    """Return a text that stands by itself with a capital at its beginning.

    >>> _opened("sign in"), _opened("登录")
    ('Sign in', '登录')
    """
    return text[:1].upper() + text[1:]


def words(terms: dict[str, Term], lang: Language) -> dict[str, str]:
    """Return terms as text."""
    return {code: term.text(lang) for code, term in terms.items()}


def _at(moment: datetime | None, lang: Language) -> str:
    """Return a moment as people of the bank write it, in China's time."""
    if moment is None:
        return ""
    there = moment.astimezone(_CHINA)
    return f"{there:%m-%d %H:%M}" if lang == "zh" else f"{there:%d %b %H:%M}"


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pipeline.review", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def static_folder() -> str:
    """Return where scripts and style sheets lie."""
    return str(resources.files("pipeline.review") / "static")
