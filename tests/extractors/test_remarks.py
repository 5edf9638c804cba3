from extractors.quality import Quality, Reason, Verdict
from extractors.remarks import remarks
from extractors.seen import Seen
from schemas.documents import DocumentKind, MediaType, SourceFile
from schemas.findings import Severity
from schemas.licence import BusinessLicence
from schemas.records import OtherDocument

SOURCE = SourceFile(name="x.jpg", sha256="ab", media_type=MediaType.JPEG, size=1)
NOTHING = OtherDocument(kind=DocumentKind.UNKNOWN, pages=(1,))
LICENCE = BusinessLicence(pages=(1,))


def seen(verdict: Verdict, characters: int = 200, *reasons: Reason) -> Seen:
    judged = Quality(verdict=verdict, reasons=reasons, characters=characters, doubted=0.5)
    return Seen(qualities={1: judged})


def test_a_picture_that_cannot_be_read_goes_back_with_the_reasons() -> None:
    found = list(remarks(SOURCE, seen(Verdict.UNREADABLE, 200, Reason.BLURRED), [NOTHING]))

    assert [f.code for f in found] == ["reading.nothing_recognised", "reading.unreadable_page"]
    assert found[1].severity is Severity.RETURN
    assert found[1].params == {"page": "1", "reasons": "blurred"}


def test_a_blank_back_is_not_asked_for_again() -> None:
    found = remarks(SOURCE, seen(Verdict.UNREADABLE, 3), [NOTHING])

    assert [finding.code for finding in found] == ["reading.nothing_recognised"]


def test_a_paper_that_was_read_with_doubts_is_pointed_out_to_the_underwriter() -> None:
    (found,) = remarks(SOURCE, seen(Verdict.POOR), [LICENCE])

    assert (found.code, found.severity) == ("reading.poor_page", Severity.WARN)
    assert found.params["reasons"] == "unclear"


def test_a_good_page_needs_no_remark() -> None:
    assert list(remarks(SOURCE, seen(Verdict.OK), [LICENCE])) == []


def test_pages_that_were_only_skimmed_are_counted() -> None:
    (found,) = remarks(SOURCE, Seen(skimmed=[4, 5, 6]), [LICENCE])

    assert (found.code, found.params) == ("reading.pages_skimmed", {"count": "3"})
