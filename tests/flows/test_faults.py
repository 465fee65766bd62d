"""Killed, out of disk, overtaken: afterwards either nothing or everything, and no arrival is lost."""

from __future__ import annotations

import json
import random
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from habeas.domain.case import Case
from habeas.ledger.entry import check_opening, decode_entry
from habeas.usecases.ports import ArrivalState
from tests.flows.office import CRIMINAL, a_mail
from tests.store.subprocesses import ROOT, command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.flows.office import Office

LEFT_BEHIND = {"doctor.keys.orphaned", "doctor.papers.orphaned", "doctor.papers.unfinished"}
"""What a crash before the arrival was written may leave: bytes that no row names."""

INTAKE_STEPS = 38
DECIDE_STEPS = 10
BEFORE_EACH = 2
"""Just after a step is just before the next, so every second one is enough, and the last."""

INTAKE_DEATHS = (*range(0, INTAKE_STEPS, BEFORE_EACH), INTAKE_STEPS - 1)
DECIDE_DEATHS = (*range(0, DECIDE_STEPS, BEFORE_EACH), DECIDE_STEPS - 1)


class Nursery:
    """The process that starts commands in children and lets them die."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            command("tests.flows.nursery"), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def do(self, office: Office, *words: object, **end: Any) -> Any:
        """Run a command of an office to its end; an exit below 0 is the signal it died of."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        job = {"argv": [str(word) for word in words], "home": str(office.home), **end}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    assert made.process.stdin is not None
    assert made.process.stdout is not None
    made.process.stdin.close()
    made.process.wait()
    made.process.stdout.close()


def check_all_or_nothing(office: Office, sent: list[bytes]) -> None:
    """Every arrival has its bytes, and a case wholly or not at all; every entry is what it commits to."""
    desk = office.desk()
    ports = desk.ports
    for state in ArrivalState:
        for arrival in ports.arrivals.in_state(state):
            assert ports.blobs.get(arrival.blob, arrival.case_id) in sent
            has_case = bool(ports.cases.history(arrival.case_id))
            assert has_case is (state is ArrivalState.CASE)
    for entry_id, _, _ in ports.outbox.entries_with_rows():
        openings = ports.cases.openings(entry_id)
        queued = next((q.data for q in ports.outbox.waiting(10_000) if q.entry_id == entry_id), None)
        if queued is None:
            index = ports.outbox.index_of(entry_id)
            assert index is not None
            queued = desk.log.entry(index)
        assert all(check_opening(decode_entry(queued), opening) for opening in openings)


def settled(office: Office) -> dict[str, Any]:
    """Take up what was left, sign, and have the doctor look: nothing waits and nothing is wrong."""
    said: dict[str, Any] = office.ok("admin", "settle", "--json").json
    assert said["problems"] == []
    office.ok("ledger", "checkpoint")
    assert office.findings() <= LEFT_BEHIND
    assert not office.desk().ports.arrivals.in_state(ArrivalState.PENDING)
    assert {line["state"] for line in office.ok("case", "list", "--json").json} <= {
        "read",
        "confirmed",
        "decided",
    }
    return said


@pytest.mark.parametrize("step", INTAKE_DEATHS)
def test_an_intake_killed_at_any_step_is_all_or_nothing_and_taken_up_again(
    office: Office, nursery: Nursery, step: int
) -> None:
    file = office.file("request.eml", a_mail())
    died = nursery.do(office, "intake", file, "--json", step=step)
    assert died["exit"] == -9, died
    check_all_or_nothing(office, [a_mail()])
    arrived = bool(office.kept())
    settled(office)
    assert bool(office.ok("case", "list", "--json").json) is arrived
    again = office.take("request.eml", a_mail())
    assert again["state"] == ("repeat" if arrived else "case")
    assert len(office.ok("case", "list", "--json").json) == 1
    if arrived:
        assert office.findings() <= {"doctor.outbox.waiting"}


