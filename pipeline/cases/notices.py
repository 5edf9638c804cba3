"""Events told as messages, for whoever follows them: the same words as those to webhooks."""

from collections.abc import Iterator, Sequence

from pipeline.cases import states
from pipeline.ports import Application, Applications, Event, Notice


def of_application(application: Application, events: Sequence[Event]) -> Iterator[Notice]:
    """Yield what happened to an application, each with the state that it led to."""
    for number, (event, state) in enumerate(states.walk(events), start=1):
        then = application.model_copy(update={"state": state, "sequence": number})
        yield Notice.of(then, event)


def of_owner(
    applications: Applications, owner: str, branch: str, after: int, limit: int
) -> Sequence[tuple[int, Notice]]:
    """Return what happened to the applications of an owner, with the place of each event."""
    found = applications.happened(owner, after=after, limit=limit, branch=branch)
    told = {
        one.application.id: tuple(
            of_application(one.application, applications.events(one.application.id))
        )
        for one in found
    }
    return tuple((one.cursor, told[one.application.id][one.sequence - 1]) for one in found)
