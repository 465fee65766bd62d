"""The sequencer, its witnesses and its mirror: whole logs go on, logs that lost their end stop."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from habeas.kernel.errors import BadInput, BrokenInvariant
from habeas.ledger.keys import SignatureType, SignerKey
from habeas.ledger.merkle import inclusion_proof, leaf_hash, verify_inclusion
from habeas.ledger.note import Signature, open_note
from habeas.ledger.submission import Ruling, Submission
from habeas.ledger.tiles import StaticLog, TileHashes
from habeas.ledger.trust import Trust
from habeas.ledger.verify import verify_log
from habeas.usecases.advance import Halted, advance
from habeas.usecases.export_log import export_log, head_of
from habeas.usecases.fake_witnesses import MemoryHalt, MemoryShelf, NearCosigners
from habeas.usecases.resume import Resumed, resume
from habeas.usecases.submit import Reply, compare
from tests.core.usecases.ledgers import LOG_KEY, SIGNER, Court, witnesses


def broken(call: Any, *arguments: Any) -> str:
    with pytest.raises(BrokenInvariant) as error:
        call(*arguments)
    return error.value.problem.code


def refused(call: Any, *arguments: Any) -> list[str]:
    with pytest.raises(BadInput) as error:
        call(*arguments)
    return [p.code for p in error.value.problems]


def cosigners_of(court: Court) -> list[str]:
    note = open_note(court.log.checkpoint() or "", court.trust.keys)
    return [key.name for key in note.verified(SignatureType.COSIGNATURE)]


# ------------------------------------------------------------------------------------ witnesses


def test_a_checkpoint_is_cosigned_and_kept_again_with_its_cosignatures() -> None:
    court = Court()
    done = court.run(5)
    assert (done.size, done.appended) == (5, 5)
    assert done.witnessed is not None
    assert done.witnessed.reached
    assert cosigners_of(court) == ["witness1.example", "witness2.example", "witness3.example"]
    assert [size for size, _ in court.log.notes] == [5, 5]
    assert verify_log(court.log, court.trust).sound


def test_a_round_without_news_asks_nobody() -> None:
    court = Court()
    court.run(5)
    asked = court.cosigners.asked
    assert court.run().witnessed is not None
    assert court.cosigners.asked == asked
    assert len(court.log.notes) == 2


def test_every_later_checkpoint_takes_one_question_a_witness() -> None:
    court = Court()
    court.run(5)
    court.cosigners.asked = 0
    court.run(3)
    assert court.cosigners.asked <= 2 * 3
    assert court.sizes() == [8, 8, 8]


def test_without_the_quorum_the_checkpoint_is_kept_and_it_is_said() -> None:
    court = Court()
    court.run(5)
    court.cosigners.down = {"witness1.example", "witness2.example"}
    done = court.run(3)
    assert done.witnessed is not None
    assert not done.witnessed.reached
    assert done.witnessed.by == ("witness3.example",)
    assert [p.code for p in done.witnessed.problems] == ["ledger.witness.unreachable"] * 2
    assert court.head.size == 8
    assert cosigners_of(court) == []
    court.cosigners.down = set()
    again = court.run()
    assert again.witnessed is not None
    assert again.witnessed.reached
    assert court.sizes() == [8, 8, 8]


def test_a_witness_that_was_away_catches_up() -> None:
    court = Court()
    court.cosigners.down = {"witness1.example"}
    for count in (1, 300, 2):
        court.run(count)
    assert court.sizes() == [0, 303, 303]
    court.cosigners.down = set()
    court.run(4)
    assert court.sizes() == [307, 307, 307]


def test_before_the_first_signature_enough_witnesses_must_answer() -> None:
    court = Court()
    court.cosigners.down = {"witness1.example", "witness2.example"}
    court.queue(5)
    codes = refused(advance, court.ledger)
    assert codes == ["ledger.witness.unheard"] + ["ledger.witness.unreachable"] * 2
    assert court.log.size() == 0
    assert court.log.checkpoint() is None
    assert court.halt.reason() is None
    court.cosigners.down = {"witness1.example"}
    assert advance(court.ledger).size == 5


def test_a_process_compares_once() -> None:
    court = Court()
    court.run(5)
    court.cosigners.down = {"witness1.example", "witness2.example", "witness3.example"}
    done = court.run(1)
    assert done.witnessed is not None
    assert not done.witnessed.reached
    court.start()
    assert refused(advance, court.ledger)[0] == "ledger.witness.unheard"


def test_a_checkpoint_that_a_crash_left_alone_is_cosigned_by_the_next_start() -> None:
    court = Court()
    court.run(5)
    court.log.notes.pop()
    court.start()
    assert cosigners_of(court) == []
    assert court.run().witnessed is not None
    assert len(cosigners_of(court)) == 3


@attrs.define
class Saying:
    """Cosigners that all say the same thing."""

    reply: Reply

    def submit(self, wanted: Any) -> Any:
        return dict.fromkeys(wanted, self.reply)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(None),
        Reply(Ruling.MALFORMED),
        Reply(Ruling.UNSIGNED),
        Reply(Ruling.UNKNOWN_LOG),
        Reply(Ruling.CONFLICT, 3),
        Reply(Ruling.COSIGNED, lines=""),
        Reply(Ruling.COSIGNED, lines="— witness1.example AAAA\n"),
        Reply(Ruling.COSIGNED, lines="nonsense"),
        Reply(Ruling.COSIGNED, lines="\n\n\n"),
        Reply(Ruling.COSIGNED, lines="\x00\ud800"),
    ],
)
def test_a_witness_that_makes_no_sense_is_a_problem_and_no_halt(reply: Reply) -> None:
    court = Court()
    court.run(5)
    assert court.ledger.circle is not None
    court.ledger.circle.cosigners = Saying(reply)
    done = court.run(2)
    assert done.witnessed is not None
    assert done.witnessed.by == ()
    assert len(done.witnessed.problems) == 3
    assert court.halt.reason() is None
    assert court.head.size == 7


def test_a_cosignature_on_another_text_is_not_taken_for_one_on_ours() -> None:
    court = Court()
    court.run(5)

    class Elsewhere(NearCosigners):
        """Sign our whole note as if it were the text, and answer so that the two run together."""

        def submit(self, wanted: Any) -> Any:
            return {w.key.verifier: self.over(w.key, wanted[w.key.verifier]) for w in self.witnesses}

        def over(self, key: SignerKey, sent: Submission) -> Reply:
            signature = key.sign(sent.checkpoint, 1_600_000_000)
            line = Signature(key.name, key.verifier.key_id, signature).line
            assert open_note(f"{sent.checkpoint}\n{line}\n", [key.verifier]).text == sent.checkpoint
            return Reply(Ruling.COSIGNED, lines=f"\n{line}\n")

    assert court.ledger.circle is not None
    court.ledger.circle.cosigners = Elsewhere(court.cosigners.witnesses)
    done = court.run(2)
    assert done.witnessed is not None
    assert done.witnessed.by == ()
    assert len(done.witnessed.problems) == 3


# ------------------------------------------------------------------------------------ halting


def test_a_log_restored_from_an_old_backup_halts_before_it_signs_anything() -> None:
    court = Court(exports=False)
    court.run(5)
    old = court.backup()
    court.run(4)
    court.restore(old)
    court.queue(2)
    assert broken(advance, court.ledger) == "ledger.witness.ahead"
    assert court.log.size() == 5
    assert len(court.log.notes) == 2
    halted = court.halt.reason()
    assert halted is not None
    assert halted.code == "ledger.witness.ahead"
    assert broken(advance, court.ledger) == "ledger.sequencer.halted"
    court.start()
    assert broken(advance, court.ledger) == "ledger.sequencer.halted"


def test_a_log_restored_from_before_its_first_checkpoint_halts_too() -> None:
    court = Court(exports=False)
    old = court.backup()
    court.run(4)
    court.restore(old)
    assert broken(advance, court.ledger) == "ledger.witness.ahead"
    assert court.log.checkpoint() is None


def test_one_witness_that_saw_more_is_enough_to_halt() -> None:
    court = Court(exports=False)
    court.run(5)
    old = court.backup()
    court.cosigners.down = {"witness1.example", "witness2.example"}
    court.run(1)
    court.restore(old)
    court.cosigners.down = set()
    assert broken(advance, court.ledger) == "ledger.witness.ahead"


def test_the_mirror_alone_is_enough_to_halt() -> None:
    court = Court(NearCosigners(()), quorum=0)
    court.run(5)
    old = court.backup()
    court.run(4)
    court.restore(old)
    assert broken(advance, court.ledger) == "ledger.mirror.ahead"
    assert broken(advance, court.ledger) == "ledger.sequencer.halted"


def test_two_copies_of_one_log_do_not_both_go_on() -> None:
    court = Court(exports=False)
    court.run(5)
    copy = Court(court.cosigners, exports=False)
    copy.restore(court.backup())
    court.run(1)
    copy.queued = 100
    assert broken(copy.run, 1) == "ledger.witness.ahead"


@pytest.mark.parametrize("count", [1, 2])
def test_a_copy_that_was_compared_in_time_is_found_when_it_submits(count: int) -> None:
    court = Court(exports=False)
    court.run(5)
    copy = Court(court.cosigners, exports=False)
    copy.restore(court.backup())
    copy.run()
    court.run(1)
    copy.queued = 100
    assert broken(copy.run, count) == "ledger.witness.forked"
    assert [any(e.split for e in w.register.evidence) for w in court.cosigners.witnesses][0] is (count == 1)  # type: ignore[attr-defined]  # noqa: RUF015 - a MemoryRegister


def test_the_first_reason_stays() -> None:
    halt = MemoryHalt()
    halt.set(Halted("a", "b", "c"))
    halt.set(Halted("d", "e", "f"))
    assert halt.reason() == Halted("a", "b", "c")


# ------------------------------------------------------------------------------------ the mirror


def test_the_mirror_has_the_entries_before_a_witness_has_the_checkpoint() -> None:
    court = Court()
    seen: list[tuple[int, int]] = []

    class Watching(NearCosigners):
        def submit(self, wanted: Any) -> Any:
            for submitted in wanted.values():
                size = head_of(submitted.checkpoint).size
                shown = [court.mirror.durable.get(name) for name in ("checkpoint", "checkpoint.waiting")]
                seen.append((size, max([head_of(note).size for note in shown if note], default=0)))
            return super().submit(wanted)

    court.cosigners = Watching(court.cosigners.witnesses)
    court.start()
    for count in (3, 300, 1):
        court.run(count)
    assert len(seen) > 6
    assert all(mirrored >= size for size, mirrored in seen)


def test_strangers_are_shown_the_newest_checkpoint_that_is_witnessed() -> None:
    court = Court()
    court.run(5)
    court.cosigners.down = {"witness1.example", "witness2.example"}
    done = court.run(3)
    assert done.exported is not None
    assert (done.exported.size, done.exported.waiting) == (5, 8)
    assert verify_log(court.mirror, court.trust).sound
    waiting = {**court.mirror.files, "checkpoint": court.mirror.files["checkpoint.waiting"]}
    assert verify_log(StaticLog(waiting), Trust((LOG_KEY,))).sound
    court.cosigners.down = set()
    again = court.run()
    assert again.exported is not None
    assert (again.exported.size, again.exported.waiting) == (8, None)
    assert "checkpoint.waiting" not in court.mirror.files
    verdict = verify_log(court.mirror, court.trust)
    assert verdict.sound


# ------------------------------------------------------------------------------------ resuming


def lost(entries: int = 5, more: int = 4) -> Court:
    """A ledger restored from before its last entries, halted."""
    court = Court()
    court.run(entries)
    old = court.backup()
    court.run(more)
    court.restore(old)
    assert broken(advance, court.ledger) == "ledger.mirror.ahead"
    return court


@pytest.mark.parametrize(("entries", "more"), [(1, 1), (5, 4), (255, 1), (255, 2), (256, 300), (1, 700)])
def test_a_log_resumes_from_its_mirror_to_the_signed_root(entries: int, more: int) -> None:
    court = lost(entries, more)
    assert resume(court.ledger, court.mirror) == Resumed(entries + more, more, more)
    assert court.halt.reason() is None
    assert verify_log(court.log, court.trust).sound
    done = court.run(3)
    assert done.size == entries + more + 3
    assert done.witnessed is not None
    assert done.witnessed.reached
    assert verify_log(court.mirror, court.trust).sound


def test_proofs_made_before_the_loss_still_hold_afterwards() -> None:
    court = Court()
    court.run(9)
    size, root = court.head.size, court.head.root
    proof = inclusion_proof(TileHashes(court.log.read, size), 7, size)
    assert verify_inclusion(leaf_hash(b"entry 8"), 7, size, proof, root)
    court = lost(5, 4)
    resume(court.ledger, court.mirror)
    court.run(50)
    hashes = TileHashes(court.log.read, 9)
    assert inclusion_proof(hashes, 7, 9) == proof
    assert court.log.entry(7) == b"entry 8"


def test_entries_whose_case_rows_survived_are_matched_to_them() -> None:
    court = Court()
    court.run(5)
    court.queue(3)
    old = court.backup()  # three rows wait in it
    court.run(2)
    court.restore(old)
    with pytest.raises(BrokenInvariant):
        advance(court.ledger)
    assert resume(court.ledger, court.mirror) == Resumed(10, 5, 2)
    assert sorted(court.world.index.values()) == list(range(8))
    assert [number for number, _ in court.log.rows[5:]] == [6, 7, 8, -9, -10]
    done = court.run(2)
    assert done.size == 12
    assert [court.world.index[k.entry_id] for k in court.world.events] == [*range(8), 10, 11]


def test_a_mirror_without_the_newest_entries_does_not_lift_the_mark() -> None:
    court = Court()
    court.run(5)
    old = court.backup()
    stale = MemoryShelf(dict(court.mirror.files))
    court.run(4)
    court.restore(old)
    court.ledger = attrs.evolve(court.ledger, shelf=None)
    assert broken(advance, court.ledger) == "ledger.witness.ahead"
    assert broken(resume, court.ledger, stale) == "ledger.witness.ahead"
    assert court.halt.reason() is not None


def test_a_resume_that_cannot_ask_the_witnesses_does_not_lift_the_mark() -> None:
    court = lost()
    court.cosigners.down = {"witness1.example", "witness2.example"}
    assert refused(resume, court.ledger, court.mirror)[0] == "ledger.witness.unheard"
    assert court.halt.reason() is not None
    court.cosigners.down = set()
    assert resume(court.ledger, court.mirror) == Resumed(9, 0, 0)
    assert court.halt.reason() is None


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda files: files.pop("tile/entries/000.p/9"), "ledger.bundle.missing"),
        (lambda files: files.update({"tile/entries/000.p/9": b"\0"}), "ledger.bundle.malformed"),
        (
            lambda files: files.update(
                {"tile/entries/000.p/9": files["tile/entries/000.p/9"].replace(b"entry 8", b"entry X")}
            ),
            "ledger.mirror.damaged",
        ),
        (lambda files: files.pop("checkpoint"), "ledger.mirror.other_log"),
        (lambda files: files.update({"checkpoint": b"nonsense"}), "ledger.mirror.other_log"),
    ],
)
def test_a_damaged_mirror_changes_nothing(damage: Any, code: str) -> None:
    court = lost()
    damage(court.mirror.files)
    assert refused(resume, court.ledger, court.mirror) == [code]
    assert court.log.size() == 5
    assert court.halt.reason() is not None


def test_another_logs_mirror_is_refused() -> None:
    court = lost()
    other = Court()
    other.run(20)
    note = court.mirror.files["checkpoint"].replace(b"ledger.example/fake", b"ledger.example/next")
    court.mirror.files["checkpoint"] = note
    assert refused(resume, court.ledger, court.mirror) == ["ledger.mirror.other_log"]


def test_a_log_that_went_its_own_way_is_not_resumed() -> None:
    court = Court()
    court.run(5)
    old = court.backup()
    court.run(4)
    court.restore(old)
    court.log.append([(6, b"appended by hand"), (7, b"and another")])
    assert broken(resume, court.ledger, court.mirror) == "ledger.resume.diverged"
    court.log.append([(n, b"more") for n in range(8, 20)])
    assert broken(resume, court.ledger, court.mirror) == "ledger.resume.diverged"
    assert len(court.log.notes) == 2


def test_a_mirror_that_is_behind_is_refused() -> None:
    court = Court()
    court.run(5)
    stale = MemoryShelf(dict(court.mirror.files))
    court.run(4)
    assert refused(resume, court.ledger, stale) == ["ledger.mirror.behind"]


@pytest.mark.parametrize("dies_at", range(6))
def test_a_resume_that_is_killed_is_still_halted_and_goes_on_from_where_it_is(dies_at: int) -> None:
    court = Court()
    court.run(5)
    old = court.backup()
    court.run(600)
    court.restore(old)
    left = [dies_at]

    class Dying(type(court.log)):  # type: ignore[misc]  # the log as it is, with a way to die
        def append(self, rows: Any) -> Any:
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
            return super().append(rows)

        def add_checkpoint(self, size: int, note: str) -> None:
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
            super().add_checkpoint(size, note)

    dying = Dying(court.log.rows, court.log.notes)
    ledger = attrs.evolve(court.ledger, log=dying)
    if dies_at < 4:
        with pytest.raises(KeyboardInterrupt):
            resume(ledger, court.mirror)
        assert court.halt.reason() is not None
        assert broken(advance, court.ledger) == "ledger.sequencer.halted"
    resume(court.ledger, court.mirror)
    assert court.run(1).size == 606
    assert verify_log(court.log, court.trust).sound


def test_a_ledger_that_lost_nothing_resumes_without_a_change() -> None:
    court = Court()
    court.run(5)
    court.halt.set(Halted("ledger.witness.ahead", "a witness that was wrong", "2020-10-15T16:03:00Z"))
    notes = list(court.log.notes)
    assert resume(court.ledger, court.mirror) == Resumed(5, 0, 0)
    assert court.log.notes == notes
    assert court.halt.reason() is None


# ------------------------------------------------------------------------------------ in any order


class Life(RuleBasedStateMachine):
    """Append, restart, lose witnesses, export, back up, restore, resume: two histories are never signed."""

    @initialize()
    def begin(self) -> None:
        self.court = Court()
        self.saved = self.court.backup()
        self.signed: dict[int, bytes] = {}
        self.witnessed: list[int] = [0, 0, 0]

    @rule(count=st.integers(0, 3))
    def advance(self, count: int) -> None:
        self.court.queue(count)
        try:
            advance(self.court.ledger)
        except BadInput as error:
            assert error.problems[0].code == "ledger.witness.unheard"  # noqa: PT017 - or it worked
        except BrokenInvariant:
            assert self.court.halt.reason() is not None

    @rule(down=st.sets(st.sampled_from(["witness1.example", "witness2.example", "witness3.example"])))
    def lose(self, down: set[str]) -> None:
        self.court.cosigners.down = down

    @rule()
    def restart(self) -> None:
        self.court.start()

    @rule()
    def keep_a_backup(self) -> None:
        self.saved = self.court.backup()

    @rule(mirror=st.booleans())
    def restore(self, *, mirror: bool) -> None:
        self.court.restore(self.saved)
        if not mirror:
            self.court.ledger = attrs.evolve(self.court.ledger, shelf=None)

    @precondition(lambda self: self.court.mirror.checkpoint() is not None)
    @rule()
    def resume(self) -> None:
        try:
            resume(self.court.ledger, self.court.mirror)
        except (BadInput, BrokenInvariant):
            return
        assert self.court.halt.reason() is None

    @precondition(lambda self: self.court.log.checkpoint() is not None)
    @rule(everything=st.booleans())
    def export(self, *, everything: bool) -> None:
        try:
            export_log(self.court.log, self.court.mirror, self.court.trust, everything=everything)
        except BrokenInvariant as error:
            assert error.problem.code == "ledger.mirror.ahead"  # noqa: PT017 - or it worked

    @invariant()
    def one_history(self) -> None:
        """Whatever was ever signed at a size has one root, and no witness holds evidence."""
        for size, note in self.court.log.notes:
            assert self.signed.setdefault(size, head_of(note).root) == head_of(note).root
        for witness in self.court.cosigners.witnesses:
            assert witness.register.evidence == []  # type: ignore[attr-defined]  # a MemoryRegister

    @invariant()
    def witnesses_never_go_back(self) -> None:
        sizes = self.court.sizes()
        assert all(now >= before for now, before in zip(sizes, self.witnessed, strict=True))
        self.witnessed = sizes

    @invariant()
    def the_mirror_is_whole(self) -> None:
        if self.court.mirror.checkpoint() is not None:
            assert verify_log(self.court.mirror, Trust((LOG_KEY,))).sound


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=40, stateful_step_count=25)


def test_the_machine_above_would_find_a_log_that_does_not_compare(monkeypatch: pytest.MonkeyPatch) -> None:
    court = Court(exports=False)
    court.run(5)
    old = court.backup()
    court.run(1)
    court.restore(old)
    monkeypatch.setattr("habeas.usecases.advance.compare", lambda *_: None)
    court.queued = 50
    with pytest.raises(BrokenInvariant):
        court.run(1)
    assert court.log.notes[-1][0] == 6  # signed, and too late


def test_comparing_stores_nothing_for_a_log_that_has_signed_nothing() -> None:
    court = Court()
    assert court.ledger.circle is not None
    compare(court.ledger.circle, court.log, SIGNER)
    assert court.log.notes == []
    assert court.sizes() == [0, 0, 0]


def test_any_quorum_has_a_witness_among_those_that_must_answer() -> None:
    for count in range(1, 6):
        for quorum in range(1, count + 1):
            court = Court(NearCosigners(witnesses(count)), quorum=quorum)
            assert court.ledger.circle is not None
            assert court.ledger.circle.needed + quorum == count + 1
