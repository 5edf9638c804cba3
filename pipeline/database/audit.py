"""Whether what was written once is still as it was written: the chains, walked from their start."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from pipeline.database.chain import CHAINED, ERASED, START, Linked, sealed
from pipeline.database.tables import AccessRow, ChainRow, RecordRow
from pipeline.database.transactions import reading
from pipeline.ports import ERASE, Anchor, Flaw, FlawKind

_AT_ONCE: Final = 200


@dataclass(frozen=True)
class SqlChains:
    """Reads the chains; it has no way to change one."""

    engine: Engine

    def ends(self) -> Sequence[Anchor]:
        """Return the end of each chain, to be kept where the database has no reach."""
        with reading(self.engine, "read the chains") as session:
            rows = session.scalars(select(ChainRow).order_by(ChainRow.name))
            return tuple(Anchor(chain=r.name, number=r.last, digest=r.digest) for r in rows)

    def flaws(self, anchors: Sequence[Anchor] = ()) -> Iterator[Flaw]:
        """Yield what was tampered with: against the chains themselves, and against kept ends."""
        with reading(self.engine, "verify the chains") as session:
            explained = _explained(session)
            for kind in CHAINED:
                yield from _erased(session, kind, explained)
                kept = [anchor for anchor in anchors if anchor.chain == kind.__tablename__]
                yield from _flaws(session, kind, kept)

    def entries(self) -> Iterator[dict[str, Any]]:
        """Yield every entry of who did what, in its order, with its seal."""
        with reading(self.engine, "read the audit trail") as session:
            for row in session.scalars(_in_order(AccessRow)):
                yield {"number": row.number, "digest": row.digest, **row.content}


def _flaws(session: Session, kind: type[Linked], anchors: Sequence[Anchor]) -> Iterator[Flaw]:
    """Walk a chain; after a flaw go on from what is there, so that each is told once."""
    name = kind.__tablename__
    wanted = {anchor.number: anchor.digest for anchor in anchors}
    number, digest = 0, START
    for row in session.scalars(_in_order(kind)):
        if row.digest != sealed(row, digest):
            yield Flaw(chain=name, number=row.number, kind=FlawKind.BROKEN)
        number, digest = row.number, row.digest
        if wanted.pop(number, digest) != digest:
            yield Flaw(chain=name, number=number, kind=FlawKind.REWRITTEN)
    end = session.get(ChainRow, name)
    if end is None or (end.last, end.digest) != (number, digest):
        yield Flaw(chain=name, number=number, kind=FlawKind.CUT)
    for missing in sorted(wanted.keys() - {0}):
        yield Flaw(chain=name, number=missing, kind=FlawKind.CUT)


def _explained(session: Session) -> frozenset[str]:
    """Return the packages whose records were erased, as the entries say."""
    said = select(AccessRow.content).where(AccessRow.content["action"].as_string() == ERASE)
    return frozenset(content["subject"] for content in session.scalars(said))


def _erased(session: Session, kind: type[Linked], explained: frozenset[str]) -> Iterator[Flaw]:
    """Yield rows whose content was erased without an entry that says so."""
    erased = _in_order(kind).where(kind.content[ERASED].as_string().is_not(None))
    for row in session.scalars(erased):
        if not (isinstance(row, RecordRow) and row.package_id in explained):
            yield Flaw(chain=kind.__tablename__, number=row.number, kind=FlawKind.ERASED)


def _in_order(kind: Any) -> Any:
    return select(kind).order_by(kind.number).execution_options(yield_per=_AT_ONCE)
