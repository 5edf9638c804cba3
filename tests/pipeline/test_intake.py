import io
import json
import random
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.settings import LimitsSettings
from pipeline.stages.intake import ManifestError, take_in
from pipeline.stages.services import Services
from pipeline.storage.blobs import Blobs
from schemas.documents import MediaType, Package
from schemas.errors import PolicyError, StorageError
from tests.pipeline.fakes import NOON, PDF, PNG, FullDisk


def archive(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def limited(services: Services, **limits: int) -> Services:
    settings = services.settings.model_copy(update={"limits": LimitsSettings(**limits)})
    return replace(services, settings=settings)


def names(package: Package) -> list[str]:
    return [file.name for file in package.files]


def test_a_folder_is_one_package_in_the_order_of_names(services: Services, inbox: Path) -> None:
    (inbox / "licence.pdf").write_bytes(PNG)
    (inbox / "sub").mkdir()
    (inbox / "sub" / "statements.pdf").write_bytes(PDF)

    package = take_in([inbox], services)

    assert package.name == "inbox"
    assert package.product == "sme_small"
    assert package.applied_on == NOON.date()
    assert [(file.name, file.media_type, file.size) for file in package.files] == [
        ("licence.pdf", MediaType.PNG, len(PNG)),
        ("sub/statements.pdf", MediaType.PDF, len(PDF)),
    ]
    assert [services.blobs.get(file.sha256) for file in package.files] == [PNG, PDF]
    assert services.repository.package(package.id) == package


def test_a_manifest_says_product_and_day_and_is_no_paper(services: Services, inbox: Path) -> None:
    (inbox / "a.pdf").write_bytes(PDF)
    manifest = {"product": "sole_trader", "applied_on": "2026-11-16"}
    (inbox / "package.json").write_text(json.dumps(manifest))

    package = take_in([inbox], services)

    assert (package.product, package.applied_on) == ("sole_trader", date(2026, 11, 16))
    assert names(package) == ["a.pdf"]


def test_the_caller_goes_before_the_manifest(services: Services, inbox: Path) -> None:
    (inbox / "package.json").write_text('{"product": "sole_trader"}')

    package = take_in(
        [inbox], services, product="wc_loan", applied_on=date(2026, 1, 2), name="Case 7"
    )

    assert (package.product, package.applied_on) == ("wc_loan", date(2026, 1, 2))
    assert package.name == "Case 7"


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"produkt": "x"}', '{"applied_on": "soon"}', '{"product": 3}']
)
def test_a_malformed_manifest_stops_the_intake_without_repeating_it(
    services: Services, inbox: Path, text: str
) -> None:
    (inbox / "package.json").write_text(text)

    with pytest.raises(ManifestError) as caught:
        take_in([inbox], services)

    assert "soon" not in str(caught.value)
    assert services.repository.packages() == ()


def test_two_manifests_that_disagree_stop_the_intake(services: Services, inbox: Path) -> None:
    for number, product in enumerate(["sole_trader", "wc_loan"]):
        (inbox / str(number)).mkdir()
        (inbox / str(number) / "package.json").write_text(json.dumps({"product": product}))

    with pytest.raises(ManifestError, match="different"):
        take_in([inbox], services)


def test_an_unknown_product_stops_the_intake(services: Services, inbox: Path) -> None:
    with pytest.raises(PolicyError, match="moon_loan"):
        take_in([inbox], services, product="moon_loan")


@pytest.mark.parametrize(
    "name",
    [
        "expected.json",
        ".hidden.pdf",
        ".git/a.pdf",
        "__MACOSX/a.pdf",
        "Thumbs.db",
        "desktop.ini",
        "~$a.xlsx",
    ],
)
def test_what_programs_leave_behind_is_no_paper(services: Services, inbox: Path, name: str) -> None:
    (inbox / name).parent.mkdir(exist_ok=True)
    (inbox / name).write_bytes(PDF)
    (inbox / "all.zip").write_bytes(archive(**{name: PDF}))

    package = take_in([inbox], services)

    assert (package.files, package.refused) == ((), ())


def test_what_lies_beside_papers_is_none_when_it_is_named_either(
    services: Services, inbox: Path
) -> None:
    for name in ("a.pdf", "expected.json"):
        (inbox / name).write_bytes(PDF)

    assert names(take_in(sorted(inbox.iterdir()), services)) == ["a.pdf"]


def test_a_hidden_file_that_is_named_by_the_caller_is_taken(
    services: Services, inbox: Path
) -> None:
    (inbox / ".upload-7").write_bytes(PDF)

    assert names(take_in([inbox / ".upload-7"], services)) == [".upload-7"]


def test_an_archive_is_taken_apart(services: Services, inbox: Path) -> None:
    path = inbox / "papers.zip"
    manifest = b'{"product": "sole_trader"}'
    path.write_bytes(archive(**{"b/a.pdf": PDF, "c.png": PNG, "package.json": manifest}))

    package = take_in([path], services)

    assert package.name == "papers"
    assert package.product == "sole_trader"
    assert names(package) == ["papers.zip/b/a.pdf", "papers.zip/c.png"]


