"""The commands together, and the one place where an error becomes words and an exit code."""

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from pipeline.cli import audit, data, db, keys, models, people, policy, storage, webhooks
from pipeline.cli.batch import batch
from pipeline.cli.checks import doctor_
from pipeline.cli.corrections import corrections
from pipeline.cli.deploy import deploy
from pipeline.cli.exits import HELP, of_error
from pipeline.cli.export import export_
from pipeline.cli.extract import extract
from pipeline.cli.reconcile import reconcile_
from pipeline.cli.rejudge import rejudge_
from pipeline.cli.report import report
from pipeline.cli.review import record, review
from pipeline.cli.serve import serve
from pipeline.cli.session import tell
from pipeline.cli.up import up
from schemas.errors import ZishenError

app = typer.Typer(
    name="zishen",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,  # its tracebacks show values, and those are personal data
    add_completion=False,
    help="zishen 资审: the first review of corporate-lending papers. Licences and statements in, "
    "checked records out.",
    epilog=HELP,
)
app.command()(review)
app.command()(batch)
app.command()(extract)
app.command()(record)
app.command()(report)
app.command(name="rejudge")(rejudge_)
app.command(name="reconcile")(reconcile_)
app.command(name="export")(export_)
app.command()(corrections)
app.command()(serve)
app.command()(up)
app.command()(deploy)
app.add_typer(keys.app, name="keys")
app.add_typer(people.app, name="people")
app.add_typer(webhooks.app, name="webhooks")
app.add_typer(policy.app, name="policy")
app.add_typer(db.app, name="db")
app.add_typer(audit.app, name="audit")
app.add_typer(data.app, name="data")
app.add_typer(storage.app, name="storage")
app.add_typer(models.app, name="models")
app.command(name="doctor")(doctor_)


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit with the code that says who acts.

    Errors that are raised on purpose are told here; anything else is a bug and keeps its
    traceback.
    """
    try:
        app(args=arguments, prog_name="zishen")
    except ZishenError as error:
        tell(error)
        sys.exit(of_error(error))
    sys.exit(0)
