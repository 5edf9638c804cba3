"""The seal: its circle, its arc, and the date beside it."""

from datetime import date

import cv2
import numpy as np
import pytest

from extractors.kinds.business_licence import arc, extract
from extractors.ocr.engine import Line
from schemas.fields import Field, FieldState
from schemas.geometry import Box
from schemas.text import Character
from tests.extractors.kinds.licence_pages import look_at, page, portrait, word

MIDDLE, RADIUS = (260, 240), 120


def sealed(*, ink: tuple[int, int, int] = (40, 40, 220)) -> np.ndarray:
    """Return a page part with a seal of which only the top of the arc bears a mark."""
    image = np.full((480, 520, 3), 245, np.uint8)
    cv2.circle(image, MIDDLE, RADIUS, ink, 5)
    cv2.circle(image, (MIDDLE[0], MIDDLE[1] - 90), 10, ink, -1)
    cv2.line(image, (0, 300), (519, 300), (30, 30, 30), 4)
    return image


def redness(image: np.ndarray) -> np.ndarray:
    red = image[:, :, 2].astype(int) - image[:, :, :2].max(axis=2)
    return np.clip(red, 0, 255).astype(np.uint8)


def test_finds_the_circle_of_a_seal() -> None:
    found = arc.find_circle(redness(sealed()), 22, 60, 200)

    assert found is not None
    assert (found.x, found.y) == pytest.approx(MIDDLE, abs=4)
    assert found.radius == pytest.approx(RADIUS, abs=5)


def test_a_page_without_red_has_no_seal() -> None:
    assert arc.find_circle(redness(sealed(ink=(90, 90, 90))), 22, 60, 200) is None


def test_a_red_line_is_no_seal() -> None:
    image = np.full((480, 520, 3), 245, np.uint8)
    cv2.line(image, (20, 300), (500, 310), (40, 40, 220), 6)

    assert arc.find_circle(redness(image), 22, 60, 200) is None


@pytest.mark.parametrize("ink", [(40, 40, 220), (60, 60, 60), (130, 130, 130)])
def test_finds_a_seal_of_any_ink_beside_a_red_desk(ink: tuple[int, int, int]) -> None:
    image = np.full((900, 900, 3), 245, np.uint8)
    image[200:680, 200:720] = sealed(ink=ink)
    image[700:] = (40, 40, 200)
    seen = portrait()
    look = type(look_at(seen))(image, look_at(seen).engine)

    found = arc.read(look, Box(0, 0, 900, 900), (60, 200))

    assert found is not None
    assert found.box.centre == pytest.approx((460, 440), abs=6)


def test_the_top_of_a_seal_comes_to_the_middle_of_the_strip() -> None:
    image = sealed()

    strip = arc.unrolled(np.ascontiguousarray(image[:, :, 1]), arc.Circle(*MIDDLE, RADIUS))

    height, width = strip.shape[:2]
    ring = strip[int(height * 0.15) : int(height * 0.35), :, 0].min(axis=0)
    dark = np.flatnonzero(ring < 120)
    assert dark.mean() / width == pytest.approx(0.5, abs=0.03)


def test_reads_the_arc_where_a_seal_is() -> None:
    image = np.full((1800, 1300, 3), 255, np.uint8)
    image[900:1380, 600:1120] = sealed()
    seen = portrait()
    look = look_at(seen)
    look = type(look)(image, look.engine)

    found = arc.read(look, Box(600, 900, 1120, 1380), (60, 200))

    assert found is not None
    assert found.box.centre == pytest.approx((860, 1140), abs=5)


def test_the_date_of_issue_stands_in_pieces() -> None:
    words = list(portrait("issued").words)
    words += [word(600, 1080, "2021"), word(680, 1084, "年04"), word(770, 1080, "月16日")]

    issued = extract(page(words), look_at(page(words))).issue_date

    assert issued.value == date(2021, 4, 16)


def test_the_date_of_issue_may_have_lost_its_letters() -> None:
    words = list(portrait("issued").words)
    words += [word(600, 1080, "2021"), word(720, 1080, "04"), word(800, 1080, "16")]

    assert extract(page(words), None).issue_date.value == date(2021, 4, 16)


def test_a_date_before_the_establishment_is_not_accepted() -> None:
    issued = extract(portrait(issued="2011年04月16日"), None).issue_date

    assert (issued.value, issued.accepted) == (date(2011, 4, 16), False)


