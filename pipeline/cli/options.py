"""Options that several commands have, each with one meaning."""

from datetime import date, datetime
from typing import Annotated

import typer

from pipeline.policies import policies
from pipeline.settings import load_settings
from schemas.messages import Language
from validators.policy import products


def known_product(value: str | None) -> str | None:
    """Return a product of the policy in force.

    Raises:
        BadParameter: the policy has no such product.
        SettingsError, PolicyError: the settings or the policy file are of no use.
    """
    if value is None:
        return None
    known = products(policies(load_settings()))
    if value not in known:
        raise typer.BadParameter(f"there are: {', '.join(known)}")
    return value


def _day(value: str) -> date:
    return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007  a date has no zone


Lang = Annotated[
    Language | None,
    typer.Option("--lang", help="Language of the results: zh 中文, en English. [ZISHEN_LANG]"),
]
Product = Annotated[
    str | None,
    typer.Option(
        "--product",
        callback=known_product,
        help="Loan product, which decides what papers are needed; "
        "else that of package.json, else ZISHEN_PRODUCT.",
    ),
]
AppliedOn = Annotated[
    date | None,
    typer.Option(
        "--applied-on",
        parser=_day,
        metavar="YYYY-MM-DD",
        help="Day of the application, from which the age of papers counts; "
        "else that of package.json, else today.",
    ),
]
