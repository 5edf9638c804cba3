"""A former name on a statement: accepted by a notice that surely says so, and by nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest

from schemas.findings import Finding, Severity
from schemas.records import Extracted
from tests.builders import (
    BALANCE,
    CASH,
    CLOSING,
    COMPANY,
    FORMER,
    INCOME,
    absent,
    dossier,
    field,
    licence,
    notice,
    statement,
    unread,
)
from validators.books import books
from validators.policy import load_policy
from validators.rulebook import RULEBOOK

POLICY = load_policy("sme_small")


def found(code: str, *papers: Extracted) -> list[Finding]:
    return list(RULEBOOK[code].findings(dossier(*papers), POLICY))


@pytest.mark.parametrize(
    "doubt",
    [
        {"name": field(COMPANY, accepted=False)},
        {"former_name": unread()},
        {"issued_on": absent(date)},
        {"issued_on": field(date(2026, 12, 31), accepted=False)},
        {"issued_on": field(CLOSING - timedelta(days=1))},
    ],
)
def test_a_notice_that_may_not_say_so_goes_to_a_person(doubt: dict[str, Any]) -> None:
    paper = statement(CASH, entity=field(FORMER))
    (one,) = found("statements.entity_mismatch", licence(), paper, notice(**doubt))

    assert one.severity is Severity.ERROR
    assert not found("statements.former_name", licence(), paper, notice(**doubt))


@pytest.mark.parametrize(
    "other",
    [
        {"name": field("示例市另一家有限公司")},
        {"former_name": field("示例市另一家有限公司")},
        {"former_name": absent(), "name": absent()},
    ],
)
def test_a_notice_of_other_names_changes_nothing(other: dict[str, Any]) -> None:
    paper = statement(CASH, entity=field(FORMER))
    (one,) = found("statements.entity_mismatch", licence(), paper, notice(**other))

    assert one.severity is Severity.RETURN


def test_a_former_name_that_was_not_surely_read_is_never_accepted() -> None:
    unsure = statement(CASH, entity=field(FORMER, accepted=False))
    paper = statement(CASH, entity=field(FORMER))
    licensed = licence(name=field(COMPANY, accepted=False))
    by_entity = found("statements.entity_mismatch", licence(), unsure, notice())
    by_licence = found("statements.entity_mismatch", licensed, paper, notice())

    assert [one.severity for one in (*by_entity, *by_licence)] == [Severity.ERROR] * 2


def test_the_day_of_the_notice_is_the_last_for_a_former_name() -> None:
    papers = licence(), statement(CASH, entity=field(FORMER)), notice(issued_on=field(CLOSING))

    assert not found("statements.entity_mismatch", *papers)
    assert len(found("statements.former_name", *papers)) == 1


def test_the_years_before_and_after_a_change_of_name_are_held_together() -> None:
    earlier, later = statement(BALANCE, entity=field(FORMER)), statement(INCOME)
    doubtful = notice(name=field(COMPANY, accepted=False))
    (one,) = books(dossier(earlier, later, notice()))

    assert one.entity is not None
    assert one.entity.value == COMPANY
    assert len(books(dossier(earlier, later, doubtful))) == 2
