"""`zishen storage`: the object store."""

import typer

from pipeline import wiring
from pipeline.cli.options import Lang
from pipeline.cli.session import begin
from pipeline.cli.words import say
from pipeline.storage.minio import Bucket
from pipeline.storage.preparing import prepare

app = typer.Typer(no_args_is_help=True, help="Set up the object store (对象存储).")


@app.command()
def init(lang: Lang = None) -> None:
    """Make the bucket unless it is there: versions, object lock, lifecycle; a folder needs none."""
    session = begin(lang)
    store = wiring.objects(session.settings)
    if not isinstance(store, Bucket):
        session.out.print(say("a folder needs no preparation", session.lang))
        return
    made = prepare(store, session.settings.storage)
    text = "bucket {name} made" if made else "bucket {name} was there and is set up"
    session.out.print(f"[pass]✔[/] {say(text, session.lang, name=store.name)}")
