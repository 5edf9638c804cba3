from schemas.documents import STATEMENT_KINDS, DocumentKind, MediaType
from schemas.geometry import Box
from schemas.text import Cell, Character, Page, PageSource, Table, Word

BOX = Box(0, 0, 10, 10)


def test_the_weakest_character_tells_what_the_mean_hides() -> None:
    characters = tuple(Character(text=c, probability=p) for c, p in [("永", 0.74), ("利", 0.99)])

    assert Word(text="永利", box=BOX, confidence=0.98, characters=characters).weakest == 0.74
    assert Word(text="永利", box=BOX, confidence=0.98).weakest == 0.98


def test_text_that_was_there_already_has_no_confidence() -> None:
    assert Word(text="永利", box=BOX).weakest is None


def test_the_text_of_a_page_is_its_words_and_then_its_cells() -> None:
    cells = (
        Cell(row=0, column=0, text="货币资金", box=BOX),
        Cell(row=0, column=1, text="", box=BOX),
        Cell(row=0, column=2, text="1.00", box=BOX),
    )
    page = Page(
        document="ab",
        number=1,
        width=595,
        height=842,
        source=PageSource.TEXT_LAYER,
        reader="pypdfium2",
        words=(Word(text="资产负债表", box=BOX),),
        tables=(Table(box=BOX, rows=1, columns=3, cells=cells),),
    )

    assert page.text == "资产负债表\n货币资金\n1.00"


def test_a_media_type_is_a_picture_a_sheet_or_neither() -> None:
    assert {kind for kind in MediaType if kind.is_image} == {
        MediaType.JPEG,
        MediaType.PNG,
        MediaType.TIFF,
        MediaType.GIF,
        MediaType.BMP,
        MediaType.WEBP,
        MediaType.HEIC,
    }
    assert {kind for kind in MediaType if kind.is_sheet} == {
        MediaType.XLSX,
        MediaType.XLS,
        MediaType.CSV,
        MediaType.HTML,
    }


def test_three_kinds_of_documents_are_read_row_by_row() -> None:
    assert {kind for kind in DocumentKind if kind.is_statement} == STATEMENT_KINDS
    assert len(STATEMENT_KINDS) == 3
