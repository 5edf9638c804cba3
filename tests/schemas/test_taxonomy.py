"""The taxonomies are consistent in themselves, so that a sum that fails is the paper's fault."""

import re
from collections import Counter
from decimal import Decimal
from itertools import product

import pytest

from schemas.statements import Context
from schemas.tables import read_table
from schemas.taxonomy import (
    Calculation,
    Example,
    Identity,
    IdentityTerm,
    Item,
    Taxonomy,
    TaxonomyName,
    load,
)

NAMES: tuple[TaxonomyName, ...] = ("cas", "small", "ifrs", "npo")
EXAMPLES = [(load(name), example) for name in NAMES for example in load(name).examples]
PERIODS = (Context.END, Context.BEGIN, Context.CURRENT, Context.PRIOR)

each = pytest.mark.parametrize("book", [load(name) for name in NAMES], ids=NAMES)
each_example = pytest.mark.parametrize(
    ("book", "example"), EXAMPLES, ids=[example.id for _, example in EXAMPLES]
)


def repeated(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


@each
def test_ids_are_unique_words(book: Taxonomy) -> None:
    items = [item.id for item in book.items]
    checks = [calculation.id for calculation in book.calculations]
    checks += [identity.id for identity in book.identities]

    assert not repeated(items)
    assert not repeated(checks)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", item) for item in items)
    assert list(book.by_id) == items


@each
def test_every_reference_leads_to_an_item(book: Taxonomy) -> None:
    named = {name for calculation in book.calculations for name in names_in(calculation)}
    named |= {term.item for one in book.identities for term in (*one.lhs, *one.rhs)}
    named |= {name for one in book.identities for name in one.only_if_any}
    named |= {name for one in book.identities for pair in one.fallback.items() for name in pair}
    named |= {item.of_which for item in book.items if item.of_which}
    named |= {part for item in book.items for part in item.combined_of}
    named |= {name for example in book.examples for name in example.values}

    assert named <= set(book.by_id)


def names_in(calculation: Calculation) -> set[str]:
    merged = {name for row, parts in calculation.exclusive for name in (row, *parts)}
    terms = {term.item for term in calculation.terms}
    return {calculation.total, *terms, *merged, *calculation.only_if_any}


@each
def test_items_are_of_known_statements_and_forms(book: Taxonomy) -> None:
    for item in book.items:
        assert item.statement in book.titles, item.id
        assert set(item.forms) <= set(book.meta.forms), item.id
        assert set(item.sign_by_form) <= set(book.meta.forms), item.id
    for calculation in book.calculations:
        assert set(calculation.applies_to) <= set(book.meta.forms), calculation.id
        assert calculation.statement in book.titles, calculation.id


@each
def test_a_part_of_a_row_names_the_row_and_never_enters_a_total(book: Taxonomy) -> None:
    parts = {item.id for item in book.items if item.kind == "of_which"}
    headers = {item.id for item in book.items if item.kind == "header"}

    assert all(book.by_id[part].of_which for part in parts)
    for calculation in book.calculations:
        added = [term.item for term in calculation.terms]
        assert not {*added, calculation.total} & (parts | headers), calculation.id
        assert not repeated(added), calculation.id
        for row, merged in calculation.exclusive:
            assert {row, *merged} <= set(added), calculation.id


@each
def test_every_total_has_a_sum_within_its_statement(book: Taxonomy) -> None:
    totals = {calculation.total for calculation in book.calculations}

    assert {item.id for item in book.items if item.kind == "total"} <= totals
    for calculation in book.calculations:
        placed = {book.by_id[name].statement for name in names_in(calculation)}
        assert placed == {calculation.statement}, calculation.id


@each
def test_no_total_is_a_part_of_itself(book: Taxonomy) -> None:
    below: dict[str, set[str]] = {}
    for calculation in book.calculations:
        below.setdefault(calculation.total, set()).update(t.item for t in calculation.terms)

    def reaches(item: str, goal: str) -> bool:
        return any(part == goal or reaches(part, goal) for part in below.get(item, ()))

    assert not [total for total in below if reaches(total, total)]


@each
def test_a_label_that_two_rows_share_says_how_they_are_told_apart(book: Taxonomy) -> None:
    seen: dict[tuple[str, str], list[Item]] = {}
    for item in book.items:
        if item.kind != "header":
            for label in {plain(label) for label in item.labels}:
                seen.setdefault((item.statement, label), []).append(item)
    doubtful = {
        key: [item.id for item in items]
        for key, items in seen.items()
        if sum(not (item.disambiguate or item.of_which) for item in items) > 1
    }
    if book is load("ifrs"):  # 'Other payables' and its kin stand in both halves: by section
        doubtful = {
            key: ids
            for key, ids in doubtful.items()
            if len({book.by_id[name].section for name in ids}) < len(ids)
        }

    assert not doubtful


def plain(label: str) -> str:
    return re.sub(
        r"[\s:：]|^[*△☆#]+|^[一二三四五六七八九十]+、|^(加|减|其中)[:：]", "", label
    ).lower()


def test_every_form_number_belongs_to_one_statement() -> None:
    printed = load("cas").form_numbers

    assert set(printed) <= set(load("cas").titles)
    assert not repeated([number for numbers in printed.values() for number in numbers])


@each
def test_the_columns_have_headings_for_both_kinds_of_statements(book: Taxonomy) -> None:
    assert {Context.END, Context.BEGIN} <= set(book.contexts["balance_sheet"])
    assert {Context.CURRENT, Context.PRIOR} <= set(book.contexts["flow"])
    assert all(headings for kind in book.contexts.values() for headings in kind.values())


def test_the_line_numbers_of_the_small_enterprise_forms_are_complete() -> None:
    printed: dict[str, list[int]] = {}
    for item in load("small").items:
        if item.line_no is not None:
            printed.setdefault(item.statement, []).append(item.line_no)

    assert {kind: sorted(numbers) for kind, numbers in printed.items()} == {
        "balance_sheet": list(range(1, 54)),
        "income_statement": list(range(1, 33)),
        "cash_flow_statement": list(range(1, 23)),
    }


def test_items_of_the_other_standards_translate_into_cas() -> None:
    known = set(load("cas").by_id)

    assert {name for item in load("ifrs").items for name in item.cas} <= known
    assert {name for item in load("small").items for name in item.cas} <= known


def test_characters_are_translated_one_to_one() -> None:
    for name in NAMES:
        assert all(len(a) == len(b) == 1 and a != b for a, b in load(name).t2s.items())


# The worked examples add up.


@each_example
def test_the_sums_of_the_worked_example_hold(book: Taxonomy, example: Example) -> None:
    checked = 0
    for calculation, context in product(of_form(book, example), PERIODS):
        if not applies(calculation.only_if_any, example, context):
            continue
        printed = example.values.get(calculation.total, {}).get(context)
        if printed is not None:
            checked += 1
            assert total(book, example, calculation, context) == printed, calculation.id

    assert checked >= 3


@each_example
def test_the_identities_of_the_worked_example_hold(book: Taxonomy, example: Example) -> None:
    for identity in book.identities:
        if identity.only_if_any and not set(identity.only_if_any) & set(example.values):
            continue
        if not all(is_known(example, identity, term) for term in identity.lhs):
            continue
        left = side(book, example, identity, identity.lhs)
        right = side(book, example, identity, identity.rhs)
        assert left == right if identity.op == "eq" else left <= right, identity.id


def of_form(book: Taxonomy, example: Example) -> list[Calculation]:
    return [
        calculation
        for calculation in book.calculations
        if not calculation.applies_to or example.form in calculation.applies_to
    ]


def applies(asked: tuple[str, ...], example: Example, context: Context) -> bool:
    return not asked or any(context in example.values.get(name, {}) for name in asked)


def total(book: Taxonomy, example: Example, calculation: Calculation, context: Context) -> Decimal:
    merged = {
        part
        for row, parts in calculation.exclusive
        if context in example.values.get(row, {})
        for part in parts
    }
    terms = [term for term in calculation.terms if term.item not in merged]
    return sum((t.weight * value(book, example, t.item, context) for t in terms), Decimal(0))


def value(book: Taxonomy, example: Example, item: str, context: Context) -> Decimal:
    printed = example.values.get(item, {}).get(context)
    if printed is not None:
        return printed
    ways = [calculation for calculation in of_form(book, example) if calculation.total == item]
    return total(book, example, ways[0], context) if ways else Decimal(0)


def named(example: Example, identity: Identity, term: IdentityTerm) -> str:
    return term.item if term.item in example.values else identity.fallback.get(term.item, term.item)


def is_known(example: Example, identity: Identity, term: IdentityTerm) -> bool:
    return term.context in example.values.get(named(example, identity, term), {})


def side(
    book: Taxonomy, example: Example, identity: Identity, terms: tuple[IdentityTerm, ...]
) -> Decimal:
    return sum(
        (
            term.weight * value(book, example, named(example, identity, term), term.context)
            for term in terms
        ),
        Decimal(0),
    )


# The ratios are formulas over the same items.


def test_the_ratios_of_the_worked_example_are_as_the_table_says() -> None:
    table = read_table("ratios.yaml")
    assert isinstance(table, dict)
    example = load("cas").examples[0]
    known: dict[str, object] = {"abs": abs, "max": max, "min": min, "__builtins__": {}}
    for item in load("cas").by_id:
        for context in PERIODS:
            amount = example.values.get(item, {}).get(context, Decimal(0))
            known[f"{item}_{context.value}"] = float(amount)

    for entry in (*table["derived"], *table["ratios"], *table["red_flags"]):
        if not entry.get("expr"):
            continue
        known[entry["id"]] = result = eval(entry["expr"], known)  # noqa: S307  our own table
        if "example" in entry:
            assert result == pytest.approx(entry["example"], rel=5e-4, abs=5e-4), entry["id"]

    ids = [entry["id"] for part in ("derived", "ratios", "red_flags") for entry in table[part]]
    assert not repeated(ids)
