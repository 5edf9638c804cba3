"""Every rule objects to its case, to nothing else there, and to nothing in a clean package."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from schemas.findings import Finding, Severity
from schemas.licence import EntityType
from schemas.messages import catalogue, message, placeholders, remedy
from schemas.records import Dossier
from tests.builders import (
    APPLIED,
    CASH,
    absent,
    clean,
    credit_code,
    field,
    licence,
    package,
    reading,
    statement,
)
from tests.validators.cases import ALONGSIDE, CASES, POLICIES, POLICY
from validators import rulebook
from validators.policy import load_policy
from validators.reference import rules_page
from validators.rulebook import RULEBOOK, check

ROOT = Path(__file__).parents[2]


def case(code: str) -> tuple[Finding, ...]:
    return check(CASES[code](), POLICIES.get(code, POLICY))


def codes(dossier: Dossier) -> list[str]:
    return [finding.code for finding in check(dossier, POLICY)]


def test_a_clean_package_has_no_finding() -> None:
    assert check(clean(), POLICY) == ()


def test_every_rule_has_a_case() -> None:
    assert list(CASES) == list(RULEBOOK)


@pytest.mark.parametrize("code", CASES)
def test_a_rule_objects_to_its_case_and_no_other_rule_does(code: str) -> None:
    assert {one.code for one in case(code)} == {code} | ALONGSIDE.get(code, set())


@pytest.mark.parametrize("code", CASES)
def test_what_a_rule_says_can_be_said_in_both_languages(code: str) -> None:
    (one, *_) = (found for found in case(code) if found.code == code)
    entry = catalogue().findings[code]

    assert set(one.params) == placeholders(entry.zh + entry.remedy_zh)
    for lang in ("zh", "en"):
        said = message(one, lang) + remedy(one, lang)
        assert "{" not in said
        assert "_" not in said, "a param was not a word of the catalogue"


@pytest.mark.parametrize("code", CASES)
def test_a_finding_leads_to_its_evidence(code: str) -> None:
    """Where a value is objected to, the finding points at it; where one is missing, at the file."""
    pointless = {"package.empty", "package.missing_document", "package.incomplete_statements"}
    pointless |= {
        "statements.stale",
        "package.not_checked",
        "statements.years_missing",
    }  # of the package as a whole
    for one in case(code):
        if one.code == code and code not in pointless:
            assert one.evidence or one.subject


@pytest.mark.parametrize("code", CASES)
def test_a_finding_never_holds_what_is_written_of_a_person(code: str) -> None:
    for one in case(code):
        assert "某某" not in "".join(one.params.values())


@pytest.mark.parametrize("code", RULEBOOK)
def test_whom_a_message_speaks_to_is_who_acts_on_its_severity(code: str) -> None:
    acts = {
        Severity.INFO: "nobody",
        Severity.WARN: "underwriter",
        Severity.RETURN: "applicant",
        Severity.ERROR: "reviewer",
    }

    assert catalogue().findings[code].who == acts[RULEBOOK[code].severity]


@pytest.mark.parametrize("code", RULEBOOK)
def test_a_rule_has_one_sentence_and_a_place_in_the_reference(code: str) -> None:
    sentence = RULEBOOK[code].sentence

    assert sentence.endswith((".", "exempt."))
    assert f"## `{code}`" in rules_page()
    assert sentence in rules_page()


def test_every_finding_that_has_words_is_made_by_a_rule_or_a_reader() -> None:
    assert set(RULEBOOK) <= set(catalogue().findings)


def test_the_rules_speak_in_the_order_of_the_rulebook() -> None:
    found = codes(clean(licence=licence(name=absent()), cash=statement(CASH, scale_printed=False)))

    assert found == sorted(found, key=list(RULEBOOK).index)


def test_what_the_readers_remark_is_kept_but_never_said_twice() -> None:
    remarks = tuple(
        Finding(code=code, severity=Severity.WARN)
        for code in ("reader.remark", "reading.nothing_recognised")
    )
    papers = clean()
    noted = papers.readings[0].model_copy(update={"findings": remarks})

    found = check(papers.model_copy(update={"readings": (noted, *papers.readings[1:])}), POLICY)

    assert [finding.code for finding in found] == ["reader.remark"]


def test_two_rules_cannot_share_a_code() -> None:
    with pytest.raises(ValueError, match="same code"):
        rulebook._table((*rulebook.RULE_MODULES, rulebook.RULE_MODULES[0]))  # noqa: SLF001


@pytest.mark.parametrize(
    "changed", ["validators/arithmetic.py", "validators/rules/sums.py", "schemas/data/x.yaml"]
)
def test_the_version_changes_with_any_rule_or_table(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package_ in ("validators", "schemas"):
        shutil.copytree(ROOT / package_, tmp_path / package_)
    monkeypatch.setattr(rulebook.resources, "files", lambda name: tmp_path / name)
    before = rulebook._version()  # noqa: SLF001

    assert rulebook._version() == before  # noqa: SLF001
    with (tmp_path / changed).open("a", encoding="utf-8") as file:
        file.write("# another\n")
    assert rulebook._version() != before  # noqa: SLF001


def test_a_sole_trader_needs_a_licence_and_nothing_else() -> None:
    paper = licence(
        entity_type=EntityType.INDIVIDUAL_BUSINESS,
        unified_social_credit_code=field(credit_code("92")),
        registered_capital=absent(Decimal),
        name=absent(),
    )

    found = check(package(reading(paper), applied_on=APPLIED), load_policy("sole_trader"))

    assert [one.code for one in found] == ["package.not_checked"]
