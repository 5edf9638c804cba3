from datetime import date
from decimal import Decimal

import pytest

from schemas.fields import Field
from schemas.findings import Finding, Severity
from schemas.licence import BusinessLicence, EntityType, Term
from schemas.licence_forms import licence_forms
from tests.builders import (
    APPLIED,
    absent,
    blank,
    clean,
    credit_code,
    dossier,
    field,
    licence,
    unread,
)
from validators.policy import load_policy
from validators.rulebook import RULEBOOK, check
from validators.rules.licence_fields import KEY_FIELDS

POLICY = load_policy("sme_small")
OLD = field("440301103448669")
OLD_SOLE_TRADER = field("440301610344867")


def found(code: str, paper: BusinessLicence, applied_on: date = APPLIED) -> list[Finding]:
    return list(RULEBOOK[code].findings(dossier(paper, applied_on=applied_on), POLICY))


def term(end: date | None, *, accepted: bool = True) -> Field[Term]:
    return field(Term(start=date(2015, 3, 5), end=end), accepted=accepted)


# Numbers


@pytest.mark.parametrize(
    ("code", "reasons"),
    [
        (credit_code()[:17], "length"),
        (credit_code()[:17] + "I", "alphabet"),
        (credit_code(division="990000"), "region"),
        (credit_code("52"), "not_licence"),
        (credit_code()[:8] + "2" + credit_code()[9:], "body_check,check"),
    ],
)
def test_a_code_that_does_not_hold_says_everything_that_is_wrong(code: str, reasons: str) -> None:
    (one,) = found("licence.code_check", licence(unified_social_credit_code=field(code)))

    assert one.params["reasons"] == reasons


@pytest.mark.parametrize("number", [absent(), unread(), blank()])
def test_a_number_that_was_not_read_is_not_checked_but_missed(number: Field[str]) -> None:
    paper = licence(unified_social_credit_code=number, registration_number=number)

    assert not found("licence.code_check", paper)
    assert not found("licence.registration_number_check", paper)
    assert found("licence.number_missing", paper)


def test_an_old_number_instead_of_a_code_is_a_number() -> None:
    paper = licence(unified_social_credit_code=absent(), registration_number=OLD)

    assert not found("licence.number_missing", paper)
    assert not found("licence.registration_number_check", paper)


@pytest.mark.parametrize(
    ("paper", "applied_on"),
    [
        (licence(unified_social_credit_code=absent(), registration_number=OLD), date(2017, 12, 31)),
        (licence(unified_social_credit_code=unread(), registration_number=OLD), APPLIED),
        (licence(registration_number=OLD), APPLIED),
        (
            licence(
                entity_type=EntityType.INDIVIDUAL_BUSINESS,
                unified_social_credit_code=absent(),
                registration_number=OLD,
            ),
            APPLIED,
        ),
        (
            licence(
                entity_type=None,
                unified_social_credit_code=absent(),
                registration_number=OLD_SOLE_TRADER,
            ),
            APPLIED,
        ),
    ],
    ids=["before 2018", "the code was not read", "both", "a sole trader", "one by its number"],
)
def test_a_licence_without_a_code_is_good_for_some(
    paper: BusinessLicence, applied_on: date
) -> None:
    assert not found("licence.superseded_form", paper, applied_on)


@pytest.mark.parametrize(("sure", "severity"), [(True, Severity.RETURN), (False, Severity.ERROR)])
def test_an_applicant_is_never_asked_to_mend_what_may_be_our_misreading(
    *, sure: bool, severity: Severity
) -> None:
    number = field("440301103448669", accepted=sure)
    old = licence(entity_type=None, unified_social_credit_code=absent(), registration_number=number)
    late = licence(business_term=term(date(2020, 1, 1), accepted=sure))

    assert [one.severity for one in found("licence.superseded_form", old)] == [severity]
    assert [one.severity for one in found("licence.expired", late)] == [severity]


@pytest.mark.parametrize("kind", EntityType)
def test_a_type_goes_with_its_own_codes_only(kind: EntityType) -> None:
    allowed = licence_forms().entity(kind).uscc_prefix
    for prefix in ("91", "92", "93"):
        paper = licence(entity_type=kind, unified_social_credit_code=field(credit_code(prefix)))
        assert bool(found("licence.type_code_mismatch", paper)) is (prefix not in allowed)


@pytest.mark.parametrize(
    "paper",
    [
        licence(entity_type=None, unified_social_credit_code=field(credit_code("92"))),
        licence(unified_social_credit_code=unread()),
        licence(unified_social_credit_code=field(credit_code("52"))),
    ],
    ids=["type unknown", "code unread", "no code of a licence"],
)
def test_a_type_is_not_compared_with_what_is_not_known(paper: BusinessLicence) -> None:
    assert not found("licence.type_code_mismatch", paper)


