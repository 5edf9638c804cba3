"""The generated pages are those of this code, and nothing is left out of them."""

import json
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from docs.generate import HERE, PAGES
from pipeline.cli.exits import ExitCode
from pipeline.settings import Settings
from schemas.messages import catalogue
from validators.rulebook import RULEBOOK

ROOT = HERE.parent


def relative(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_new_as_the_code(name: str) -> None:
    assert (HERE / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"


def test_every_code_has_one_place_to_read_about_it() -> None:
    rules = re.findall(r"^## `(.+)`$", PAGES["rules.md"](), re.MULTILINE)
    errors = re.findall(r'<a id="(.+)"></a>', PAGES["errors.md"]())
    readers = set(catalogue().findings) - set(RULEBOOK)

    assert sorted(rules) == sorted(RULEBOOK)
    assert sorted(errors) == sorted({*catalogue().errors, *readers})


def names(model: type[BaseModel], prefix: str) -> list[str]:
    found: list[str] = []
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            found += names(info.annotation, f"{prefix}{name.upper()}__")
        else:
            found.append(prefix + name.upper())
    return found


def test_every_setting_is_explained() -> None:
    page = PAGES["settings.md"]()
    rows = re.findall(r"^\| `(ZISHEN_\w+)` \| (.+) \| (.+) \| (.*) \|$", page, re.MULTILINE)

    assert sorted(row[0] for row in rows) == sorted(names(Settings, "ZISHEN_"))
    assert not [name for name, *cells in rows if not all(cells)]


def test_every_command_and_exit_code_is_explained() -> None:
    page = PAGES["cli.md"]()
    commands = re.findall(r"^## `(zishen.*)`\n\n(.*)$", page, re.MULTILINE)
    exits = re.findall(r"^\| (\d+) \| `(\w+)` \| (.+) \|$", page, re.MULTILINE)

    assert {"zishen", "zishen review", "zishen batch", "zishen extract"} <= dict(commands).keys()
    assert all(sentence for _, sentence in commands)
    assert {(int(code), name) for code, name, _ in exits} == {(e.value, e.name) for e in ExitCode}


def test_the_schema_describes_every_key_of_the_output() -> None:
    schema = json.loads((HERE / "extract.schema.json").read_text(encoding="utf-8"))

    for part in (schema, *schema["$defs"].values()):
        if part.get("type") == "object" and "properties" in part:
            assert part["additionalProperties"] is False, part["title"]
    assert {"schema_version", "source", "documents", "findings"} <= set(schema["properties"])


@pytest.mark.parametrize(
    "page", sorted(ROOT.glob("*.md")) + sorted(HERE.rglob("*.md")), ids=relative
)
def test_a_link_between_our_pages_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in target]

    assert not [target for target in targets if not (page.parent / target).exists()]


def test_every_decision_has_the_four_parts_and_a_number_of_its_own() -> None:
    pages = sorted((HERE / "adr").glob("*.md"))

    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for part in ("Context", "Decision", "Rejected", "Consequence"):
            assert f"\n## {part}" in text, f"{page.name}: {part}"


def test_every_finding_that_a_reader_makes_has_words() -> None:
    sources = [
        path.read_text(encoding="utf-8")
        for floor in ("extractors", "pipeline", "flows")
        for path in (ROOT / floor).rglob("*.py")
    ]
    made = {code for text in sources for code in re.findall(r'Finding\(\s*code="([^"]+)"', text)}

    assert made
    assert made <= set(catalogue().findings)
