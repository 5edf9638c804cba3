"""`zishen people`: who may sign in to the review page."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
from rich.table import Table

from pipeline import wiring
from pipeline.cases.people import LEAST_CHARACTERS, FrontDoor
from pipeline.cases.refused import Refused
from pipeline.cli.options import Lang
from pipeline.cli.session import Session, begin
from pipeline.ports import Person, Role
from schemas.messages import Language

app = typer.Typer(
    no_args_is_help=True,
    help="Make, list and disable the accounts (账号) of people on the review page.",
)
_HEADS: Final[dict[Language, tuple[str, ...]]] = {
    "zh": ("用户名", "角色", "机构", "建立", "停用"),
    "en": ("login", "roles", "branches", "made", "disabled"),
}
Login = Annotated[str, typer.Argument(metavar="LOGIN", help="The name to sign in with.")]


@app.command()
def add(
    login: Login,
    roles: Annotated[list[Role], typer.Option("--role", help="What the person may do; repeat it.")],
    branches: Annotated[
        list[str] | None,
        typer.Option(
            "--branch",
            help="A branch (机构) whose cases the person sees; repeat it. "
            "`*` is every branch; without it, cases of no branch.",
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """Make an account; the password is asked for, or read from standard input."""
    door = _door(begin(lang))
    with _told():
        door.enrol(login, _password(), roles, branches or [""])


@app.command(name="list")
def listed(lang: Lang = None) -> None:
    """List the accounts: what each may do, in which branches, since when, until when."""
    session = begin(lang)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="quiet")
    for head in _HEADS[session.lang]:
        table.add_column(head, overflow="fold")
    for person in _door(session).people.listed():
        ended = "" if person.disabled_at is None else f"{person.disabled_at:%Y-%m-%d %H:%M}"
        roles = ", ".join(sorted(role.value for role in person.roles))
        branches = ", ".join(sorted(branch or "—" for branch in person.branches))
        table.add_row(person.login, roles, branches, f"{person.made_at:%Y-%m-%d %H:%M}", ended)
    session.out.print(table)


@app.command()
def disable(login: Login, lang: Lang = None) -> None:
    """Let an account be of no use from now on; it is signed out everywhere."""
    door = _door(begin(lang))
    door.disable(_known(door, login))


@app.command(name="password")
def change_password(login: Login, lang: Lang = None) -> None:
    """Give an account another password; it is signed out everywhere."""
    door = _door(begin(lang))
    person = _known(door, login)
    with _told():
        door.set_password(person, _password())


def _door(session: Session) -> FrontDoor:
    return wiring.front_door(wiring.database(session.settings), session.settings)


def _known(door: FrontDoor, login: str) -> Person:
    person = door.people.by_login(login.strip().lower())
    if person is None:
        raise typer.BadParameter("there is no such account", param_hint="LOGIN")
    return person


def _password() -> str:
    typed: str = typer.prompt("password", hide_input=True, confirmation_prompt=True, err=True)
    return typed


_WORDS: Final = {
    "people.login_taken": "the login is taken",
    "people.no_password": "the account has no password: the identity provider says who it is",
    "people.weak_password": f"a password has {LEAST_CHARACTERS} characters at least",
}


@contextmanager
def _told() -> Iterator[None]:
    """Turn a refusal into what the caller of a command can mend."""
    try:
        yield
    except Refused as refused:
        raise typer.BadParameter(_WORDS[refused.code]) from None
