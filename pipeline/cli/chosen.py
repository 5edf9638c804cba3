"""Which packages a command is about, by id, the beginning of an id, or name."""

from collections.abc import Sequence
from typing import Annotated

import typer

from pipeline.ports import Repository, UnknownPackageError
from schemas.documents import Package

Packages = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PACKAGE...]", help="Ids of packages, or beginnings of them, or names."
    ),
]
All = Annotated[bool, typer.Option("--all", help="Every package that was reviewed.")]


def chosen(names: Sequence[str] | None, repository: Repository, *, every: bool) -> list[Package]:
    """Return the packages that are named, each once; or all that have a record.

    Raises:
        BadParameter: neither packages nor --all were given, or both.
        UnknownPackageError: one is not there, or was never reviewed.
    """
    if bool(names) is every:
        raise typer.BadParameter("name packages, or say --all")
    known = repository.packages()
    if every:
        return [package for package in known if repository.record(package.id) is not None]
    found = {package.id: package for package in (_one(name, known) for name in names or ())}
    return list(found.values())


def _one(name: str, known: Sequence[Package]) -> Package:
    found = [one for one in known if one.id.startswith(name) or one.name == name]
    if not found:
        raise UnknownPackageError(name)
    return found[-1]
