"""Decisions that were taken, as the API says them."""

from pydantic import AwareDatetime
from pydantic import Field as Default

from pipeline.api.views.base import ID, View
from pipeline.ports import Decided
from schemas.decisions import Outcome


class DecisionView(View):
    """A record that came to be."""

    cursor: int
    """Its place in the order of decisions."""
    application_id: str = Default(examples=[ID])
    reference: str | None
    package_id: str
    revision: int
    outcome: Outcome
    decided_at: AwareDatetime
    record: str = Default(examples=[f"/v1/applications/{ID}/record?package_id=…&revision=1"])
    """Where the record is."""

    @classmethod
    def of(cls, decided: Decided) -> "DecisionView":
        """Say a decision."""
        application, event = decided.application, decided.event
        assert event.package_id is not None  # noqa: S101  a decision speaks of a package
        assert event.revision is not None  # noqa: S101
        assert event.outcome is not None  # noqa: S101
        return cls(
            cursor=decided.cursor,
            application_id=application.id,
            reference=application.reference,
            package_id=event.package_id,
            revision=event.revision,
            outcome=event.outcome,
            decided_at=event.at,
            record=f"/v1/applications/{application.id}/record"
            f"?package_id={event.package_id}&revision={event.revision}",
        )


class Decisions(View):
    """Records since a cursor."""

    items: tuple[DecisionView, ...]
    next: int
    """Keep it and give it as `after` the next time, also when `items` is empty."""
