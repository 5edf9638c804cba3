"""What persons found, summed by the database, on SQLite and PostgreSQL alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Engine, Subquery, distinct, func, select

from pipeline.database.tables import ApplicationEventRow, ApplicationRow, CheckedRow
from pipeline.database.transactions import added, reading
from pipeline.ports import Application, Checked, Milestone, Step
from schemas.decisions import Outcome

_STEPS: Final = (Step.SUBMITTED, Step.DECIDED, Step.APPROVED, Step.REJECTED, Step.BREACHED)


@dataclass(frozen=True)
class SqlTally:
    """Keeps counts of decided cases and sums them."""

    engine: Engine

    def keep(self, application_id: str, counts: Sequence[Checked]) -> None:
        """Keep the counts of a decided case; a second time changes nothing."""
        kept = select(CheckedRow.name).where(CheckedRow.application_id == application_id).limit(1)
        with reading(self.engine, "look for counts") as session:
            if session.scalars(kept).first() is not None:
                return
        found = counts or (Checked("", -1, 0, 0, 0, 0),)
        rows = [CheckedRow(application_id=application_id, **one._asdict()) for one in found]
        added(self.engine, "count a case", *rows)

    def uncounted(
        self, branches: frozenset[str] | None, latest: int, limit: int
    ) -> Sequence[Application]:
        """Return cases that a person has decided and whose counts are not kept yet."""
        row, cases = ApplicationRow, _latest(branches, latest)
        kept = select(CheckedRow.application_id).where(CheckedRow.application_id == row.id)
        asked = (
            select(row.content)
            .join(cases, cases.c.id == row.id)
            .where(row.content["ruling"].as_string().is_not(None), ~kept.exists())
            .order_by(row.number.desc())
            .limit(limit)
        )
        with reading(self.engine, "look for uncounted cases") as session:
            return tuple(Application.model_validate(content) for content in session.scalars(asked))

    def cases(self, branches: frozenset[str] | None, latest: int) -> tuple[int, int]:
        """Return how many cases there are, and of how many counts are kept."""
        cases = _latest(branches, latest)
        counted = select(func.count(distinct(CheckedRow.application_id))).join(
            cases, cases.c.id == CheckedRow.application_id
        )
        with reading(self.engine, "count the cases") as session:
            total = session.scalars(select(func.count()).select_from(cases)).one()
            return total, session.scalars(counted).one()

    def totals(self, branches: frozenset[str] | None, latest: int) -> Sequence[Checked]:
        """Return the sums of what is kept, by name and threshold."""
        row, cases = CheckedRow, _latest(branches, latest)
        sums = (row.seen, row.wrong, row.accepted, row.accepted_wrong)
        asked = (
            select(row.name, row.threshold, *(func.sum(one) for one in sums))
            .join(cases, cases.c.id == row.application_id)
            .where(row.seen > 0)
            .group_by(row.name, row.threshold)
        )
        with reading(self.engine, "sum what was checked") as session:
            return tuple(Checked._make(found) for found in session.execute(asked))

    def milestones(self, branches: frozenset[str] | None, latest: int) -> Iterator[Milestone]:
        """Yield what happened to the cases, in that order."""
        row, cases = ApplicationEventRow, _latest(branches, latest)
        at, outcome = row.content["at"].as_string(), row.content["outcome"].as_string()
        asked = (
            select(row.application_id, row.step, at, outcome)
            .join(cases, cases.c.id == row.application_id)
            .where(row.step.in_(_STEPS))
            .order_by(row.number)
        )
        with reading(self.engine, "read the milestones") as session:
            for application_id, step, moment, said in session.execute(asked):
                told = Outcome(said) if said else None
                yield Milestone(application_id, Step(step), datetime.fromisoformat(moment), told)


def _latest(branches: frozenset[str] | None, most: int) -> Subquery:
    """Return the ids of the latest cases of branches."""
    row = ApplicationRow
    asked = select(row.id)
    if branches is not None:
        branch = func.coalesce(row.content["branch"].as_string(), "")
        asked = asked.where(branch.in_(sorted(branches)))
    return asked.order_by(row.number.desc()).limit(most).subquery()