def test_an_archive_in_an_archive_is_refused_and_kept(services: Services, inbox: Path) -> None:
    inner = archive(a=PDF)
    (inbox / "outer.zip").write_bytes(archive(**{"inner.zip": inner, "b.png": PNG}))

    package = take_in([inbox], services)

    assert names(package) == ["outer.zip/b.png"]
    (refused,) = package.refused
    assert refused.code == "document.unsupported_type"
    assert services.blobs.get(refused.sha256) == inner


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "document.empty"),
        (b"just words", "document.unsupported_type"),
        (archive(a=PDF)[:-30], "document.corrupt"),
        (archive(**{"../a.pdf": PDF}), "document.unsafe_archive"),
        (archive(**{f"{n}.pdf": PDF for n in range(6)}), "document.too_large"),
    ],
)
def test_a_bad_file_is_refused_and_kept_and_the_others_go_on(
    services: Services, inbox: Path, data: bytes, code: str
) -> None:
    (inbox / "bad").write_bytes(data)
    (inbox / "good.pdf").write_bytes(PDF)

    package = take_in([inbox], limited(services, max_archive_files=5))

    assert names(package) == ["good.pdf"]
    assert [(file.name, file.code, file.size) for file in package.refused] == [
        ("bad", code, len(data))
    ]
    assert services.blobs.get(package.refused[0].sha256) == data


def test_a_file_that_is_too_large_is_refused_unread_and_kept(
    services: Services, inbox: Path
) -> None:
    (inbox / "large.pdf").write_bytes(PDF * 100)
    (inbox / "packed.zip").write_bytes(archive(**{"large.png": PNG * 100}))

    package = take_in([inbox], limited(services, max_file_bytes=300))

    assert [file.code for file in package.refused] == ["document.too_large"] * 2
    assert [services.blobs.get(file.sha256) for file in package.refused] == [PDF * 100, PNG * 100]


def test_the_same_bytes_count_once(services: Services, inbox: Path) -> None:
    for name in ("b.pdf", "a.pdf"):
        (inbox / name).write_bytes(PDF)
    (inbox / "c.zip").write_bytes(archive(**{"again.pdf": PDF}))

    assert names(take_in([inbox], services)) == ["a.pdf"]


def test_the_id_hangs_on_content_product_and_day_and_not_on_order_or_names(
    services: Services, inbox: Path
) -> None:
    paths = [inbox / f"{number}.pdf" for number in range(5)]
    for number, path in enumerate(paths):
        path.write_bytes(PDF + bytes([number]))
    first = take_in(paths, services)

    random.Random(7).shuffle(paths)  # noqa: S311  no secret
    renamed = [path.rename(path.with_name(f"new-{path.name}")) for path in paths]

    assert take_in(renamed, services) == first
    assert take_in(renamed[1:], services).id != first.id
    assert take_in(renamed, services, product="wc_loan").id != first.id
    assert take_in(renamed, services, applied_on=date(2026, 1, 1)).id != first.id


def test_the_day_of_application_is_that_of_the_clock(services: Services, inbox: Path) -> None:
    class NewYear:
        def now(self) -> datetime:
            return datetime(2027, 1, 1, tzinfo=UTC)

    package = take_in([inbox], replace(services, clock=NewYear()))

    assert package.applied_on == date(2027, 1, 1)


def test_nothing_handed_in_is_a_package_without_papers(services: Services) -> None:
    package = take_in([], services)

    assert (package.files, package.refused) == ((), ())


def test_a_name_that_was_unpacked_as_gbk_is_told_in_chinese(
    services: Services, inbox: Path
) -> None:
    raw = bytes(inbox) + b"/" + "营业执照.pdf".encode("gbk")
    Path(raw.decode("utf-8", "surrogateescape")).write_bytes(PDF)

    assert names(take_in([inbox], services)) == ["营业执照.pdf"]


def test_a_source_that_is_not_there_is_told_without_its_name(
    services: Services, inbox: Path
) -> None:
    with pytest.raises(StorageError) as caught:
        take_in([inbox / "张三.pdf"], services)

    assert "张三" not in str(caught.value)


def test_a_full_store_stops_the_intake(services: Services, inbox: Path) -> None:
    (inbox / "a.pdf").write_bytes(PDF)

    with pytest.raises(StorageError):
        take_in([inbox], replace(services, blobs=Blobs(FullDisk())))

    assert services.repository.packages() == ()


def test_the_log_names_no_file(
    services: Services, inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (inbox / "张三.pdf").write_bytes(PDF)

    take_in([inbox], services)

    told = capsys.readouterr().out
    assert "package.taken_in" in told
    assert "张三" not in told