def test_the_steps_counted_above_are_all_there_are(office: Office, nursery: Nursery) -> None:
    file = office.file("request.eml", a_mail())
    lived = nursery.do(office, "intake", file, "--json", step=INTAKE_STEPS)
    assert lived["exit"] == 0, lived
    assert json.loads(lived["out"])[0]["state"] == "case"
    last = nursery.do(office, "intake", file, "--json", step=INTAKE_STEPS - 1)
    assert last["exit"] == 0, "a repeat has fewer steps"


@pytest.mark.parametrize("step", DECIDE_DEATHS)
def test_a_decision_killed_at_any_step_is_all_or_nothing(office: Office, nursery: Nursery, step: int) -> None:
    ref = office.opened()
    office.ok("case", "confirm", ref, "--as", "r.doe", *(w for fact in CRIMINAL for w in ("--set", fact)))
    words = ("case", "determine", ref, "--as", "r.doe", "--outcome", "refuse", "--reason", "x")
    died = nursery.do(office, *words, "--instructed-by", "d", "--objection", "no", step=step)
    assert died["exit"] == -9, died
    check_all_or_nothing(office, [a_mail()])
    ports = office.desk().ports
    case_id = ports.cases.by_ref(ref)
    kinds = [str(r.event.kind) for r in ports.cases.history(case_id)][3:]
    assert kinds in ([], ["determination.made", "objection.recorded"])
    if not kinds:
        office.ok(*words)
    settled(office)
    assert Case.of(ports.cases.history(case_id)).request_outcome == "refused"


