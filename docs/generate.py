"""Writes the reference pages anew: `python -m docs.generate` (or `make docs`).

What the code knows is never typed twice: rules, errors, settings, commands and the schema of the
output are taken from it, and tests/test_docs.py fails while a page is older than the code.
"""

import ast
import inspect
import json
from collections.abc import Callable, Iterator
from enum import Enum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from pipeline.api.app import routed
from pipeline.cli.app import app
from pipeline.cli.exits import ExitCode, of_code
from pipeline.database.dictionary import dictionary_page
from pipeline.settings import Settings
from schemas.contract import Extract
from schemas.errors import ZishenError
from schemas.messages import Entry, catalogue
from schemas.policy import PolicyTable
from validators.reference import rules_page
from validators.rulebook import RULEBOOK

HERE = Path(__file__).parent
_REMARKS = ("# Findings of the readers", "", "They stop nothing: remarks on what was read.", "")
_MADE = "Made by `python -m docs.generate`; do not edit."


def errors_page() -> str:
    """Return docs/errors.md: every error, and the findings that a reader makes, if any."""
    kinds = sorted(_kinds(ZishenError), key=lambda kind: kind.code)
    readers = {c: e for c, e in catalogue().findings.items() if c not in RULEBOOK}
    return "\n".join(
        [
            "# Errors",
            "",
            _MADE,
            "",
            "An error stops a file or a command; its code is public and never changes its",
            "meaning. A file with an error becomes the finding `package.unreadable_file`, and the",
            "rest of the package is still reviewed. What the rules say is in [rules.md](rules.md).",
            "",
            *(line for kind in kinds for line in _error(kind)),
            *(_REMARKS if readers else ()),
            *(line for code, entry in readers.items() for line in _section(code, "", entry)),
        ]
    )


def _error(kind: type[ZishenError]) -> list[str]:
    sentence = (inspect.getdoc(kind) or "").partition("\n")[0]
    exits = of_code(kind.code)
    return _section(
        kind.code, sentence, catalogue().errors[kind.code], f"{exits.value} ({exits.name.lower()})"
    )


def _section(code: str, sentence: str, entry: Entry, exits: str = "") -> list[str]:
    rows = [("who acts", entry.who), ("exit code", exits)]
    rows += [("zh", f"{entry.zh} {entry.remedy_zh}"), ("en", f"{entry.en} {entry.remedy_en}")]
    table = [f"| {name} | {text} |" for name, text in rows if text]
    said = [sentence, ""] if sentence else []
    return [f'## <a id="{code}"></a>`{code}`', "", *said, "| | |", "|---|---|", *table, ""]


def _kinds(base: type[ZishenError]) -> Iterator[type[ZishenError]]:
    yield base
    for kind in base.__subclasses__():
        yield from _kinds(kind)


def settings_page() -> str:
    """Return docs/settings.md: every name in the environment, with type, default and bounds."""
    return "\n".join(
        [
            "# Settings",
            "",
            _MADE,
            "",
            "Settings are read once, from the environment. A name that begins with `ZISHEN_` and",
            "is not one of these stops the start (`config.settings`), and so does a value that is",
            "out of bounds. Secrets are never printed.",
            "",
            *_sections(Settings, "ZISHEN_"),
        ]
    )


def _sections(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """Yield the table of a section and then those of the sections inside it."""
    fields = model.model_fields
    inner = {name: info for name, info in fields.items() if _is_section(info)}
    yield from ("| name | type | default | |", "|---|---|---|---|")
    for name, info in fields.items():
        if name not in inner:
            cells = (_type(info), _default(info), _text(info.description))
            yield f"| `{prefix}{name.upper()}` | {' | '.join(cells)} |"
    yield ""
    for name, info in inner.items():
        yield from (f"## {name}", "", _text(inspect.getdoc(info.annotation)), "")
        yield from _sections(info.annotation, f"{prefix}{name.upper()}__")  # type: ignore[arg-type]


def _is_section(info: FieldInfo) -> bool:
    return isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel)


def _type(info: FieldInfo) -> str:
    return _bounded(_named(info.annotation), info)


def _bounded(name: str, info: FieldInfo) -> str:
    return ", ".join([name, *(bound for limit in info.metadata if (bound := _bound(limit)))])


