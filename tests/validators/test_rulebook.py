"""Every rule objects to its case, to nothing else there, and to nothing in a clean package."""

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from schemas.documents import DocumentKind, RefusedFile
from schemas.fields import Field
from schemas.findings import Finding, Severity
from schemas.licence import EntityType, Term
from schemas.messages import catalogue, message, placeholders, remedy
from schemas.records import Dossier, OtherDocument
from schemas.statements import Context, Scope
from tests.builders import (
    APPLIED,
    BALANCE,
    CASH,
    INCOME,
    absent,
    amended,
    clean,
    credit_code,
    doubted,
    field,
    licence,
    package,
    raised_by,
    reading,
    set_to,
    statement,
    stray,
    unread,
)
from validators import rulebook
from validators.policy import load_policy
from validators.reference import rules_page
from validators.rulebook import RULEBOOK, check

ROOT = Path(__file__).parents[2]
POLICY = load_policy("sme_small")
COVER = OtherDocument(kind=DocumentKind.UNKNOWN, pages=(1,))


def with_licence(**changes: object) -> Dossier:
    return clean(licence=licence(**changes))


def with_balance(item: str, context: Context = Context.END, by: int = 500) -> Dossier:
    return clean(balance=amended(statement(BALANCE), item, context, raised_by(by)))


def unreadable_file() -> Dossier:
    papers = clean()
    refused = RefusedFile(name="b.pdf", sha256="b", size=9, code="document.encrypted")
    return package(*papers.readings, refused=(refused,))


def old_number() -> Dossier:
    return with_licence(
        unified_social_credit_code=absent(), registration_number=field("440301103448669")
    )


def parent_only() -> Dossier:
    """A set for the group, and of the parent company the balance sheet alone."""
    group = [statement(kind, scope=Scope.CONSOLIDATED) for kind in (BALANCE, INCOME, CASH)]
    parent = statement(BALANCE, scope=Scope.PARENT)
    papers = (licence(), *group, parent)
    return package(*(reading(paper, name=f"{n}.pdf") for n, paper in enumerate(papers)))


def with_an_unread_total() -> Dossier:
    paper = amended(statement(INCOME), "net_profit", Context.CURRENT, doubted)
    return clean(income=paper)


def with_a_stray_row() -> Dossier:
    paper = statement(BALANCE)
    return clean(balance=paper.model_copy(update={"rows": (*paper.rows, stray("0"))}))


def all_dated(closing: date | None) -> Dossier:
    return clean(
        balance=statement(BALANCE, closing=closing),
        income=statement(INCOME, closing=closing),
        cash=statement(CASH, closing=closing),
    )


def a_branch() -> Dossier:
    return with_licence(
        entity_type=EntityType.BRANCH,
        company_type=field("有限责任公司分公司"),
        registered_capital=absent(),
    )


def mended(old: Field[Decimal]) -> Field[Decimal]:
    return old.model_copy(update={"repaired": True})


CASES: dict[str, Callable[[], Dossier]] = {
    "package.empty": package,
    "package.unreadable_file": unreadable_file,
    "package.missing_document": lambda: clean(without=CASH),
    "package.incomplete_statements": parent_only,
    "reading.nothing_recognised": lambda: package(*clean().readings, reading(COVER, name="x.pdf")),
    "licence.code_check": lambda: with_licence(
        unified_social_credit_code=field(credit_code()[:17] + "?")
    ),
    "licence.registration_number_check": lambda: with_licence(
        registration_number=field("440301103448668")
    ),
    "licence.number_missing": lambda: with_licence(unified_social_credit_code=unread()),
    "licence.superseded_form": old_number,
    "licence.type_code_mismatch": lambda: with_licence(
        unified_social_credit_code=field(credit_code("92"))
    ),
    "licence.branch": a_branch,
    "licence.dates_order": lambda: with_licence(issue_date=field(date(2014, 1, 1))),
    "licence.expired": lambda: with_licence(
        business_term=field(Term(start=date(2015, 3, 5), end=date(2026, 10, 14)))
    ),
    "licence.expires_soon": lambda: with_licence(
        business_term=field(Term(start=date(2015, 3, 5), end=date(2026, 12, 31)))
    ),
    "licence.mandatory_field_missing": lambda: with_licence(business_scope=absent()),
    "licence.capital_not_positive": lambda: with_licence(registered_capital=field(Decimal(0))),
    "licence.repaired_key_field": lambda: with_licence(
        unified_social_credit_code=field(credit_code(), accepted=False, repaired=True)
    ),
    "licence.key_field_unaccepted": lambda: with_licence(name=field("示例", accepted=False)),
    "statements.no_rows": lambda: clean(balance=statement(BALANCE, {})),
    "statements.unaccepted_key_cells": with_an_unread_total,
    "statements.unaccepted_cells": lambda: clean(
        balance=amended(statement(BALANCE), "inventories", Context.BEGIN, doubted)
    ),
    "statements.repaired_cells": lambda: clean(
        balance=amended(statement(BALANCE), "inventories", Context.END, mended)
    ),
    "statements.unmapped_rows": with_a_stray_row,
    "statements.unit_assumed": lambda: clean(cash=statement(CASH, scale_printed=False)),
    "statements.undated": lambda: all_dated(None),
    "statements.future_dated": lambda: all_dated(date(2026, 12, 31)),
    "statements.stale": lambda: all_dated(date(2026, 6, 30)),
    "statements.entity_mismatch": lambda: clean(
        cash=statement(CASH, entity=field("示例市另一家有限公司"))
    ),
    "statements.entity_unread": lambda: clean(cash=statement(CASH, entity=unread())),
    "statements.balance": lambda: with_balance("total_assets"),
    "statements.subtotal": lambda: with_balance("inventories"),
    "statements.cash_roll": lambda: clean(
        cash=amended(statement(CASH), "cash_equivalents_end", Context.CURRENT, set_to(1))
    ),
}
"""For every rule a package that is clean but for the one thing that it objects to."""

ALONGSIDE = {
    "package.empty": {"package.missing_document"},  # nothing is there
    "licence.key_field_unaccepted": {"statements.entity_mismatch"},  # the name is another
    "statements.unaccepted_key_cells": {"statements.unaccepted_cells"},  # it is counted too
    "statements.balance": {"statements.subtotal"},  # the total is in both
}
"""What else is then said, because it is so."""


def codes(dossier: Dossier) -> list[str]:
    return [finding.code for finding in check(dossier, POLICY)]


def test_a_clean_package_has_no_finding() -> None:
    assert check(clean(), POLICY) == ()


def test_every_rule_has_a_case() -> None:
    assert list(CASES) == list(RULEBOOK)


@pytest.mark.parametrize("code", CASES)
def test_a_rule_objects_to_its_case_and_no_other_rule_does(code: str) -> None:
    assert set(codes(CASES[code]())) == {code} | ALONGSIDE.get(code, set())


@pytest.mark.parametrize("code", CASES)
def test_what_a_rule_says_can_be_said_in_both_languages(code: str) -> None:
    (one, *_) = (found for found in check(CASES[code](), POLICY) if found.code == code)
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
    pointless |= {"statements.stale"}  # of the package as a whole
    for one in check(CASES[code](), POLICY):
        if one.code == code and code not in pointless:
            assert one.evidence or one.subject


@pytest.mark.parametrize("code", CASES)
def test_a_finding_never_holds_what_is_written_of_a_person(code: str) -> None:
    for one in check(CASES[code](), POLICY):
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

    assert found == ()
