import json
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from PIL import Image

from sample_docs.make.__main__ import HERE, write
from sample_docs.make.expected import expected, manifest
from sample_docs.make.figures import books, violations
from sample_docs.make.licences import landscape, portrait
from sample_docs.make.packages import SAMPLES, Sample
from schemas.identifiers import uscc

WITH_BOOKS = [sample for sample in SAMPLES if sample.sketch is not None]
DIGITAL = [sample for sample in WITH_BOOKS if sample.folder[:2] in {"01", "05"}]


def named(sample: Sample) -> str:
    return sample.folder


def form_of(sample: Sample) -> str:
    assert sample.sketch is not None
    return sample.sketch.form


def words_of(pdf: Path) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_every_code_is_valid_by_the_standards_own_sums(sample: Sample) -> None:
    code = sample.licence.code
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    weights = (3, 7, 9, 10, 5, 8, 4, 2, 1)
    body = [letters.index(character) for character in code[8:16]]
    body.append(10 if code[16] == "X" else int(code[16]))
    powers = [3**place for place in range(17)] + [1]

    assert uscc.validate(code) == code
    assert sum(v * w for v, w in zip(body, weights, strict=True)) % 11 == 0
    assert sum(uscc.ALPHABET.index(c) * w for c, w in zip(code, powers, strict=True)) % 31 == 0
    assert code[:2] == ("92" if sample.licence.entity_type == "individual_business" else "91")


@pytest.mark.parametrize("sample", WITH_BOOKS, ids=named)
def test_the_books_fit_together_before_anyone_tampers(sample: Sample) -> None:
    assert sample.sketch is not None

    assert violations(books(sample.sketch), sample.sketch.form) == []


@pytest.mark.parametrize("sample", WITH_BOOKS, ids=named)
def test_only_what_is_said_to_be_broken_is_broken(sample: Sample) -> None:
    assert tuple(violations(sample.values(), form_of(sample))) == sample.broken


def test_one_package_is_broken() -> None:
    assert [sample.folder for sample in SAMPLES if sample.broken] == ["03-haichuan-trade"]


@pytest.mark.parametrize("sample", WITH_BOOKS, ids=named)
def test_changing_any_amount_that_is_summed_is_noticed(sample: Sample) -> None:
    values = sample.values()
    for item in ("cash_and_bank_balances", "accounts_payable", "paid_in_capital"):
        if item in values["end"]:
            column = values["end"] | {item: values["end"][item] + 1}
            assert set(violations(values | {"end": column}, form_of(sample))) > set(sample.broken)


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_the_committed_expectations_are_those_of_the_generator(sample: Sample) -> None:
    folder = HERE / sample.folder

    assert (folder / "expected.json").read_text(encoding="utf-8") == expected(sample)
    assert (folder / "package.json").read_text(encoding="utf-8") == manifest(sample)


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_every_paper_that_is_expected_is_there(sample: Sample) -> None:
    folder = HERE / sample.folder
    listed = {document["file"] for document in json.loads(expected(sample))["documents"]}

    found = {path.name for path in folder.iterdir()}
    assert found == listed | {"expected.json", "package.json"}


@pytest.mark.parametrize("sample", DIGITAL, ids=named)
def test_the_text_layer_holds_the_name_and_every_amount(sample: Sample) -> None:
    pages = words_of(HERE / sample.folder / sample.statements_file)

    for paper, words in zip(sample.papers(), pages, strict=True):
        columns = json.loads(expected(sample))["documents"]
        amounts = [
            f"{float(amount):,.2f}"
            for document in columns
            if document["kind"] == paper.kind
            for column in document["columns"].values()
            for amount in column.values()
        ]
        assert paper.entity in words
        assert amounts
        assert [amount for amount in amounts if amount not in words] == []


def test_the_scan_has_no_text_layer() -> None:
    pages = words_of(HERE / "03-haichuan-trade" / "statements-2026-09-scan.pdf")

    assert [page.strip() for page in pages] == ["", "", ""]


def test_the_workbook_holds_numbers_and_no_cash_flow_statement() -> None:
    book = openpyxl.load_workbook(HERE / "02-yunling-foods" / "statements-2026-09.xlsx")

    assert book.sheetnames == ["资产负债表", "利润表"]
    cells = [cell.value for row in book["资产负债表"].iter_rows() for cell in row]
    assert float(SAMPLES[1].values()["end"]["total_assets"]) in cells


def test_drawing_again_gives_the_same_words(tmp_path: Path) -> None:
    first, second = SAMPLES[0], SAMPLES[1]
    again = write(first, tmp_path) / first.statements_file
    second.draw_statements(second.papers(), tmp_path / second.statements_file)

    assert words_of(again) == words_of(HERE / first.folder / first.statements_file)
    books_ = [tmp_path / second.statements_file, HERE / second.folder / second.statements_file]
    rows = [
        [tuple(sheet.values) for sheet in openpyxl.load_workbook(path).worksheets]
        for path in books_
    ]
    assert rows[0] == rows[1]


def test_drawing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    sample = SAMPLES[2]
    one, two = (tmp_path / name for name in ("one", "two"))
    files = ["business-licence.jpg", "statements-2026-09-scan.pdf", "audit-report-cover.pdf"]

    folders = [write(sample, root) for root in (one, two)]

    for name in files:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()


def test_the_forms_stand_as_their_names_say() -> None:
    licence = SAMPLES[0].licence

    assert landscape(licence).width > landscape(licence).height
    assert portrait(licence).width < portrait(licence).height


def test_the_samples_stay_small() -> None:
    papers = [path for sample in SAMPLES for path in (HERE / sample.folder).iterdir()]

    assert sum(path.stat().st_size for path in papers) < 4_000_000
    for path in papers:
        if path.suffix in {".png", ".jpg"}:
            with Image.open(path) as image:
                assert min(image.size) >= 1200
