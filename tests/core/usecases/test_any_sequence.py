"""Any sequence of use cases: each step is refused and changes nothing, or appends; and the promises hold.

After every step every history folds and every entry verifies. Over the whole of every history: what was
handed over had the yes of two different persons, given after the last decision; nothing read by the
machine alone, against law, or by a vendor was released; every departure has its reason, every instruction
its basis, every objection its own entry.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from habeas.domain.case import Authorized, Case, Decided
from habeas.domain.determination import ItemDetermination, departure
from habeas.domain.disclosure import Disclosure, Notice
from habeas.domain.facts import FACTS, Scope
from habeas.domain.vocabulary import (
    CustodianKind,
    Effect,
    EventKind,
    Language,
    LetterKind,
    Outcome,
    Rank,
    Reading,
    Role,
)
from habeas.kernel.errors import BadInput
from habeas.kernel.shape import from_json
from habeas.policy.effect import OPEN
from habeas.usecases.answer import send
from habeas.usecases.confirm import Correction, confirm
from habeas.usecases.determine import determine
from habeas.usecases.disclose import authorize, record_disclosure, stop
from habeas.usecases.ports import ArrivalState, Hints
from habeas.usecases.read import read
from habeas.usecases.receive import receive, release, settle_pending
from tests.core.usecases.desks import (
    AGENCIES,
    APPROVER,
    AT,
    COUNSEL,
    CRIMINAL,
    GUIDANCE,
    NOTHING,
    REVIEWER,
    STAFF,
    STATUTE,
    check_world,
    clock_of,
    form,
    new_ports,
    world_of,
)
from tests.core.usecases.papers import drawn, mail
from tests.core.usecases.test_determine import LITIGANT, UI, WARRANT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from habeas.domain.events import Recorded
    from habeas.domain.request import Custodian, Person
    from habeas.usecases.ports import Ports

DELIVERIES = (
    form(),
    form(items=("employment", "contact")),
    form("vendor"),
    form("nobody"),
    form(holder={"custodian": "labor", "unit": "desk", "processor": "Cloud Example"}),
    form(claims={"criminal_investigation": "yes"}, message="Please send it today."),
    mail("We request employment records in support of an active criminal investigation.", drawn("i138")),
    b"Please send the records.",
    b"\x00\x01\x02" * 50,
)
LAW = {Rank.FEDERAL_STATUTE, Rank.FEDERAL_REGULATION, Rank.STATE_STATUTE, Rank.STATE_REGULATION}

people = st.sampled_from((REVIEWER, APPROVER, COUNSEL, *STAFF))
single = st.sampled_from(FACTS).flatmap(
    lambda spec: st.builds(
        Correction,
        st.just(spec.name),
        st.sampled_from((*spec.domain, "unknown")),
        st.sampled_from(sorted(spec.suppliers)),
        st.just("1" if spec.scope is Scope.ITEM else ""),
        st.sampled_from(("", "looked it up")),
    )
)
outcomes = st.sampled_from((Outcome.RELEASE, Outcome.RELEASE, Outcome.RELEASE, *Outcome))
usual = st.sampled_from((CRIMINAL, CRIMINAL, CRIMINAL, WARRANT, NOTHING, LITIGANT))
corrections = usual | st.lists(single, max_size=2).map(tuple)
decisions = st.builds(
    ItemDetermination,
    st.sampled_from(("1", "1", "2", "9")),
    outcomes,
    reason=st.sampled_from(("", "ground i")),
    override_reason=st.sampled_from(("", "a better reading")),
    instructed_by=st.sampled_from(("", "", "the director")),
    objection=st.sampled_from(("", "", "it is not solely so")),
)


class Desk(RuleBasedStateMachine):
    """People at work on the same cases, in any order, with or without sense."""

    cases: Bundle[str] = Bundle("cases")

    def __init__(self) -> None:
        super().__init__()
        self.ports: Ports | None = None
        self.verified = 0

    @initialize(packs=st.sampled_from((GUIDANCE, GUIDANCE, STATUTE, UI)))
    def open(self, packs: tuple[str, ...]) -> None:
        self.ports = new_ports(packs)

    @property
    def desk(self) -> Ports:
        assert self.ports is not None
        return self.ports

    def attempt(self, work: Callable[[], object]) -> bool:
        """Do it: either it is refused and nothing changes, or the histories only grow."""
        world = world_of(self.desk)
        before = (list(world.events), dict(world.arrivals), dict(world.fingerprints))
        try:
            work()
        except BadInput:
            assert (world.events, world.arrivals, world.fingerprints) == before
            return False
        assert world.events[: len(before[0])] == before[0]
        assert len(world.events) > len(before[0])
        return True

    # --------------------------------------------------------------------------------- steps

    @rule(target=cases, data=st.sampled_from(DELIVERIES), hint=st.sampled_from(("", "labor", "vendor")))
    def receive(self, data: bytes, hint: str) -> str | MultipleResults[str]:
        taken = receive(self.desk, data, "request", hints=Hints(hint), actor="mailbox")
        if taken.state is not ArrivalState.CASE:
            return multiple()
        read(self.desk, taken.case_id, actor="machine")
        return taken.case_id

    @rule(target=cases, as_paper=st.booleans(), hint=st.sampled_from(("", "labor")), at=st.integers(0, 3))
    def release_from_quarantine(self, at: int, hint: str, *, as_paper: bool) -> str | MultipleResults[str]:
        waiting = self.desk.arrivals.in_state(ArrivalState.QUARANTINED)
        if not waiting:
            return multiple()
        one = waiting[at % len(waiting)].arrival_id
        done = release(self.desk, one, hints=Hints(hint), as_paper=as_paper, actor="c.clerk")
        return done.case_id if done.state is ArrivalState.CASE else multiple()

    @rule(case_id=cases, chance=st.integers(0, 3))
    def read(self, case_id: str, chance: int) -> None:
        if chance == 0:
            self.attempt(lambda: read(self.desk, case_id, actor="machine"))

    @rule(case_id=cases, said=usual, one=people, two=people, steps=st.integers(2, 5))
    def work(self, case_id: str, said: tuple[Correction, ...], one: Person, two: Person, steps: int) -> None:
        """Some steps of the usual way, by any two persons: deep states are rare otherwise."""
        self.confirm(case_id, one, said)
        self.determine_all(case_id, one, Outcome.RELEASE)
        if steps > 2:
            self.authorize(case_id, two)
        if steps > 3:
            self.disclose(case_id, two)
        if steps > 4:
            self.send(case_id, one, ask=False)

    @rule(case_id=cases, said=usual, steps=st.integers(2, 5))
    def work_well(self, case_id: str, said: tuple[Correction, ...], steps: int) -> None:
        """The same by the right persons."""
        self.work(case_id, said, REVIEWER, APPROVER, steps)

    @rule(case_id=cases, person=people, said=corrections)
    def confirm(self, case_id: str, person: Person, said: tuple[Correction, ...]) -> None:
        self.attempt(lambda: confirm(self.desk, case_id, person, said))

    @rule(case_id=cases, person=people, said=st.lists(decisions, min_size=1, max_size=2).map(tuple))
    def determine(self, case_id: str, person: Person, said: tuple[ItemDetermination, ...]) -> None:
        self.attempt(lambda: determine(self.desk, case_id, person, said))

    @rule(case_id=cases, person=people, outcome=outcomes)
    def determine_all(self, case_id: str, person: Person, outcome: Outcome) -> None:
        items = self.desk.cases.load(case_id).items
        said = tuple(ItemDetermination(i.item_id, outcome, "ground i", "counsel says so") for i in items)
        self.attempt(lambda: determine(self.desk, case_id, person, said))

    @rule(case_id=cases, person=people)
    def authorize(self, case_id: str, person: Person) -> None:
        self.attempt(lambda: authorize(self.desk, case_id, person))

    @rule(case_id=cases, person=people)
    def stop(self, case_id: str, person: Person) -> None:
        standing = self.desk.cases.load(case_id)
        if self.attempt(lambda: stop(self.desk, case_id, person, "wait")):
            stopped = self.desk.cases.load(case_id)
            assert stopped.authorized is None
            for item in stopped.items:
                before, after = standing.outcome(item.item_id), stopped.outcome(item.item_id)
                assert after is (Outcome.COUNSEL if before is Outcome.RELEASE else before)

    @rule(case_id=cases, person=people)
    def disclose(self, case_id: str, person: Person) -> None:
        fields = ("employer",)
        self.attempt(
            lambda: record_disclosure(
                self.desk, case_id, person, fields=fields, sha256="ab" * 32, means="portal"
            )
        )

    @rule(case_id=cases, person=people, ask=st.booleans())
    def send(self, case_id: str, person: Person, *, ask: bool) -> None:
        kind = LetterKind.MISSING if ask else None
        self.attempt(lambda: send(self.desk, case_id, person, Language.EN, means="e-mail", kind=kind))

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        clock_of(self.desk).set(clock_of(self.desk).now() + timedelta(days=days))

    @rule()
    def settle(self) -> None:
        assert settle_pending(self.desk, actor="cli") == ()

    @rule(case_id=cases, behind=st.integers(1, 2), person=people)
    def come_late(self, case_id: str, behind: int, person: Person) -> None:
        seen = self.desk.cases.load(case_id).version - behind
        assert not self.attempt(lambda: confirm(self.desk, case_id, person, expected_version=seen))

    # --------------------------------------------------------------------------------- promises

    @precondition(lambda self: self.ports is not None)
    @invariant()
    def everything_folds_and_verifies(self) -> None:
        self.verified = check_world(self.desk, self.verified)

    @precondition(lambda self: self.ports is not None)
    @invariant()
    def every_arrival_is_a_case_a_repeat_or_in_quarantine(self) -> None:
        for arrival in world_of(self.desk).arrivals.values():
            assert arrival.state is not ArrivalState.PENDING
            assert self.desk.blobs.get(arrival.blob, arrival.case_id) in DELIVERIES

    def teardown(self) -> None:
        if self.ports is None:
            return
        for case_id in {kept.case_id for kept in world_of(self.ports).events}:
            check_history(self.ports.cases.history(case_id))


def check_history(history: tuple[Recorded, ...]) -> None:
    """What must hold over the whole of a case's history."""
    assert all(one.event.at <= two.event.at for one, two in pairwise(history))
    assert history[0].event.at >= AT
    case = Case.of(history[:1])
    for recorded in history[1:]:
        check_step(case, recorded)
        case = case.after(recorded)
    check_objections(history)


