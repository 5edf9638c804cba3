from pathlib import Path

import pytest

from extractors.crosscheck import disagreeing
from extractors.intake import Limits
from extractors.pdf import PdfFile
from schemas.text import Page

DIGITAL = (
    Path("sample_docs/01-qinghe-machinery/statements-2026-09.pdf"),
    Path("sample_docs/05-lanqiao-branch/statements-2026-09.pdf"),
)


def pages_of(data: bytes) -> list[Page]:
    with PdfFile(data, Limits()) as document:
        return [document.page(n, "ab") for n in range(1, document.page_count + 1)]


@pytest.mark.parametrize("path", DIGITAL, ids=lambda path: path.parent.name)
def test_two_readers_agree_about_an_honest_text_layer(path: Path) -> None:
    data = path.read_bytes()

    assert disagreeing(data, pages_of(data)) == frozenset()


def test_a_page_on_which_one_digit_differs_is_left_to_its_picture() -> None:
    data = DIGITAL[0].read_bytes()
    first, *others = pages_of(data)
    place, word = next((i, w) for i, w in enumerate(first.words) if "1" in w.text)
    lying = word.model_copy(update={"text": word.text.replace("1", "7", 1)})
    words = (*first.words[:place], lying, *first.words[place + 1 :])

    found = disagreeing(data, [first.model_copy(update={"words": words}), *others])

    assert found == frozenset({1})


def test_a_file_that_the_second_reader_cannot_open_has_no_witness() -> None:
    data = DIGITAL[0].read_bytes()

    assert disagreeing(b"%PDF-1.7 nothing of it", pages_of(data)) == frozenset({1, 2, 3})


def test_without_pages_nothing_is_opened() -> None:
    assert disagreeing(b"", []) == frozenset()
