"""A page picture comes back as it was, kept as pixels or packed, here or in another process."""

import pickle

import numpy as np
import pytest

from extractors.ocr.engine import Image
from extractors.packed import Picture


@pytest.fixture
def page() -> Image:
    return np.random.default_rng(0).integers(0, 40, (60, 50, 3)).astype(np.uint8)


def test_pixels_are_kept_as_they_are(page: Image) -> None:
    picture = Picture(page)

    assert picture.pixels() is page
    assert picture.size == page.nbytes


def test_packing_loses_nothing_and_takes_less(page: Image) -> None:
    packed = Picture(page).packed()

    assert np.array_equal(packed.pixels(), page)
    assert packed.size < page.nbytes
    assert packed.packed() is packed


def test_it_crosses_to_another_process_packed(page: Image) -> None:
    crossed = pickle.loads(pickle.dumps(Picture(page)))

    assert np.array_equal(crossed.pixels(), page)
    assert crossed.size == Picture(page).packed().size
