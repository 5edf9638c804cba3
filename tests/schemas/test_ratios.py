from decimal import Decimal
from typing import Any

import pytest

from schemas.errors import PolicyError
from schemas.expressions import Name, Number, Operation, names, parse
from schemas.ratios import Derived, RatioTable, checked, reference


def test_formulas_are_read_and_not_run() -> None:
    assert parse("-a/0.3 > 1") == Operation(
        ">",
        (
            Operation("/", (Operation("-", (Name("a"),)), Number(Decimal("0.3")))),
            Number(Decimal(1)),
        ),
    )
    assert list(names(parse("max(a, abs(b))"))) == ["a", "b"]


@pytest.mark.parametrize(
    "text", ["__import__('os')", "a.b", "a[0]", "a**2", "max(a)", "abs(a, b)", "a <= b", "True", ""]
)
def test_anything_else_is_no_formula(text: str) -> None:
    with pytest.raises(PolicyError):
        parse(text)


@pytest.mark.parametrize("name", ["inventories_cur", "net_profit_end", "nothing_end", "x"])
def test_an_unknown_name_stops_the_loading(name: str) -> None:
    with pytest.raises(PolicyError, match="unknown name"):
        reference(name)


@pytest.mark.parametrize(
    ("derived", "fallbacks"),
    [
        ((Derived(id="a", expr="inventory_end"),), ()),
        ((Derived(id="a", expr="1"), Derived(id="a", expr="2")), ()),
        ((), ({"item": "nothing", "instead": "net_profit"},)),
    ],
)
def test_a_broken_table_is_told_when_it_is_loaded(derived: Any, fallbacks: Any) -> None:
    table = RatioTable.model_validate(
        {"derived": derived, "ratios": (), "red_flags": (), "fallbacks": fallbacks}
    )

    with pytest.raises(PolicyError):
        checked(table)
