"""What is known of licences, and of what banks ask for, is consistent."""

import re
from datetime import date

import pytest

from schemas.identifiers import uscc
from schemas.licence import EntityType
from schemas.licence_forms import EntityForm, licence_forms
from schemas.taxonomy import policies

FORMS = licence_forms()
FIELDS = {field.id for field in FORMS.fields}


def entity_of(printed: str) -> EntityType | None:
    """Classify a printed type as the table prescribes: half-width brackets, the first match."""
    text = printed.replace("（", "(").replace("）", ")").replace(" ", "")
    found = (p.entity_type for p in FORMS.type_patterns if re.search(p.regex, text))
    return next(found, None)


@pytest.mark.parametrize(("printed", "entity_type"), FORMS.type_examples.items())
def test_the_patterns_classify_a_type_as_the_expert_did(
    printed: str, entity_type: EntityType
) -> None:
    assert entity_of(printed) is entity_type


def test_every_type_of_entity_has_exactly_one_form() -> None:
    assert sorted(form.id for form in FORMS.entity_types) == sorted(EntityType)
    assert all(FORMS.entity(kind).id is kind for kind in EntityType)


@pytest.mark.parametrize("form", FORMS.entity_types, ids=lambda form: form.id)
def test_a_form_speaks_of_known_fields_and_never_contradicts_itself(form: EntityForm) -> None:
    named = {*form.mandatory, *form.optional, *form.forbidden, *form.labels}

    assert named <= FIELDS
    assert not set(form.mandatory) & {*form.forbidden, *form.optional}
    assert not set(form.optional) & set(form.forbidden)


@pytest.mark.parametrize("form", FORMS.entity_types, ids=lambda form: form.id)
def test_codes_of_every_type_begin_as_licences_do(form: EntityForm) -> None:
    assert form.uscc_prefix
    assert all(uscc.is_licence(prefix) for prefix in form.uscc_prefix)


def test_a_label_of_a_form_is_one_that_its_field_goes_by() -> None:
    known = {field.id: {field.label, *field.synonyms} for field in FORMS.fields}
    stray = [
        (form.id, name, label)
        for form in FORMS.entity_types
        for name, label in form.labels.items()
        if label not in known[name]
    ]

    assert not stray


def test_fields_and_generations_are_unique_and_in_order() -> None:
    generations = [generation.id for generation in FORMS.form_generations]

    assert len(FIELDS) == len(FORMS.fields)
    assert len(set(generations)) == len(generations)
    assert all(set(field.generations) <= set(generations) for field in FORMS.fields)
    for generation in FORMS.form_generations:
        assert generation.since < (generation.until or date.max)


def test_printed_sentences_are_told_from_fields() -> None:
    assert "国家市场监督管理总局监制" in FORMS.boilerplate
    assert "名称" not in FORMS.boilerplate


# Completeness


def test_the_ids_of_what_banks_ask_for_are_unique() -> None:
    table = policies()
    for part in (
        table.products,
        table.documents,
        table.freshness,
        table.states,
        table.return_reasons,
    ):
        ids = [entry.id for entry in part]
        assert len(set(ids)) == len(ids)


def test_a_conditional_document_says_its_condition() -> None:
    products = [product.id for product in policies().products]
    for document in policies().documents:
        if "C" in {getattr(document, product) for product in products}:
            assert document.conditional, document.id


def test_states_are_reached_and_left_only_along_known_ways() -> None:
    table = policies()
    states = {state.id for state in table.states}
    ended = {state.id for state in table.states if state.terminal}

    assert {state for way in table.transitions for state in way} <= states
    assert {reason.state for reason in table.return_reasons} <= states
    assert not {start for start, _ in table.transitions} & ended
    assert states - {"RECEIVED"} <= {end for _, end in table.transitions}


def test_overrides_are_of_known_entities_and_documents() -> None:
    table = policies()
    documents = {document.id for document in table.documents}
    for override in table.entity_overrides:
        assert override.entity in {*EntityType, "foreign_invested"}
        assert set(override.drop) <= documents