def check_step(case: Case, recorded: Recorded) -> None:
    """What must hold of one event, given the case before it."""
    event = recorded.event
    match event.kind:
        case EventKind.DETERMINATION_MADE | EventKind.ITEM_OVERRIDDEN:
            check_decision(case, from_json(Decided, event.private, "x"), event.kind)
        case EventKind.DISCLOSURE_AUTHORIZED:
            check_authorization(case, from_json(Authorized, event.private, "x"), event.actor)
        case EventKind.DISCLOSURE_MADE:
            left = from_json(Disclosure, event.private, "x")
            assert case.authorized is not None
            assert (left.items, left.approvals) == (case.authorized.items, case.authorized.approvals)
        case EventKind.NOTICE_SENT:
            check_letter(case, from_json(Notice, event.private, "x"))
        case _:
            pass


def check_decision(case: Case, decided: Decided, kind: EventKind) -> None:
    said, item = decided.determination, decided.evaluation.item(decided.determination.item_id)
    override = departure(item.effect, said.outcome)
    assert (override != "none") is (kind is EventKind.ITEM_OVERRIDDEN)
    assert override == "none" or said.override_reason.strip()
    assert not said.instructed_by or said.reason.strip()
    assert {Role.REVIEWER, Role.APPROVER, Role.COUNSEL} & set(person_of(decided.person).roles)
    if said.outcome is not Outcome.RELEASE:
        return
    assert not is_vendor(case)
    facts = decided.evaluation.facts.merged(dict(decided.evaluation.item_facts)[said.item_id])
    assert all(facts[name].reading is Reading.PERSON for name in item.used if facts[name].known)
    if item.effect not in OPEN:
        assert item.effect is not Effect.UNDETERMINED
        assert not {rule.rank for rule in item.rules} & LAW
        assert Role.COUNSEL in person_of(decided.person).roles


