"""A code drawn in the test is found, read and placed; an address is split, never fetched."""

import cv2
import numpy as np
import pytest

from extractors import qr
from extractors.ocr.engine import Image

ADDRESS = "http://www.example.gov.cn/index?code=91000000MA00000000"


def drawn(text: str, side: int) -> Image:
    code = cv2.QRCodeEncoder.create().encode(text)
    code = cv2.copyMakeBorder(code, 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=255)
    large = cv2.resize(code, (side, side), interpolation=cv2.INTER_NEAREST)
    return np.repeat(large[:, :, None], 3, axis=2)


def page(text: str = ADDRESS, side: int = 200) -> Image:
    paper = np.full((1500, 1100, 3), 245, np.uint8)
    for row in range(12):
        cv2.putText(paper, "a line of print " * 2, (150, 300 + 70 * row), 0, 1.1, (40, 40, 40), 2)
    paper[1220 : 1220 + side, 150 : 150 + side] = drawn(text, side)
    return paper


def test_a_code_is_read_and_placed() -> None:
    (code,) = qr.decode(page())

    assert code.payload == ADDRESS
    assert code.host == "www.example.gov.cn"
    assert 140 <= code.box.left < code.box.right <= 360
    assert 1210 <= code.box.top < code.box.bottom <= 1430


@pytest.mark.parametrize("rotation", [1, 2, 3])
def test_a_turned_code_is_read(rotation: int) -> None:
    (code,) = qr.decode(np.ascontiguousarray(np.rot90(page(), rotation)))

    assert code.payload == ADDRESS


def test_a_code_seen_at_an_angle_is_read() -> None:
    upload = page()
    corners = np.array([[0, 0], [1100, 0], [1100, 1500], [0, 1500]], np.float32)
    goal = np.array([[60, 20], [1090, 80], [1040, 1480], [10, 1400]], np.float32)
    bend = cv2.getPerspectiveTransform(corners, goal)

    (code,) = qr.decode(np.asarray(cv2.warpPerspective(upload, bend, (1100, 1500)), np.uint8))

    assert code.payload == ADDRESS


def test_text_in_a_code_has_no_host() -> None:
    (code,) = qr.decode(page("91000000MA00000000; example"))

    assert code.host is None


def test_a_page_without_a_code_has_none() -> None:
    paper = page()
    paper[1200:] = 245

    assert qr.decode(paper) == ()


def test_what_is_dense_but_shows_no_finder_is_not_given_to_the_decoder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paper = page()
    chance = np.random.default_rng(0)
    speckles = np.kron(chance.integers(0, 2, (40, 40)), np.ones((5, 5)))[:, :, None] * 255
    paper[1220:1420, 150:350] = speckles
    shown: list[Image] = []
    monkeypatch.setattr(qr, "_decoder", lambda: lambda image: shown.append(image) or [])

    assert qr.decode(paper) == ()
    assert not shown


def test_a_blank_page_has_none() -> None:
    assert qr.decode(np.full((300, 200, 3), 255, np.uint8)) == ()


def test_opencv_alone_reads_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(cv2, "wechat_qrcode", raising=False)

    (code,) = qr.decode(page())

    assert code.payload == ADDRESS


@pytest.mark.parametrize("payload", ["", "ftp://example.cn", "http://[", "9100 0000"])
def test_what_is_no_address_has_no_host(payload: str) -> None:
    assert qr.host_of(payload) is None
