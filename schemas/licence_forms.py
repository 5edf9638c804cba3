"""Forms of business licences: the table licence_fields.yaml as typed values."""

import functools
from datetime import date
from typing import Literal

from pydantic import Field as Default

from schemas.licence import EntityType
from schemas.tables import Prose, read_model


class LicenceField(Prose):
    """A printed field of a licence and the labels it goes by."""

    id: str
    label: str
    type: str
    synonyms: tuple[str, ...] = ()
    generations: tuple[str, ...] = ()
    sensitive: bool = False


class EntityForm(Prose):
    """What is printed on the licence of one type of entity."""

    id: EntityType
    name: str
    uscc_prefix: tuple[str, ...]
    legal_person: bool
    mandatory: tuple[str, ...]
    optional: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    labels: dict[str, str] = Default(default_factory=dict)
    name_suffix: tuple[str, ...] = ()


class FormGeneration(Prose):
    """A generation of the licence form and when it was issued; `until` None is until today."""

    id: str
    since: date = Default(alias="from")
    until: date | None = Default(alias="to")
    number_kind: Literal["reg15", "uscc18"]
    titles: tuple[str, ...]


class TypePattern(Prose):
    """A pattern of the printed type of entity; the first that matches wins."""

    regex: str
    entity_type: EntityType


class _AdminCodes(Prose):
    provinces: dict[str, str]
    cities: dict[str, tuple[str, ...]]


class LicenceForms(Prose):
    """Everything that is known of the forms of licences."""

    fields: tuple[LicenceField, ...]
    entity_types: tuple[EntityForm, ...]
    form_generations: tuple[FormGeneration, ...]
    type_patterns: tuple[TypePattern, ...]
    type_examples: dict[str, EntityType]
    admin_codes: _AdminCodes

    @property
    def provinces(self) -> dict[str, str]:
        """The first two digits of a division code to the name of the province."""
        return self.admin_codes.provinces

    @functools.cached_property
    def province_of_city(self) -> dict[str, str]:
        """A city, as it is printed, to the first two digits of its code; no name is in two."""
        cities = self.admin_codes.cities.items()
        return {city: number for number, names in cities for city in names}

    @property
    def boilerplate(self) -> tuple[str, ...]:
        """Printed sentences that belong to no field."""
        known = {"boilerplate", "url", "qr"}
        return tuple(
            text
            for field in self.fields
            if field.type in known
            for text in (field.label, *field.synonyms)
        )

    def entity(self, entity_type: EntityType) -> EntityForm:
        """Return the form of a type of entity; every type has one."""
        return next(form for form in self.entity_types if form.id is entity_type)


@functools.cache
def licence_forms() -> LicenceForms:
    """Return what is known of business licences.

    Raises:
        PolicyError: the table is broken.
    """
    return read_model("licence_fields.yaml", LicenceForms)