def check_authorization(case: Case, given: Authorized, actor: str) -> None:
    deciders = {d.person for i in given.items if (d := case.decision(i)) is not None}
    assert given.items
    assert all(case.outcome(i) is Outcome.RELEASE for i in given.items)
    assert actor not in deciders
    assert {a.person for a in given.approvals} == deciders | {actor}
    assert len({a.person for a in given.approvals}) >= 2
    assert {Role.APPROVER, Role.COUNSEL} & set(person_of(actor).roles)


def check_letter(case: Case, sent: Notice) -> None:
    released = tuple(i.item_id for i in case.items if case.outcome(i.item_id) is Outcome.RELEASE)
    if sent.kind in (LetterKind.RELEASE, LetterKind.MIXED) and released:
        assert case.authorized is not None
        assert case.authorized.items == released
    if sent.kind != LetterKind.MISSING:
        assert agency_of(case).kind is not CustodianKind.VENDOR
        assert all(case.outcome(i.item_id) is not None for i in case.items)


def check_objections(history: tuple[Recorded, ...]) -> None:
    """Every objection that a decision carries stands in the history as an event of its own."""
    wanted = [o for r in history for o in objections(r)]
    written = [r.event.private["objection"] for r in history if r.event.kind is EventKind.OBJECTION_RECORDED]
    assert written == wanted


def objections(recorded: Recorded) -> Iterator[str]:
    if recorded.event.kind in (EventKind.DETERMINATION_MADE, EventKind.ITEM_OVERRIDDEN):
        objection = from_json(Decided, recorded.event.private, "x").determination.objection
        if objection:
            yield objection


def is_vendor(case: Case) -> bool:
    return bool(case.request.holder.processor) or agency_of(case).kind is CustodianKind.VENDOR


def agency_of(case: Case) -> Custodian:
    return next(a for a in AGENCIES if a.custodian_id == case.request.holder.custodian)


def person_of(person_id: str) -> Person:
    return next(p for p in STAFF if p.person_id == person_id)


def test_any_sequence_of_use_cases_keeps_every_promise() -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=120, stateful_step_count=30, deadline=None, suppress_health_check=checks
        ),
    )
