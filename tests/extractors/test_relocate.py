from extractors.relocate import relocated
from schemas.fields import Field, FieldState, Provenance
from schemas.geometry import Box
from schemas.licence import BusinessLicence


def at(left: float, page: int = 1) -> Provenance:
    return Provenance(document="ab", page=page, box=Box(left, 0, left + 1, 1), reader="ocr")


def shifted(place: Provenance) -> Provenance:
    return place.model_copy(update={"box": Box(*(edge + 10 for edge in place.box))})


def test_every_place_in_a_document_is_moved() -> None:
    name = Field[str](value="甲", raw="甲", state=FieldState.PRESENT, provenance=at(5))
    licence = BusinessLicence(pages=(1,), name=name)

    moved = relocated((licence, {"a": name}), shifted)

    assert moved[0].name.provenance == shifted(at(5))
    assert moved[1]["a"].provenance == shifted(at(5))
    assert moved[0].address == licence.address


def test_what_holds_no_place_stays_the_same_object() -> None:
    licence = BusinessLicence(pages=(1,))

    assert relocated(licence, shifted) is licence