@pytest.mark.parametrize("seed", range(2))
def test_killed_at_a_random_moment_nothing_is_lost(office: Office, nursery: Nursery, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - when to kill, not a secret
    sent = [a_mail(f"Matter number {n}.", "i138" if n % 3 == 0 else "") for n in range(12)]
    files = [office.file(f"{n}.eml", data) for n, data in enumerate(sent)]
    for _ in range(3):
        nursery.do(office, "intake", *files, after=chance.uniform(0.02, 0.5))
        check_all_or_nothing(office, sent)
    settled(office)
    said = office.run("intake", *files, "--json")
    assert said.code == 0
    assert len(office.ok("case", "list", "--json").json) == len(sent)
    assert len({one["request"] for one in said.json}) == len(sent)
    office.ok("ledger", "checkpoint")
    assert office.findings() <= LEFT_BEHIND


@pytest.mark.sqlite
@pytest.mark.parametrize("room", [4_096, 20_000, 60_000])
def test_a_full_disk_is_said_in_one_line_and_loses_nothing(
    office: Office, nursery: Nursery, room: int
) -> None:
    """The largest file may grow by so little: the paper does not fit, or the row, or the reading."""
    office.opened(a_mail("Another matter altogether.", ""))
    office.ok("ledger", "checkpoint")
    file = office.file("request.eml", a_mail())
    full = nursery.do(office, "intake", file, "--json", file_size=room)
    assert full["exit"] == 2, full
    (told,) = json.loads(full["out"])
    assert told["problem"].rpartition("[")[2] in ("store.disk.full]", "store.disk.failed]"), told
    assert full["err"].count("\n") == 1
    check_all_or_nothing(office, [a_mail(), a_mail("Another matter altogether.", "")])
    settled(office)
    office.run("intake", file)
    assert len(office.ok("case", "list", "--json").json) == 2


@pytest.mark.sqlite
def test_a_full_database_is_said_in_one_line_and_loses_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from habeas.config import databases

    office.opened(a_mail("Another matter altogether.", ""))
    pragmas = databases._PRAGMAS
    pages = (office.home / "habeas.sqlite3").stat().st_size // 4096
    monkeypatch.setattr(databases, "_PRAGMAS", f"{pragmas}; PRAGMA max_page_count={max(pages, 1)}")
    said = office.run("intake", office.file("request.eml", a_mail()), "--json")
    assert said.code == 2
    assert said.codes == ["store.disk.full"]
    monkeypatch.setattr(databases, "_PRAGMAS", pragmas)
    check_all_or_nothing(office, [a_mail(), a_mail("Another matter altogether.", "")])
    settled(office)
    office.run("intake", office.inbox / "request.eml")
    assert len(office.ok("case", "list", "--json").json) == 2


def test_of_two_who_decide_the_same_version_one_is_refused(office: Office, nursery: Nursery) -> None:
    ref = office.opened()
    office.ok("case", "confirm", ref, "--as", "r.doe")
    mine = ("case", "determine", ref, "--as", "r.doe", "--outcome", "refuse", "--json")
    theirs = ["case", "determine", ref, "--as", "l.poe", "--outcome", "counsel", "--json"]
    late = nursery.do(office, *mine, rival=theirs, at=["SqlCases", "load"])
    assert late["rival"]["exit"] == 0
    assert (late["exit"], late["err"].count("\n")) == (2, 1)
    (found,) = json.loads(late["out"])["problems"]
    assert found["code"] == "case.version.conflict"
    document = office.ok("case", "show", ref, "--json").json
    assert [i["outcome"] for i in document["items"]] == ["counsel"]
    assert document["version"] == 4


@pytest.mark.parametrize(
    "words",
    [
        ("confirm", "--as", "r.doe"),
        ("determine", "--as", "r.doe", "--outcome", "release", "--reason", "ground i"),
        ("approve", "--as", "k.roe"),
    ],
)
def test_whoever_looked_at_a_former_version_is_refused(office: Office, words: tuple[str, ...]) -> None:
    ref = office.decided("release")
    step, *rest = words
    seen = office.ok("case", "show", ref, "--json").json["version"]
    assert f"(version {seen})" in office.ok("case", "show", ref).out
    late = office.run("case", step, ref, *rest, "--at-version", seen - 1)
    assert (late.code, late.codes) == (2, ["case.version.conflict"])
    office.ok("case", step, ref, *rest, "--at-version", seen)


@pytest.mark.parametrize(
    "words",
    [
        ("stop", "--as", "l.poe", "--reason", "a motion is pending"),
        ("disclose", "--as", "c.clerk", "--package", "package.csv", "--field", "employer"),
        ("answer", "--as", "c.clerk"),
        ("answer", "--as", "c.clerk", "--preview", "letter.pdf"),
    ],
)
def test_nothing_leaves_nor_is_stopped_on_a_former_version(
    office: Office, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office.inbox)
    office.file("package.csv", b"quarter,employer\n")
    ref = office.decided("release")
    office.ok("case", "approve", ref, "--as", "k.roe")
    step, *rest = words
    if step == "answer":  # a release is answered once it was handed over
        office.ok(
            "case", "disclose", ref, "--as", "c.clerk", "--package", "package.csv", "--field", "employer"
        )
    seen = office.ok("case", "show", ref, "--json").json["version"]
    late = office.run("case", step, ref, *rest, "--at-version", seen - 1)
    assert (late.code, late.codes) == (2, ["case.version.conflict"])
    assert office.ok("case", "show", ref, "--json").json["version"] == seen
    office.ok("case", step, ref, *rest, "--at-version", seen)


def test_two_who_take_in_the_same_message_open_one_request(office: Office, nursery: Nursery) -> None:
    file = office.file("request.eml", a_mail())
    rival, at = ["intake", str(file), "--json"], ["SqlArrivals", "case_of_fingerprint"]
    late = nursery.do(office, "intake", file, "--json", rival=rival, at=at)
    assert late["rival"]["exit"] == 0, late
    office.ok("admin", "settle")
    assert len(office.ok("case", "list", "--json").json) == 1
    assert {str(a.state) for a in office.arrivals()} == {"case", "repeat"}
