"""From the page of a licence to what each field says."""

from dataclasses import dataclass, replace

from extractors.kinds.business_licence import claims, forms, numbers, readings
from extractors.kinds.business_licence.claims import Claim
from extractors.kinds.business_licence.forms import Form
from extractors.kinds.business_licence.layout import Layout, Slot, lay_out
from extractors.kinds.business_licence.numbers import Number
from extractors.kinds.business_licence.runs import Run, of_page
from extractors.ocr.look import Look
from schemas.text import Page

ROLES = (
    "name",
    "company_type",
    "composition",
    "legal_representative",
    "address",
    "registered_capital",
    "paid_in_capital",
    "established_date",
    "business_term",
    "business_scope",
)
"""The fields that stand beside a label in a column."""


@dataclass(frozen=True)
class Face:
    """A licence read and taken apart, before anything is judged.

    `rescued` are, by identity, lines that were only found where a label said that one must be.
    """

    page: Page
    runs: tuple[Run, ...]
    layout: Layout
    form: Form
    said: dict[str, Claim]
    code: Number | None
    old_number: Number | None
    serial: Number | None
    has_more_codes: bool = False
    rescued: frozenset[int] = frozenset()

    def slot(self, role: str) -> Slot | None:
        """Return the place of a field, if its label was found."""
        return self.layout.slot(role)


def read(page: Page, look: Look | None) -> Face:
    """Take the face apart; where labels, lines or the number are missing, look again."""
    runs = of_page(page)
    face = _face(page, runs, lay_out(runs))
    if look is None:
        return face
    labels = readings.missing_labels(face.layout, look) if face.layout.strays else ()
    if labels:
        face = _face(page, runs, lay_out(runs, labels))
    rescued: tuple[Run, ...] = ()
    for more in (readings.hidden_lines, readings.empty_slots):
        lines = more(face.layout, look) if _is_incomplete(face) else ()
        if lines:
            runs, rescued = (*runs, *lines), lines if more is readings.empty_slots else ()
            face = _face(page, runs, lay_out(runs, labels))
    if face.code is None and face.old_number is None:
        runs = (*runs, *readings.number_lines(runs, look))
        face = _face(page, runs, face.layout)
    return replace(face, rescued=frozenset(id(run) for run in rescued))


def _face(page: Page, runs: tuple[Run, ...], layout: Layout) -> Face:
    said = {}
    for role in ROLES:
        slot = layout.slot(role)
        claim = claims.of_slot(slot) if slot else None
        if claim is not None:
            said[role] = claim
    found = numbers.numbers(runs)
    code = numbers.credit_code(found)
    old = None if code and code.is_after_code_label else numbers.old_number(found)
    form = forms.form_of(
        runs,
        said["company_type"].text if "company_type" in said else None,
        said["legal_representative"].label if "legal_representative" in said else None,
        code.text if code else None,
    )
    return Face(
        page,
        runs,
        layout,
        form,
        said,
        code,
        old,
        numbers.serial(found),
        has_more_codes=len({n.text for n in found if numbers.is_sound_code(n.text)}) > 1,
    )


def _is_incomplete(face: Face) -> bool:
    """Return whether a field that must be there, or whose label was found, says nothing."""
    return any(
        role not in face.said and (face.form.must_have(role) or face.slot(role) is not None)
        for role in ROLES
    )
