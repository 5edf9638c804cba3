"""A case: the paper beside what was read on it, and what a person says of that."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Query
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from extractors.intake import Limits
from pipeline.cases.corrections import (
    LONGEST,
    Action,
    Change,
    Edit,
    changes,
    correct,
    edited,
)
from pipeline.cases.desk import Standing
from pipeline.cases.masking import hidden
from pipeline.cases.refused import Refused
from pipeline.ports import Application, Person, Role
from pipeline.report.build import build_report
from pipeline.report.page import render as render_report
from pipeline.review.deps import Case, HandledCase, ReviewedCase, SeenCase, TheForm, Visit
from pipeline.review.render import words
from pipeline.review.security import REPORT_POLICY
from pipeline.review.views import case as views
from pipeline.review.views.fields import field_view, licence_fields, readings, spots
from pipeline.review.views.grid import failing, grid
from pipeline.review.words import APPROVALS, REJECTIONS, fault
from pipeline.stages.correct import Place, document_at, field_at
from schemas.fields import FieldState
from schemas.records import Record
from schemas.statements import Statement

router = APIRouter(prefix="/cases/{application_id}")

PlaceText = Annotated[str, InPath(pattern=r"^\d{1,4}\.\d{1,4}\.(-|\d{1,5})\.[\w-]{1,64}$")]
DocumentKey = Annotated[str, InPath(pattern=r"^\d{1,4}\.\d{1,4}$")]
Shown = Annotated[str | None, Query(pattern=r"^\d{1,4}\.\d{1,4}$")]
Revision = Annotated[int, Form(ge=1, lt=1 << 31)]
_MOST_CELLS: Final = 2000


@router.get("")
def show_case(case: SeenCase, document: Shown = None) -> HTMLResponse:
    """Show a case, at the document asked for or the first with something open."""
    return bench(case, "case.html", document=document)


@router.get("/work")
def show_work(case: SeenCase, document: Shown = None) -> HTMLResponse:
    """Show what stands beside the paper."""
    return bench(case, "part_work.html", document=document)


@router.get("/fields/{place}")
def show_field(case: SeenCase, place: PlaceText) -> HTMLResponse:
    """Show one value: its crop, every reading of it, and the form to say what it is."""
    standing = _standing(case)
    record = _record(standing)
    where, field = _field(record, place)
    history = _history(case.visit, record, where)
    return case.visit.page(
        "part_field.html",
        application=case.application,
        record=record,
        field=field_view(record.dossier, where, field, case.visit.lang),
        readings=readings(record.dossier, where, field, history, case.visit.lang),
        may_correct=_may_correct(case.visit.person, standing),
    )


@router.post("/fields/{place}")
def correct_field(
    case: ReviewedCase,
    place: PlaceText,
    revision: Revision,
    action: Annotated[str, Form(pattern="^(save|accept|blank|unreadable)$")],
    text: Annotated[str, Form(max_length=LONGEST)] = "",
) -> HTMLResponse:
    """Keep what a person says of one value, and show what is next."""
    where = Place.of(place)
    document = place.rsplit(".", 2)[0]
    if where is None:
        raise Refused("api.not_found")
    record = _record(_standing(case))
    edit = Edit(where, _meant(record, where, action, text), text)
    return _kept(case, revision, [edit], document, at=place)


@router.post("/documents/{document}")
def save_grid(
    case: ReviewedCase, form: TheForm, document: DocumentKey, revision: Revision
) -> HTMLResponse:
    """Keep every cell of a statement that a person has changed, as one revision."""
    record = _record(_standing(case))
    edits = _edits(record, document, form)
    return _kept(case, revision, edits, document)


@router.post("/documents/{document}/try")
def try_grid(case: ReviewedCase, form: TheForm, document: DocumentKey) -> HTMLResponse:
    """Say which sums would fail with the cells as they are typed; nothing is kept."""
    record = _record(_standing(case))
    number, index = (int(part) for part in document.split("."))
    try:
        edits = _edits(record, document, form)
        dossier = edited(record.dossier, case.visit.person.id, edits)
    except Refused as refused:
        return case.visit.page(
            "part_sums.html",
            failing=(),
            error=fault(refused.code).on_page(case.visit.lang),
            tried=0,
        )
    statement = document_at(dossier, number, index)
    assert isinstance(statement, Statement)  # noqa: S101  _edits has seen to it
    found = tuple(failing(statement, number, index, case.visit.lang))
    return case.visit.page("part_sums.html", failing=found, error="", tried=len(edits))


@router.get("/pages/{document}/{page}")
def show_page(
    case: HandledCase, document: DocumentKey, page: Annotated[int, InPath(ge=1, le=100_000)]
) -> HTMLResponse:
    """Show a page of a paper with the boxes of what was read on it."""
    record = _record(_standing(case))
    number, index = (int(part) for part in document.split("."))
    if document_at(record.dossier, number, index) is None:
        raise Refused("api.not_found")
    sha256 = record.dossier.readings[number].source.sha256
    drawn = case.visit.office.pictures.take(case.application, sha256, page)
    if drawn is None:
        raise Refused("api.not_found")
    found = tuple(spots(record.dossier, number, index, page, case.visit.lang))
    return case.visit.page(
        "part_page.html",
        application=case.application,
        sha256=sha256,
        page=page,
        drawn=drawn,
        spots=found,
    )


@router.get("/pictures/{sha256}/{page}")
def get_picture(
    case: HandledCase,
    sha256: Annotated[str, InPath(pattern="^[0-9a-f]{64}$")],
    page: Annotated[int, InPath(ge=1, le=100_000)],
) -> Response:
    """Return a page as a picture."""
    drawn = case.visit.office.pictures.take(case.application, sha256, page)
    if drawn is None:
        raise Refused("api.not_found")
    return _png(drawn.png)


@router.get("/crops/{place}")
def get_crop(case: HandledCase, place: PlaceText) -> Response:
    """Return the place of a value as a picture, with a little of what is around it."""
    _, field = _field(_record(_standing(case)), place)
    where = field.provenance
    if where is None or where.cell is not None or where.box.width <= 0:
        raise Refused("api.not_found")
    drawn = case.visit.office.pictures.take(case.application, where.document, where.page, where.box)
    if drawn is None:
        raise Refused("api.not_found")
    return _png(drawn.png)


@router.get("/report")
def show_report(case: SeenCase) -> HTMLResponse:
    """Show the underwriter's report of the latest record."""
    services = case.visit.office.desk.services
    report = build_report(
        _record(_standing(case)),
        services.blobs if case.visit.sees_people else None,
        case.visit.lang,
        Limits(**services.settings.limits.model_dump()),
        services.policies,
    )
    headers = {"Content-Security-Policy": REPORT_POLICY}
    return HTMLResponse(render_report(report), headers=headers)