def _named(annotation: object) -> str:
    parts = [part for part in get_args(annotation) if part is not type(None)]
    if parts:
        return _compound(get_origin(annotation), parts)
    if annotation is SecretStr:
        return "secret"
    names = {
        bool: "true or false",
        int: "whole number",
        float: "number",
        str: "text",
        Path: "path",
        IPv4Network: "IPv4 network",
        IPv6Network: "IPv6 network",
    }
    return names.get(annotation, str(annotation))  # type: ignore[call-overload,no-any-return]


def _compound(origin: object, parts: list[Any]) -> str:
    if origin is Annotated:
        return _bounded(_named(parts[0]), parts[1])
    if origin is Literal:
        return " or ".join(f"`{part}`" for part in parts)
    if origin is tuple:
        return f"list of {_named(parts[0])}"
    if origin is dict:
        return "JSON object"
    return " or ".join(_named(part) for part in parts)


def _bound(limit: object) -> str:
    words = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    told = [
        f"{said} {getattr(limit, name)}" for name, said in words.items() if hasattr(limit, name)
    ]
    return ", ".join(told)


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    if info.default is None:
        return "none"
    return f"`{str(info.default).lower() if isinstance(info.default, bool) else info.default}`"


def cli_page() -> str:
    """Return docs/cli.md: every command with its arguments and options, and the exit codes."""
    return "\n".join(
        [
            "# Commands",
            "",
            _MADE,
            "",
            *_command(typer.main.get_command(app), "zishen"),
            "# Exit codes",
            "",
            "They say who has to act.",
            "",
            "| code | name | who acts |",
            "|---|---|---|",
            *(f"| {m.value} | `{m.name}` | {_member_docs(ExitCode)[m.name]} |" for m in ExitCode),
            "",
        ]
    )


def _command(command: Any, path: str) -> Iterator[str]:
    yield from (f"## `{path}`", "", inspect.cleandoc(command.help or ""), "")
    given = [param for param in command.params if not getattr(param, "hidden", False)]
    if given:
        yield from ("| | default | |", "|---|---|---|")
        yield from (_param(param) for param in given)
        yield ""
    for name, inner in getattr(command, "commands", {}).items():
        yield from _command(inner, f"{path} {name}")


def _param(param: Any) -> str:
    names = param.opts if param.param_type_name == "option" else [param.metavar or param.name]
    default = "required" if param.required else _shown(param.default)
    shown = ", ".join(f"`{name}`" for name in names)
    return f"| {shown} | {default} | {_text(getattr(param, 'help', ''))} |"


def _shown(default: object) -> str:
    return f"`{default}`" if isinstance(default, int | str | Path) and default else ""


def _text(words: str | None) -> str:
    """Put words on one line, as a cell of a table wants them."""
    return " ".join((words or "").split()).replace("|", "\\|")


def _member_docs(kind: type[Enum]) -> dict[str, str]:
    """Return the docstrings below the members of an enum, which Python does not keep."""
    (tree,) = ast.parse(inspect.getsource(kind)).body
    assert isinstance(tree, ast.ClassDef)  # noqa: S101  it is the source of a class
    found: dict[str, str] = {}
    for line, below in zip(tree.body, tree.body[1:], strict=False):
        match (line, below):
            case (
                ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found[name] = _text(text)
    return found


def schema_page() -> str:
    """Return docs/extract.schema.json: what `zishen extract` writes, as JSON Schema."""
    return json.dumps(Extract.model_json_schema(), ensure_ascii=False, indent=2) + "\n"


def policy_schema_page() -> str:
    """Return docs/policy.schema.json: a bank's own policy file, as JSON Schema."""
    return json.dumps(PolicyTable.model_json_schema(), ensure_ascii=False, indent=2) + "\n"


def openapi_page() -> str:
    """Return docs/openapi.json: the REST API, for programs that make clients of it."""
    return json.dumps(routed().openapi(), ensure_ascii=False, indent=2) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "rules.md": rules_page,
    "errors.md": errors_page,
    "settings.md": settings_page,
    "data-dictionary.md": lambda: dictionary_page(_MADE),
    "cli.md": cli_page,
    "extract.schema.json": schema_page,
    "openapi.json": openapi_page,
    "policy.schema.json": policy_schema_page,
}
"""Every page that is made, and what makes it."""


def main() -> None:
    """Write all pages."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
