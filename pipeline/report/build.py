"""From a stored record to what the page shows."""

from extractors.intake import Limits
from pipeline.policies import product_name
from pipeline.ports import BlobStore
from pipeline.report import checks, licences
from pipeline.report.accounts import accounts
from pipeline.report.album import Album
from pipeline.report.doubts import doubts
from pipeline.report.head import head, made_by
from pipeline.report.papers import papers
from pipeline.report.pictures import take
from pipeline.report.views import Report
from pipeline.report.words import MARKS, mark
from schemas.messages import Language
from schemas.policy import PolicyTable
from schemas.records import Record
from validators.applicant import applicant_list
from validators.policy import built_in


def build_report(
    record: Record,
    blobs: BlobStore | None,
    lang: Language,
    limits: Limits | None = None,
    table: PolicyTable | None = None,
) -> Report:
    """Return the report of a record; `table` is the policy of the installation.

    Crops are cut from the originals in the store; where one is gone, or there is no store, the
    report says page and box instead.
    """
    album = Album(record.dossier, lang)
    matrices = checks.matrices(record, lang)
    looked_at = doubts(record, checks.broken_sums(record), album, lang)
    shown = licences.cards(record, album, lang)
    side_by_side = accounts(record, album, lang)
    product = product_name(record.dossier.package.product, table or built_in(), lang)
    top = head(record, album, matrices, lang, product)
    sources = {file.sha256: file for file in record.dossier.package.files}
    pictures = take(album.wishes, sources, blobs, limits or Limits()) if blobs else {}
    return Report(
        lang=lang,
        head=top,
        applicant=applicant_list(record.findings, lang),
        applicant_zh=applicant_list(record.findings, "zh") if lang != "zh" else (),
        doubts=looked_at,
        licences=shown,
        accounts=side_by_side,
        matrices=matrices,
        papers=papers(record, lang),
        legend=tuple(mark(kind, lang) for kind in MARKS),
        made_by=made_by(record, lang),
        cards=album.cards(pictures),
    )
