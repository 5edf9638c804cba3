"""An application under every order of events, with the clock moved between them."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pipeline.cases import clock
from pipeline.cases.clock import Timeliness
from pipeline.cases.desk import NewApplication
from pipeline.cases.refused import Refused
from pipeline.cases.reviewer import Reviewer, Verdict
from pipeline.cases.states import COUNTED, walk
from pipeline.cases.watch import watch
from pipeline.ports import Event, Ruling, State, Step
from schemas.decisions import Outcome
from schemas.errors import StorageError
from tests.cases.conftest import Clock, desk_of, get, hand_in
from tests.cli.papers import PaperReader, make_services

SECONDS = st.integers(0, 40 * 3600)


class Life(RuleBasedStateMachine):
    """What a portal, two reviewers, persons and watches do, in any order."""

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        root = Path(self.folder.name)
        self.clock = Clock()
        services = make_services(root / "data", PaperReader())
        object.__setattr__(services, "clock", self.clock)
        self.root, self.desk = root, desk_of(services)
        self.id = self.desk.open("bank-app", NewApplication(), None).id
        self.counted = timedelta(0)
        self.alarms: list[tuple[int, Step]] = []
        self.papers = 0
        self.verdict: Outcome | None = Outcome.PASS

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.services.close()
            self.folder.cleanup()

    @property
    def events(self) -> list[Event]:
        return list(self.desk.applications.events(self.id))

    def tried(self, act: object) -> None:
        """Do what may be refused; what is refused changes nothing."""
        before = (get(self.desk, self.id), self.events)
        try:
            act()  # type: ignore[operator]
        except Refused:
            assert (get(self.desk, self.id), self.events) == before

    @rule(seconds=SECONDS)
    def time_passes(self, seconds: int) -> None:
        state = get(self.desk, self.id).state
        self.clock.on(seconds=seconds)
        if state in COUNTED:
            self.counted += timedelta(seconds=seconds)

    @rule()
    def papers_come_and_are_submitted(self) -> None:
        self.papers += 1
        before = get(self.desk, self.id).state

        def act() -> None:
            hand_in(self.desk, self.id, [f"licence {self.papers}"], self.root)
            self.desk.submit(self.id)
            if before is State.DECIDED:
                self.counted = timedelta(0)

        self.tried(act)

    @rule(outcome=st.sampled_from([*Outcome, None]))
    def a_review_ends(self, outcome: Outcome | None) -> None:
        def review(_package_id: str) -> Verdict:
            if outcome is None:
                raise StorageError("read", "away")
            return Verdict(1, outcome)

        Reviewer(self.desk, review).step()

    @rule()
    def a_reviewer_dies(self) -> None:
        class DeadError(BaseException):
            pass

        def review(_package_id: str) -> Verdict:
            raise DeadError

        try:
            Reviewer(self.desk, review).step()
        except DeadError:
            assert get(self.desk, self.id).state is State.REVIEWING

    @rule(ruling=st.sampled_from(list(Ruling)), by=st.sampled_from(["a", "b"]))
    def a_person_decides(self, ruling: Ruling, by: str) -> None:
        self.tried(
            lambda: self.desk.decide(self.id, by=by, ruling=ruling, reason_code="review.seen")
        )

    @rule(by=st.sampled_from(["a", "b"]), outcome=st.sampled_from(list(Outcome)))
    def a_person_corrects(self, by: str, outcome: Outcome) -> None:
        event = Event(step=Step.CORRECTED, at=self.clock.now(), by=by, outcome=outcome)
        self.tried(lambda: self.desk.change(self.id, lambda now: (now, event)))

    @rule()
    def somebody_watches(self) -> None:
        watch(self.desk, lambda _: None)

    @invariant()
    def the_row_is_where_the_events_led(self) -> None:
        application, events = get(self.desk, self.id), self.events
        rules = self.desk.rules(application)
        *_, (_, state) = walk(events)

        assert application.state is state
        assert application.sequence == len(events)
        assert application.deadline == clock.deadline(events, rules)
        assert (application.deadline is not None) == (state in COUNTED)

    @invariant()
    def what_is_counted_is_the_time_of_the_bank(self) -> None:
        events = self.events
        timing = clock.read(events, self.desk.rules(get(self.desk, self.id)), self.clock.now())

        assert timing.counted == self.counted
        assert timing.remaining == timedelta(hours=24) - self.counted
        if timing.timeliness is Timeliness.BREACHED:
            assert self.counted >= timedelta(hours=24)

    @invariant()
    def each_alarm_is_kept_once_a_turn(self) -> None:
        turn = [event.step for event in clock.turn(self.events)]

        assert turn.count(Step.AT_RISK) <= 1
        assert turn.count(Step.BREACHED) <= 1

    @invariant()
    def nothing_is_lost(self) -> None:
        """Whatever is to be reviewed is found again, at the latest when the lease runs out."""
        application = get(self.desk, self.id)
        found = self.desk.applications.due(self.clock.now() + timedelta(hours=1))
        is_due = application.state in {State.SUBMITTED, State.REVIEWING, State.DELAYED}

        assert (found is not None) == is_due

    @invariant()
    def nobody_approved_their_own_work(self) -> None:
        events = self.events
        makers = {event.by for event in events if event.step is Step.CORRECTED}

        assert not makers & {event.by for event in events if event.step is Step.APPROVED}


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=12, stateful_step_count=15, deadline=None)