def bench(
    case: Case,
    template: str,
    *,
    document: str | None = None,
    at: str = "",
    notice: str = "",
    status: int = 200,
) -> HTMLResponse:
    """Return a case, or what stands beside its paper; `at` is the value last spoken of."""
    visit, standing = case.visit, _standing(case)
    shown: dict[str, Any] = {"found": None, "papers": (), "grid": None, "fields": ()}
    record = standing.record
    if record is not None:
        papers = views.papers(record.dossier, visit.lang)
        found = views.chosen(papers, document)
        shown = {"papers": papers, "found": found, "grid": None, "fields": ()}
        if found is not None:
            number, index = (int(part) for part in found.key.split("."))
            shown["grid"] = grid(record.dossier, number, index, visit.lang)
            shown["fields"] = licence_fields(record.dossier, number, index, visit.lang)
    done = _changes(visit, record) if record else ()
    names = {person.id: person.login for person in visit.office.door.people.listed()}
    return visit.page(
        template,
        status,
        application=standing.application,
        record=record,
        company=views.company(record),
        told=views.told(record, visit.lang) if record else (),
        changes=views.change_views(record.dossier, done, names, visit.lang, _eye(visit))
        if record
        else (),
        events=standing.events,
        names=names,
        at_place=at,
        notice=notice,
        may_correct=_may_correct(visit.person, standing),
        may_decide=_may_decide(visit.person, standing),
        is_maker=visit.person.id in views.makers(standing),
        approvals=words(dict(APPROVALS), visit.lang),
        rejections=words(dict(REJECTIONS), visit.lang),
        link=visit.office.links.sign(
            standing.application.id, visit.office.desk.services.clock.now()
        ),
        **shown,
    )


