"""Files and what is known of them at once, as the API says them."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field as Default

from extractors.quality import Reason
from pipeline.api.views.base import View
from pipeline.api.words import PENDING
from pipeline.cases.glances import Look
from pipeline.stages.intake import Paper
from schemas.documents import DocumentKind, MediaType, RefusedFile, SourceFile
from schemas.messages import Language, error_message, error_remedy

_SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class FileView(View):
    """One file, and whether it can be used."""

    name: str = Default(examples=["营业执照.jpg"])
    """What the sender called it; of a file in an archive, with the archive before it."""
    sha256: str = Default(examples=[_SHA])
    """Of its bytes: what it is called in this API."""
    size: int = Default(examples=[184320])
    """In bytes."""
    media_type: MediaType | None
    """By its bytes, whatever the name says; null where it was refused."""
    state: Literal["accepted", "refused"]
    """Whether it can be used, as far as is known: all of it is known after the review."""
    code: str | None
    """Why it was refused, a stable code of docs/errors.md."""
    message: str | None
    """The same in words."""
    remedy: str | None
    """What the applicant should do."""
    submitted: bool
    """Whether it was in the latest submission."""
    pages: int | None
    """How many it has; null while it was not looked into."""
    kinds: tuple[DocumentKind, ...] = Default(examples=[["balance_sheet", "income_statement"]])
    """What its text says it is; pictures and scans tell only in the review."""
    legibility: Literal["good", "doubtful", "unknown"]
    """`good`: its text was read; `doubtful`: `reasons` speak against the picture."""
    reasons: tuple[Reason, ...] = Default(examples=[["too_dark"]])
    """What stands in the way of reading a picture."""
    pending: bool
    """Whether only the review can tell the rest."""

    @classmethod
    def of(
        cls, paper: Paper, lang: Language, look: Look | None = None, *, submitted: bool = False
    ) -> "FileView":
        """Say a file and what a glance at it has shown."""
        refused = paper.code if isinstance(paper, RefusedFile) else None
        code = refused or (look.code if look else None)
        seen = look.seen if look else None
        return cls(
            name=paper.name,
            sha256=paper.sha256,
            size=paper.size,
            media_type=paper.media_type if isinstance(paper, SourceFile) else None,
            state="accepted" if code is None else "refused",
            code=code,
            message=None if code is None else error_message(code, lang),
            remedy=None if code is None else error_remedy(code, lang),
            submitted=submitted,
            pages=seen.pages if seen else None,
            kinds=seen.kinds if seen else (),
            legibility=_legibility(look),
            reasons=seen.reasons if seen else (),
            pending=code is None and (seen is None or seen.pending),
        )


def _legibility(look: Look | None) -> Literal["good", "doubtful", "unknown"]:
    if look is None or look.seen is None:
        return "unknown"
    if look.seen.reasons:
        return "doubtful"
    return "unknown" if look.seen.pending else "good"


class Completeness(View):
    """What the product asks for, as far as the papers tell before their review."""

    found: tuple[DocumentKind, ...] = Default(examples=[["balance_sheet"]])
    """Required kinds that are there."""
    not_found: tuple[DocumentKind, ...] = Default(examples=[["cash_flow_statement"]])
    """Required kinds that were not seen; they may be in what is `pending`."""
    final: bool
    """Whether nothing is pending, so that `not_found` is missing."""

    @classmethod
    def of(cls, required: Sequence[DocumentKind], files: Sequence[FileView]) -> "Completeness":
        """Hold files against what is required."""
        seen = {kind for file in files for kind in file.kinds}
        return cls(
            found=tuple(kind for kind in required if kind in seen),
            not_found=tuple(kind for kind in required if kind not in seen),
            final=not any(file.pending for file in files),
        )


class Uploaded(View):
    """What came of one upload."""

    files: tuple[FileView, ...]
    """Every file of it, what was in archives each for itself; the same bytes count once."""
    completeness: Completeness
    """Of the whole application."""
    pending: tuple[str, ...]
    """What cannot be said yet."""


def files_view(
    papers: Sequence[Paper],
    looks: Mapping[str, Look],
    lang: Language,
    submitted: frozenset[str] = frozenset(),
) -> tuple[FileView, ...]:
    """Say files."""
    return tuple(
        FileView.of(p, lang, looks.get(p.sha256), submitted=p.sha256 in submitted) for p in papers
    )


def pending_view(files: Sequence[FileView], lang: Language) -> tuple[str, ...]:
    """Say what the review will tell, if anything."""
    return tuple(term.text(lang) for term in PENDING) if any(f.pending for f in files) else ()