def test_without_the_label_of_the_authority_its_date_is_sought_below_and_never_accepted() -> None:
    seen = portrait("authority")

    licence = extract(seen, None)

    assert licence.issue_date.value == date(2021, 4, 16)
    assert not licence.issue_date.accepted
    assert licence.registration_authority.value is None


def test_a_text_layer_has_the_authority_in_full() -> None:
    digital = page(
        [
            item.model_copy(update={"characters": (), "confidence": None})
            for item in (*portrait().words, word(500, 1140, "示例市青禾区市场监督管理局"))
        ]
    )

    authority = extract(digital, None).registration_authority

    assert (authority.value, authority.accepted) == ("示例市青禾区市场监督管理局", True)


def arc_line(text: str, *, first: float, last: float) -> Line:
    step = (last - first) / (len(text) - 1)
    return Line(
        text=text,
        characters=tuple(
            Character(text=c, probability=0.99, at=first + n * step) for n, c in enumerate(text)
        ),
    )


@pytest.mark.parametrize(
    ("texts", "first", "accepted"),
    [
        (("示例市青禾区市场监督管理局",) * 2, 0.1, True),
        (("示例市青禾区市场监督管理局", "示例市青木区市场监督管理局"), 0.1, False),
        (("例市青禾区市场监督管理局",) * 2, 0.17, False),
        (("例市青禾区市场监督管理局",) * 2, 0.1, False),
    ],
    ids=["agreed", "at odds", "off the middle", "the end of a place"],
)
def test_an_authority_is_accepted_when_two_cuts_of_the_whole_arc_agree(
    monkeypatch: pytest.MonkeyPatch, texts: tuple[str, ...], first: float, accepted: bool
) -> None:
    lines = tuple(arc_line(text, first=first, last=0.9) for text in texts)
    monkeypatch.setattr(arc, "read", lambda *_: arc.Arc(Box(600, 900, 840, 1140), lines))
    seen = portrait()

    authority = extract(seen, look_at(seen)).registration_authority

    assert authority.raw in texts
    assert authority.accepted is accepted


def test_an_arc_that_names_no_authority_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (arc_line("合同专用章", first=0.1, last=0.9),)
    monkeypatch.setattr(arc, "read", lambda *_: arc.Arc(Box(600, 900, 840, 1140), lines))
    seen = portrait()

    authority = extract(seen, look_at(seen)).registration_authority

    assert authority.state is FieldState.UNREADABLE


def authority_of(
    monkeypatch: pytest.MonkeyPatch, text: str, *, weakest: float = 0.99, below: str = ""
) -> Field[str]:
    line = arc_line(text, first=0.1, last=0.9)
    unsure = line.characters[0].model_copy(update={"probability": weakest})
    line = line.model_copy(update={"characters": (unsure, *line.characters[1:])})
    said = Line(text=below, characters=arc_line(below, first=0.3, last=0.7).characters)
    seal = arc.Arc(Box(600, 900, 840, 1140), (line, line), said if below else Line())
    monkeypatch.setattr(arc, "read", lambda *_: seal)
    return extract(portrait(), look_at(portrait())).registration_authority


@pytest.mark.parametrize(
    ("text", "accepted"),
    [("示例市青禾区市场监督管理局", True), ("示例市青木区市场监督管理局", False)],
)
def test_a_place_that_the_face_names_makes_up_for_an_unsure_character(
    monkeypatch: pytest.MonkeyPatch, text: str, accepted: bool
) -> None:
    found = authority_of(monkeypatch, text, weakest=0.6)

    assert (found.value, found.accepted) == (text, accepted)


def test_a_branch_below_the_star_belongs_to_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    found = authority_of(monkeypatch, "示例市市场监督管理局", below="青禾分局")

    assert (found.value, found.accepted) == ("示例市市场监督管理局青禾分局", False)


def test_a_purpose_below_the_star_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    found = authority_of(monkeypatch, "示例市市场监督管理局", below="审批专用章")

    assert (found.value, found.accepted) == ("示例市市场监督管理局", True)


def test_a_label_that_a_line_runs_into_is_found() -> None:
    seen = portrait(authority="SCJDGL登记机关")

    issued = extract(seen, look_at(seen)).issue_date

    assert (issued.value, issued.accepted) == (date(2021, 4, 16), True)