def _kept(
    case: Case, revision: int, edits: Sequence[Edit], document: str, at: str = ""
) -> HTMLResponse:
    """Keep edits and show the case as it then stands, whether they were kept or not."""
    visit = case.visit
    if not edits:
        return bench(case, "part_work.html", document=document, at=at)
    try:
        correct(visit.office.desk, visit.person, case.application, revision, edits)
    except Refused as refused:
        words_ = fault(refused.code)
        return bench(
            case,
            "part_work.html",
            document=document,
            at=at,
            notice=words_.on_page(visit.lang),
            status=words_.status,
        )
    return bench(case, "part_work.html", document=document, at=at)


def _meant(record: Record, place: Place, action: str, text: str) -> Action:
    """Return what a person says; to save what is there already is to accept it."""
    if action != "save":
        return Action(action)
    _, field = _field(record, str(place))
    now = field_view(record.dossier, place, field, "en")
    same = field.state is FieldState.PRESENT and text.strip() == now.text.strip()
    return Action.ACCEPT if same else Action.CORRECT


def _edits(record: Record, document: str, form: FormData) -> list[Edit]:
    """Return an edit for each cell whose text is another than the one shown."""
    number, index = (int(part) for part in document.split("."))
    if not isinstance(document_at(record.dossier, number, index), Statement):
        raise Refused("api.not_found")
    edits: list[Edit] = []
    cells = [(name, text) for name, text in form.items() if isinstance(text, str)]
    for name, text in cells[:_MOST_CELLS]:
        place = Place.of(name)
        if place is None or (place.reading, place.document) != (number, index):
            continue
        field = field_at(record.dossier, place)
        if field is None:
            raise Refused("api.not_found")
        shown = field_view(record.dossier, place, field, "en").text
        if text.strip() != shown.strip():
            action = Action.CORRECT if text.strip() else Action.BLANK
            edits.append(Edit(place, action, text.strip()))
    return edits


def _standing(case: Case) -> Standing:
    """Return where a case stands, with its record as this person may see it."""
    standing = case.visit.office.desk.standing(case.application.id)
    return replace(standing, record=case.visit.record(standing.record))


def _record(standing: Standing) -> Record:
    if standing.record is None:
        raise Refused("api.not_found")
    return standing.record


def _field(record: Record, text: str) -> tuple[Place, Any]:
    place = Place.of(text)
    field = field_at(record.dossier, place) if place else None
    if place is None or field is None:
        raise Refused("api.not_found")
    return place, field


def _changes(visit: Visit, record: Record) -> list[Change]:
    return list(changes(visit.office.desk.services.repository.records(record.package_id)))


def _eye(visit: Visit) -> views.Eye:
    """Return how this person sees a field of a document."""
    return views.everything if visit.sees_people else hidden


def _history(visit: Visit, record: Record, place: Place) -> list[Change]:
    """Return what persons said of a place, as this person may see it."""
    document = document_at(record.dossier, place.reading, place.document)
    assert document is not None  # noqa: S101  the place is in it
    eye = _eye(visit)
    return [
        replace(
            change,
            before=eye(document, place.name, change.before),
            after=eye(document, place.name, change.after),
        )
        for change in _changes(visit, record)
        if change.place == place
    ]


def _may_correct(person: Person, standing: Standing) -> bool:
    return person.has(Role.REVIEWER) and _is_open(standing.application)


def _may_decide(person: Person, standing: Standing) -> bool:
    return person.has(Role.CHECKER) and _is_open(standing.application)


def _is_open(application: Application) -> bool:
    waiting = {"waiting_reviewer", "waiting_applicant"}
    return application.ruling is None and application.state.value in waiting


def _png(png: bytes) -> Response:
    return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=300"})
