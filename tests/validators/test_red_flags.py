from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from schemas.records import Dossier
from schemas.statements import Context
from tests.builders import (
    BALANCE,
    CASH,
    INCOME,
    dossier,
)
from tests.validators.accounts import CLOSING, EXAMPLE, OPENING, but, times, whole, year
from validators.figures import Reason
from validators.red_flags import NOT_FROM_STATEMENTS, flags_of, red_flags
from validators.spreads import spread

SEPTEMBER = date(2024, 9, 30)


def fired(package: Dossier, day: date = CLOSING) -> set[str]:
    return {flag.id for flag in red_flags(package) if flag.period == day}


def test_no_flag_fires_for_the_worked_example() -> None:
    assert fired(whole()) == set()


@pytest.mark.parametrize(
    ("flag", "item", "amounts"),
    [
        ("F01", "accounts_receivable", {Context.END: 30000, Context.BEGIN: 12600}),
        ("F02", "inventories", {Context.END: 20000, Context.BEGIN: 11300}),
        ("F03", "other_receivables", {Context.END: 10000, Context.BEGIN: 820}),
        ("F04", "prepayments", {Context.END: 15000, Context.BEGIN: 1350}),
        ("F05", "net_cash_from_operating", {Context.CURRENT: -1, Context.PRIOR: 10}),
        ("F09", "operating_cost", {Context.CURRENT: 40000, Context.PRIOR: 57600}),
        ("F10", "non_operating_income", {Context.CURRENT: 9000, Context.PRIOR: 90}),
        ("F11", "total_equity", {Context.END: -1, Context.BEGIN: 48900}),
        ("F12", "retained_earnings", {Context.END: -1, Context.BEGIN: 48900}),
        ("F13", "cash_equivalents_end", {Context.CURRENT: 18501, Context.PRIOR: 14000}),
        ("F14", "cash_equivalents_end", {Context.CURRENT: 9000, Context.PRIOR: 14000}),
        ("F15", "goodwill", {Context.END: 30000, Context.BEGIN: 1100}),
        ("F17", "income_tax_expense", {Context.CURRENT: 100, Context.PRIOR: 1500}),
        ("F18", "cash_received_from_sales", {Context.CURRENT: 60000, Context.PRIOR: 86000}),
    ],
)
def test_a_flag_fires_with_its_figures(flag: str, item: str, amounts: Any) -> None:
    package = whole(values=but(**{item: amounts}))
    found = next(one for one in red_flags(package) if one.id == flag and one.period == CLOSING)

    assert item in {figure.item for figure in found.figures}


@pytest.mark.parametrize(
    ("flag", "rows"),
    [
        ("F06", {"cash_and_bank_balances": 30000, "short_term_borrowings": 30000}),
        ("F07", {"cash_and_bank_balances": 90000}),
        ("F08", {"total_current_liabilities": 40000, "total_noncurrent_assets": 70000}),
    ],
)
def test_a_flag_of_two_conditions_wants_both(flag: str, rows: dict[str, int]) -> None:
    spoilt: Any = {item: {Context.END: n, Context.BEGIN: n} for item, n in rows.items()}
    one = dict([next(iter(spoilt.items()))])

    assert flag in fired(whole(values=but(**spoilt)))
    assert len(spoilt) == 1 or flag not in fired(whole(values=but(**one)))


def test_two_bad_years_are_one_flag_repeated() -> None:
    bad = {Context.CURRENT: -1, Context.PRIOR: -1}
    flags = [f for f in red_flags(whole(values=but(net_cash_from_operating=bad))) if f.id == "F05"]

    assert [(flag.period, flag.repeated) for flag in flags] == [(CLOSING, True), (OPENING, False)]


def test_a_flag_of_flows_and_balances_is_not_told_for_a_part_of_a_year() -> None:
    (accounts,) = spread(
        dossier(
            year(BALANCE, days=(SEPTEMBER, OPENING)),
            year(INCOME, days=(SEPTEMBER, date(2023, 9, 30))),
            year(CASH, days=(SEPTEMBER, date(2023, 9, 30))),
        )
    )
    flags = {flag.id: flag for flag in flags_of(accounts) if flag.period == SEPTEMBER}

    assert flags["F01"].fires is None
    assert flags["F01"].reason is Reason.INTERIM_NOT_ANNUALISED
    assert flags["F13"].fires is False


def test_a_flag_without_its_figures_is_not_told() -> None:
    (accounts,) = spread(dossier(year(BALANCE)))
    flags = {flag.id: flag for flag in flags_of(accounts) if flag.period == CLOSING}

    assert flags["F05"].reason is Reason.STATEMENT_MISSING
    assert set(flags).isdisjoint(NOT_FROM_STATEMENTS)


def test_a_flag_that_divides_by_nothing_is_not_told() -> None:
    none = {Context.END: 1, Context.BEGIN: 0}
    (accounts,) = spread(whole(values=but(accounts_receivable=none)))
    flag = next(f for f in flags_of(accounts) if f.id == "F01" and f.period == CLOSING)

    assert (flag.fires, flag.reason) == (None, Reason.DENOMINATOR_NOT_POSITIVE)


def test_a_flag_over_statements_of_unlike_units_is_not_told() -> None:
    (accounts,) = spread(dossier(year(BALANCE), year(INCOME), year(CASH, scale_printed=False)))
    flag = next(f for f in flags_of(accounts) if f.id == "F05" and f.period == CLOSING)

    assert (flag.fires, flag.reason) == (None, Reason.UNIT_MISSING)


def test_figures_that_are_all_round_or_all_the_same_are_flagged() -> None:
    round_ = fired(dossier(year(BALANCE, times(10_000))))
    in_wan = fired(dossier(year(BALANCE, times(10_000), scale=Decimal(10_000))))
    frozen: Any = {
        item: dict.fromkeys(amounts, amounts[Context.END])
        for item, amounts in EXAMPLE.items()
        if Context.END in amounts
    }
    same = [f for f in red_flags(dossier(year(BALANCE, frozen))) if f.id == "F20"]

    assert round_ == {"F20"}
    assert in_wan == set()
    assert [(flag.period, flag.share) for flag in same] == [(CLOSING, Decimal("1.00"))]


def test_few_amounts_say_nothing_of_roundness() -> None:
    few: Any = {"inventories": {Context.END: 10_000}, "goodwill": {Context.END: 20_000}}

    assert fired(dossier(year(BALANCE, few))) == set()
