"""Batches, as the API says them."""

from pydantic import AwareDatetime
from pydantic import Field as Default

from pipeline.api.views.applications import Summary
from pipeline.api.views.base import View
from pipeline.cases.batches import Progress
from pipeline.cases.desk import Desk
from pipeline.ports import Batch, State
from schemas.decisions import Outcome

_ID = "b7e23ec29af22b0b4e41da31e868d572"


class BatchSummary(View):
    """A batch in a list."""

    id: str = Default(examples=[_ID])
    reference: str | None = Default(examples=["2026-10-15/1"])
    made_at: AwareDatetime
    size: int = Default(examples=[2])
    """How many applications it has."""

    @classmethod
    def of(cls, batch: Batch) -> "BatchSummary":
        """Say a batch in short."""
        return cls(
            id=batch.id,
            reference=batch.reference,
            made_at=batch.made_at,
            size=len(batch.applications),
        )


class BatchItem(Summary):
    """An application of a batch, and what its latest review came to."""

    outcome: Outcome | None
    package_id: str | None
    """The latest submission."""
    revision: int | None
    """Of its record, at `/v1/applications/{id}/record`."""


class BatchView(BatchSummary):
    """A batch: how far it is, and its applications in the order in which they were given."""

    done: int
    """How many need nothing more from the machine: neither in the making nor under review."""
    states: dict[State, int] = Default(examples=[{"decided": 1, "reviewing": 1}])
    """How many applications are in each state."""
    items: tuple[BatchItem, ...]


class BatchPage(View):
    """Batches in the order in which they were opened."""

    items: tuple[BatchSummary, ...]
    next: int | None
    """Give it as `after` for the next page; null at the end."""


_UNDER_WAY = frozenset({State.DRAFT, State.SUBMITTED, State.REVIEWING, State.DELAYED})


def batch_view(desk: Desk, progress: Progress) -> BatchView:
    """Say how far a batch is."""
    states = progress.states
    return BatchView(
        **BatchSummary.of(progress.batch).model_dump(),
        done=sum(count for state, count in states.items() if state not in _UNDER_WAY),
        states=dict(states),
        items=tuple(_items(desk, progress)),
    )


def _items(desk: Desk, progress: Progress) -> list[BatchItem]:
    items = []
    for application in progress.applications:
        package_id = application.package_id
        record = desk.services.repository.record(package_id) if package_id else None
        items.append(
            BatchItem(
                **Summary.of(application).model_dump(),
                outcome=record.decision.outcome if record else None,
                package_id=package_id,
                revision=record.revision if record else None,
            )
        )
    return items
