"""What routes ask for: who is there, may they be, which application, and in what language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from pipeline.cases.desk import Desk
from pipeline.cases.masking import masked_record
from pipeline.cases.people import FrontDoor
from pipeline.cases.refused import Refused
from pipeline.cases.sso import SingleSignOn
from pipeline.policies import product_name
from pipeline.ports import EVERY_BRANCH, Access, Application, Person, Queue, Role, Session, Tally
from pipeline.review.render import render
from pipeline.review.security import COOKIE, LANGUAGE_COOKIE, Links, same
from pipeline.review.views.pictures import Pictures
from schemas.messages import Language
from schemas.records import Record
from validators.policy import products

READERS = (Role.REVIEWER, Role.CHECKER, Role.AUDITOR)
"""Who may see a case."""
HANDLERS = (Role.REVIEWER, Role.CHECKER)
"""Who sees in it who people are, and the papers themselves."""


@dataclass(frozen=True)
class Office:
    """What the page works with."""

    desk: Desk
    door: FrontDoor
    queue: Queue
    links: Links
    pictures: Pictures
    tally: Tally
    sso: SingleSignOn | None = None

    @property
    def has_passwords(self) -> bool:
        """Whether people may sign in with a local account."""
        return self.sso is None or self.desk.services.settings.oidc.local_accounts


def office(request: Request) -> Office:
    """Return what the page works with."""
    found: Office = request.app.state.office
    return found


def spoken(request: Request) -> Language:
    """Return the language that somebody chose, else that of the settings."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    default: Language = request.app.state.office.desk.services.settings.lang
    return "zh" if chosen == "zh" else "en" if chosen == "en" else default


TheOffice = Annotated[Office, Depends(office)]
Lang = Annotated[Language, Depends(spoken)]


@dataclass(frozen=True)
class Visit:
    """Somebody who is signed in, at which office, in what language, what for."""

    request: Request
    office: Office
    person: Person
    session: Session
    lang: Language

    @property
    def branches(self) -> frozenset[str] | None:
        """The branches whose applications this person sees, None for all."""
        branches = self.person.branches
        return None if EVERY_BRANCH in branches else branches

    @property
    def sees_people(self) -> bool:
        """Whether personal data is for this person."""
        return self.person.has(*HANDLERS)

    def record(self, kept: Record | None) -> Record | None:
        """Return a record as this person may see it."""
        return kept if kept is None or self.sees_people else masked_record(kept)

    def note(self, application_id: str, *, allowed: bool = True) -> None:
        """Write down that a case is looked at or worked on."""
        access = Access(
            at=self.office.desk.services.clock.now(),
            owner="review",
            key_id=self.person.id,
            action=self.request.scope["route"].name,
            application_id=application_id,
            allowed=allowed,
        )
        self.office.desk.audit.add(access)

    def page(self, template: str, answer: int = 200, /, **values: Any) -> HTMLResponse:
        """Return a page, or a part of one."""
        table = self.office.desk.services.policies
        names = {name: product_name(name, table, self.lang) for name in products(table)}
        told = {
            "person": self.person,
            "csrf": self.session.csrf,
            "sees_people": self.sees_people,
            "product_names": names,
            **values,
        }
        return HTMLResponse(render(template, self.lang, self.request, **told), answer)


async def _form(request: Request) -> FormData | None:
    """Return what a form brings, None where nothing is to be changed."""
    return None if request.method in {"GET", "HEAD"} else await request.form()


TheForm = Annotated[FormData, Depends(_form)]


def _visit(
    request: Request,
    office: TheOffice,
    lang: Lang,
    form: Annotated[FormData | None, Depends(_form)],
) -> Visit:
    """Return who is there; whoever changes something brings the token of the session."""
    found = office.door.who(request.cookies.get(COOKIE, ""))
    if found is None:
        raise Refused("review.signed_out")
    if form is not None:
        shown = form.get("csrf")
        if not isinstance(shown, str) or not same(shown, found.session.csrf):
            raise Refused("review.csrf")
    return Visit(request, office, found.person, found.session, lang)


TheVisit = Annotated[Visit, Depends(_visit)]


def _of(visit: TheVisit, roles: Sequence[Role]) -> Visit:
    if not visit.person.has(*roles):
        raise Refused("api.not_found")
    return visit


def _needs(*roles: Role) -> Callable[[TheVisit], Visit]:
    """Let in who has one of the roles; for everybody else there is no such page."""

    def needed(visit: TheVisit) -> Visit:
        return _of(visit, roles)

    return needed


def _in_branch(visit: Visit, application_id: str) -> Application:
    application = visit.office.desk.applications.get(application_id)
    allowed = application is not None and visit.person.is_of(application.branch)
    visit.note(application_id, allowed=allowed)
    if application is None or not allowed:
        raise Refused("api.not_found")
    return application


ById = Annotated[str, InPath(pattern="^[0-9a-f]{32}$")]


@dataclass(frozen=True)
class Case:
    """An application, and who looks at it."""

    visit: Visit
    application: Application


def _case(*roles: Role) -> Callable[[TheVisit, ById], Case]:
    """Return the application of an address, to who has one of the roles in its branch."""

    def found(visit: TheVisit, application_id: ById) -> Case:
        return Case(_of(visit, roles), _in_branch(visit, application_id))

    return found


Reader = Annotated[Visit, Depends(_needs(*READERS))]
Submitter = Annotated[Visit, Depends(_needs(Role.SUBMITTER))]
Admin = Annotated[Visit, Depends(_needs(Role.ADMIN))]
Overseer = Annotated[Visit, Depends(_needs(*READERS, Role.ADMIN))]
HandledCase = Annotated[Case, Depends(_case(*HANDLERS))]
SeenCase = Annotated[Case, Depends(_case(*READERS))]
ReviewedCase = Annotated[Case, Depends(_case(Role.REVIEWER))]
CheckedCase = Annotated[Case, Depends(_case(Role.CHECKER))]
SubmittedCase = Annotated[Case, Depends(_case(Role.SUBMITTER))]
