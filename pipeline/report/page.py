"""Sets the view in type: one page that asks for nothing from outside.

The policy of the page lets in pictures that are part of it and the one style sheet whose hash it
names: no script, no address. All text is escaped by the template engine.
"""

import base64
import functools
import hashlib
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.report.views import Report
from pipeline.report.words import page, say


def render(report: Report) -> str:
    """Return the report as HTML."""
    style = _style()
    lang = report.lang

    def told(text: str, **params: object) -> str:
        return say(text, "zh" if lang == "zh" else "en", **params)

    return (
        _environment()
        .get_template("report.html")
        .render(r=report, t=told, page=page, style=Markup(style), policy=_policy(style))  # noqa: S704  ours
    )


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pipeline.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@functools.cache
def _style() -> str:
    folder = resources.files("pipeline.report") / "templates"
    return (folder / "report.css").read_text(encoding="utf-8")


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
