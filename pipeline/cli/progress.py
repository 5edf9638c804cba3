"""How far a run is, on standard error: a bar in a terminal, nothing in a pipe."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed

from pipeline.cli.session import Session


class Bar:
    """A bar that counts documents; it says what is being done when nothing can be counted."""

    def __init__(self, progress: Progress) -> None:
        """Begin with nothing to count."""
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def says(self, text: str, *, total: int | None = None) -> None:
        """Say what is being done, and of how many steps."""
        self._progress.update(self._task, description=text, total=total, refresh=True)

    def step(self) -> None:
        """Count one."""
        self._progress.advance(self._task)


@contextmanager
def bar(session: Session) -> Iterator[Bar]:
    """Show a bar within the block; it is gone afterwards."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        Elapsed(),
    )
    shown = session.err.is_terminal
    with Progress(*columns, console=session.err, transient=True, disable=not shown) as progress:
        yield Bar(progress)