# Dates


@pytest.mark.parametrize(
    ("established", "issued", "words"),
    [
        (date(2020, 1, 1), date(2019, 12, 31), "established_date,issue_date"),
        (date(2026, 10, 16), None, "established_date,applied_on"),
        (date(2015, 1, 1), date(2026, 10, 16), "issue_date,applied_on"),
        (date(2026, 10, 15), date(2026, 10, 15), None),
        (None, date(2019, 1, 1), None),
        (None, None, None),
    ],
)
def test_establishment_issue_and_application_follow_each_other(
    established: date | None, issued: date | None, words: str | None
) -> None:
    paper = licence(
        established_date=field(established) if established else unread(date),
        issue_date=field(issued) if issued else absent(date),
    )

    said = [one.params["dates"] for one in found("licence.dates_order", paper)]
    assert said == ([words] if words else [])


@pytest.mark.parametrize(
    ("end", "expired", "soon"),
    [
        (date(2026, 10, 14), True, False),
        (date(2026, 10, 15), False, True),  # the day of application is still within
        (date(2027, 1, 13), False, True),  # the 90th day
        (date(2027, 1, 14), False, False),
        (None, False, False),
    ],
)
def test_a_term_is_over_the_day_after_and_noticed_for_ninety_days(
    end: date | None, *, expired: bool, soon: bool
) -> None:
    paper = licence(business_term=term(end))

    assert bool(found("licence.expired", paper)) is expired
    assert bool(found("licence.expires_soon", paper)) is soon


def test_licences_since_2022_print_no_term() -> None:
    paper = licence(business_term=absent(Term))

    assert not found("licence.expired", paper)
    assert not found("licence.expires_soon", paper)


# Fields


@pytest.mark.parametrize("state", [absent(), blank(), unread()])
@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("address", Severity.ERROR),
        ("business_scope", Severity.ERROR),
        ("issue_date", Severity.WARN),
        ("registration_authority", Severity.WARN),
    ],
)
def test_what_the_law_asks_for_is_missed_and_what_the_seal_hides_is_pointed_out(
    name: str, severity: Severity, state: Field[str]
) -> None:
    paper = licence(**{name: state})
    said = found("licence.mandatory_field_missing", paper)

    assert [(one.params["field"], one.severity) for one in said] == [(name, severity)]


def test_a_partnership_has_no_registered_capital_and_a_company_has() -> None:
    none = absent(Decimal)
    company = licence(registered_capital=none)
    partnership = licence(entity_type=EntityType.PARTNERSHIP, registered_capital=none)

    assert found("licence.mandatory_field_missing", company)
    assert not found("licence.mandatory_field_missing", partnership)


def test_where_the_type_is_not_known_only_what_all_types_have_is_missed() -> None:
    paper = BusinessLicence(pages=(1,))
    said = [one.params["field"] for one in found("licence.mandatory_field_missing", paper)]

    assert said == [
        "company_type",
        "address",
        "legal_representative",
        "established_date",
        "business_scope",
    ]


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-1)])
def test_a_capital_is_more_than_nothing(amount: Decimal) -> None:
    assert found("licence.capital_not_positive", licence(registered_capital=field(amount)))
    assert not found("licence.capital_not_positive", licence(registered_capital=absent(Decimal)))


@pytest.mark.parametrize("name", KEY_FIELDS)
def test_a_key_field_that_is_not_sure_holds_the_package_up(name: str) -> None:
    known = getattr(licence(registration_number=OLD), name)
    doubtful = known.model_copy(update={"accepted": False})
    repaired = doubtful.model_copy(update={"repaired": True})

    assert found("licence.key_field_unaccepted", licence(**{name: doubtful}))
    assert found("licence.repaired_key_field", licence(**{name: repaired}))
    assert not found("licence.key_field_unaccepted", licence(**{name: repaired}))
    assert not found("licence.repaired_key_field", licence(**{name: doubtful}))


def test_an_optional_key_field_that_could_not_be_read_is_told_once() -> None:
    half_read = Field[Term].model_validate(
        unread(Term).model_dump() | {"state": "present", "raw": "2015年…"}
    )

    assert found("licence.key_field_unaccepted", licence(business_term=unread(Term)))
    assert found("licence.key_field_unaccepted", licence(business_term=half_read))
    assert not found("licence.key_field_unaccepted", licence(business_term=absent(Term)))
    assert not found("licence.key_field_unaccepted", licence(name=unread()))
    assert found("licence.mandatory_field_missing", licence(name=unread()))


def test_a_product_that_asks_for_no_licence_does_not_rest_on_one() -> None:
    policy = POLICY.model_copy(update={"documents": ()})
    papers = clean(licence=licence(name=field("示例", accepted=False)))

    assert "licence.key_field_unaccepted" not in {one.code for one in check(papers, policy)}
