"""Which annual statements are asked for: by the product, the day and the age of the borrower."""

from datetime import date

import pytest

from schemas.documents import DocumentKind
from tests.builders import BALANCE, clean, field, licence, statement
from tests.validators.cases import POLICY
from validators.rulebook import check

THREE = POLICY.model_copy(update={"annual_years": 3})


def missing(
    applied: date, *closings: date, founded: date = date(2015, 3, 5), years: int = 3
) -> str | None:
    papers = clean(licence=licence(established_date=field(founded)))
    sheets = tuple(statement(BALANCE, closing=day) for day in closings)
    others = tuple(one for one in papers.readings if one.documents[0].kind is not BALANCE)
    readings = (
        *others,
        *(papers.readings[1].model_copy(update={"documents": (s,)}) for s in sheets),
    )
    package = papers.package.model_copy(update={"applied_on": applied})
    papers = papers.model_copy(update={"readings": readings, "package": package})
    policy = POLICY.model_copy(update={"annual_years": years})
    found = [f for f in check(papers, policy) if f.code == "statements.years_missing"]
    return found[0].params["years"] if found else None


ALL = tuple(date(year, 12, 31) for year in (2025, 2024, 2023))


def test_all_years_are_there() -> None:
    assert missing(date(2026, 6, 1), *ALL) is None


def test_every_year_that_is_missing_is_named_the_oldest_first() -> None:
    assert missing(date(2026, 6, 1), ALL[1]) == "2023、2025"


@pytest.mark.parametrize(("month", "told"), [(4, "2022"), (5, "2025")])
def test_until_april_the_year_before_may_be_missing_and_one_more_is_asked_for(
    month: int, told: str
) -> None:
    assert missing(date(2026, month, 15), *ALL[1:]) == told
    assert missing(date(2026, month, 15), *ALL) is None


def test_a_young_borrower_is_asked_for_the_years_that_it_has_seen_end() -> None:
    assert missing(date(2026, 6, 1), ALL[0], founded=date(2025, 2, 1)) is None
    assert missing(date(2026, 6, 1), date(2026, 3, 31), founded=date(2026, 1, 5)) is None


def test_interim_statements_and_comparative_columns_are_no_annual_report() -> None:
    assert missing(date(2026, 11, 1), date(2026, 9, 30), years=1) == "2025"


def test_a_product_that_asks_for_none_and_a_package_without_statements_are_not_told() -> None:
    assert missing(date(2026, 6, 1), date(2026, 3, 31), years=0) is None
    bare = clean(without=DocumentKind.BALANCE_SHEET)
    assert "statements.years_missing" not in {f.code for f in check(bare, THREE)}
