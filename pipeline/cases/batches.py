"""Applications that a portal opens, submits, follows and withdraws together."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field as Default

from pipeline.cases.desk import PRINTED, Desk, NewApplication
from pipeline.cases.refused import Refused
from pipeline.ports import Application, Batch, Batches, State
from schemas.base import Model
from validators.policy import products

MOST = 200
"""Applications of one batch."""


class NewBatch(Model):
    """The applications of a batch; their papers come next, to each its own."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {
                    "reference": "2026-10-15/1",
                    "applications": [{"reference": "LN-2026-0042"}, {"reference": "LN-2026-0043"}],
                }
            ]
        },
    )

    reference: Annotated[str, Default(max_length=128, pattern=PRINTED)] | None = None
    """Your own number for it. No names of people, please."""
    applications: Annotated[tuple[NewApplication, ...], Default(min_length=1, max_length=MOST)]
    """What would open each by itself, in the order in which their ids are answered."""


@dataclass(frozen=True)
class Progress:
    """A batch and where its applications stand, in their order."""

    batch: Batch
    applications: Sequence[Application]

    @property
    def states(self) -> Mapping[State, int]:
        """How many applications are in each state that there is one in."""
        return Counter(application.state for application in self.applications)


@dataclass(frozen=True)
class Bundles:
    """The batches of all portals; each sees its own."""

    desk: Desk
    batches: Batches

    def open(
        self, owner: str, new: NewBatch, *, branch: str = "", idempotency_key: str | None = None
    ) -> Progress:
        """Open a batch, or return the one that the same request opened before.

        The batch is kept first and names its applications, so that the same request, sent again
        after a breakdown, opens those that are still lacking and no other.
        """
        asked = hashlib.sha256(new.model_dump_json().encode()).hexdigest()
        batch = Batch(
            id=uuid.uuid4().hex,
            owner=owner,
            branch=branch,
            reference=new.reference,
            made_at=self.desk.services.clock.now(),
            asked=asked,
            applications=tuple(uuid.uuid4().hex for _ in new.applications),
        )
        known = {None, *products(self.desk.services.policies)}
        if not {one.product for one in new.applications} <= known:
            raise Refused("api.unknown_product")
        kept = self.batches.add(batch, idempotency_key)
        if (kept.asked, kept.branch) != (asked, branch):
            raise Refused("api.idempotency_conflict")
        for application_id, one in zip(kept.applications, new.applications, strict=True):
            self.desk.open(
                owner,
                one,
                f"batch:{application_id}",
                branch=branch,
                application_id=application_id,
            )
        return self.progress(kept)

    def progress(self, batch: Batch) -> Progress:
        """Return where the applications of a batch stand."""
        found = (self.desk.applications.get(one) for one in batch.applications)
        return Progress(batch, tuple(application for application in found if application))

    def submit(self, batch: Batch) -> Progress:
        """Submit every application that has papers; submitting again changes nothing."""
        for application in self.progress(batch).applications:
            if application.papers and application.state is not State.WITHDRAWN:
                self.desk.submit(application.id)
        return self.progress(batch)

    def withdraw(self, batch: Batch) -> Progress:
        """Withdraw every application on which nobody has decided."""
        for application in self.progress(batch).applications:
            if application.ruling is None:
                self.desk.withdraw(application.id)
        return self.progress(batch)
