"""`zishen policy`: what products ask for, and whether a bank's own file is good."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from pipeline.cli.exits import ExitCode
from pipeline.cli.options import Lang, known_product
from pipeline.cli.session import begin
from pipeline.cli.words import word
from pipeline.policies import checked, policies
from schemas.errors import PolicyError
from schemas.messages import Language
from schemas.policy import PolicyDocument
from validators.policy import Policy, load_policy

app = typer.Typer(
    no_args_is_help=True,
    help="Show what products ask for (政策), and check a bank's own file.",
)


@app.command()
def check(
    file: Annotated[
        Path | None,
        typer.Argument(
            exists=True,
            dir_okay=False,
            readable=True,
            metavar="[FILE]",
            help="A policy file; else that of ZISHEN_POLICY_FILE, else the one of zishen.",
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """Look a policy file through and say everything that is wrong with it."""
    session = begin(lang)
    try:
        table = policies(session.settings) if file is None else checked(file)
    except PolicyError as error:
        for text in str(error).splitlines():
            session.out.print(Text(f"✘ {text}", style="failed"))
        raise typer.Exit(ExitCode.CONFIG) from None
    told = f"✔ {word('policy_good', session.lang)}  {table.version}"
    session.out.print(Text(told, style="pass"))


@app.command()
def show(
    product: Annotated[str, typer.Argument(callback=known_product, metavar="PRODUCT")],
    lang: Lang = None,
) -> None:
    """Show what a product asks for, and from which version of the policy."""
    session = begin(lang)
    policy = load_policy(product, policies(session.settings))
    session.out.print(_head(policy, session.lang), _papers(policy, session.lang))


def _head(policy: Policy, lang: Language) -> Text:
    name = policy.name_zh if lang == "zh" else policy.name_en
    head = Text(name, style="bold").append(f"  {policy.label}\n", style="dim")
    for key in ("statement_age_days", "expiry_notice_days", "term_start_days"):
        head.append(f"{key}: {getattr(policy, key)}\n", style="dim")
    head.append(f"service.hours: {policy.service.hours}\n", style="dim")
    for code, severity in policy.severities.items():
        head.append(f"{code}: {severity.value}\n", style="dim")
    return head


def _papers(policy: Policy, lang: Language) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for paper in policy.documents:
        table.add_row(*_cells(paper, lang))
    return table


def _cells(paper: PolicyDocument, lang: Language) -> tuple[str, str, str]:
    by = "by_machine" if paper.recognised else "by_person"
    return (
        word(f"requirement_{paper.requirement}", lang),
        word(paper.document, lang),
        word(by, lang),
    )
