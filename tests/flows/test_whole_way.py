"""From a file at the door to a report that a stranger recounts, by the command line."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.core.usecases.papers import drawn
from tests.flows.office import AFTER_THE_PERIOD, PERIOD, ROOT, SUBJECT, a_mail, alone

if TYPE_CHECKING:
    from pathlib import Path

    from tests.flows.office import Office

FORM = {
    "schema": "habeas.intake.v1",
    "channel": "phone",
    "holder": {"custodian": "labor", "unit": "records"},
    "items": [{"category": "employment"}],
}
DOORS: dict[str, tuple[bytes, tuple[str, ...], str]] = {
    "mail.eml": (a_mail(), (), "email"),
    "fax.pdf": (
        drawn("ao93"), ("--custodian", "revenue", "--unit", "vehicles", "--channel", "fax"), "fax",
    ),
    "call.json": (json.dumps(FORM).encode(), (), "phone"),
    "note.txt": (b"Please send the employment records.", ("--custodian", "labor"), "file"),
}  # fmt: skip


@pytest.mark.parametrize("name", DOORS)
def test_every_kind_of_file_opens_a_request(office: Office, name: str) -> None:
    data, words, channel = DOORS[name]
    taken = office.take(name, data, *words)
    assert (taken["state"], taken["problem"]) == ("case", None)
    (listed,) = office.ok("case", "list", "--json").json
    assert (listed["request"], listed["state"]) == (taken["request"], "read")
    ports = office.desk().ports
    assert ports.cases.load(ports.cases.by_ref(taken["request"])).request.channel == channel


def test_the_first_words_a_clerk_sees_are_to_hand_nothing_over(office: Office) -> None:
    said = office.ok("case", "show", office.opened())
    assert said.out.startswith("Hand nothing over. Take the paper. Call (303) 555-0149.\n")
    assert "immigration enforcement subpoena (I-138)" in said.out
    assert "law of 2020-09-14: us-co/2020-guidance" in said.out


def test_a_request_is_worked_step_by_step_to_a_release(office: Office) -> None:
    ref = office.answered("release")
    document = office.ok("case", "show", ref, "--json").json
    assert (document["state"], document["outcome"], document["version"]) == ("closed", "granted", 7)
    said = office.ok("case", "show", ref)
    assert "release approved by r.doe and k.roe" in said.out
    assert "handed over: employer" in said.out
    (listed,) = office.ok("case", "list", "--state", "closed", "--json").json
    assert listed["outcome"] == "granted"


def test_steps_out_of_order_or_by_the_wrong_person_are_told_one_reason(office: Office) -> None:
    ref = office.opened()
    package = office.file("package.csv", b"x")
    disclose = ("disclose", ref, "--as", "c.clerk", "--package", package, "--field", "x")
    decide = ("determine", ref, "--as", "r.doe", "--outcome", "release", "--reason", "ground i")
    confirm = ["confirm", ref, "--as", "r.doe", "--set", "criminal_investigation=yes"]
    for words, code in (
        (decide, "determination.facts.unconfirmed"),
        (confirm, ""),
        (("determine", ref, "--as", "c.clerk", "--outcome", "refuse"), "determination.person.may_not_decide"),
        (("determine", ref, "--as", "nobody", "--outcome", "refuse"), "directory.person.unknown"),
        (("determine", ref, "--as", "r.doe", "--outcome", "contest"), "determination.override.no_reason"),
        (("answer", ref, "--as", "c.clerk"), "answer.items.undecided"),
        (disclose, "disclosure.authorization.missing"),
        (decide, ""),
        (("approve", ref, "--as", "r.doe"), "disclosure.person.may_not_approve"),
        (("answer", ref, "--as", "c.clerk"), "disclosure.authorization.missing"),
        (("approve", ref, "--as", "k.roe"), ""),
        (disclose, ""),
        (("stop", ref, "--as", "l.poe", "--reason", "late"), "determination.release.under_way"),
        (("answer", ref, "--as", "c.clerk"), ""),
    ):
        said = office.run("case", *words)
        assert (said.code, set(said.codes)) == ((2, {code}) if code else (0, set())), (words, said)


def test_a_question_a_preview_and_an_answer_in_spanish(office: Office) -> None:
    ref = office.opened(a_mail("Please send the employment records of the person named below.", ""))
    letter = office.inbox / "letter.pdf"
    office.ok("case", "answer", ref, "--as", "c.clerk", "--ask-missing", "--preview", letter)
    assert letter.read_bytes().startswith(b"%PDF")
    assert office.ok("case", "show", ref, "--json").json["version"] == 2
    office.ok("case", "answer", ref, "--as", "c.clerk", "--ask-missing", "--language", "es")
    assert office.ok("case", "show", ref, "--json").json["state"] == "read"


def test_a_stop_sends_the_items_to_counsel(office: Office) -> None:
    ref = office.decided("release")
    office.ok("case", "approve", ref, "--as", "k.roe")
    office.ok("case", "stop", ref, "--as", "l.poe", "--reason", "a motion is pending")
    document = office.ok("case", "show", ref, "--json").json
    assert (document["state"], [i["outcome"] for i in document["items"]]) == ("decided", ["counsel"])


def test_an_objection_to_an_instruction_is_recorded(office: Office) -> None:
    ref = office.decided("refuse", "--instructed-by", "the director", "--objection", "ground i applies")
    ports = office.desk().ports
    kinds = [r.event.kind for r in ports.cases.history(ports.cases.by_ref(ref))]
    assert kinds[-2:] == ["determination.made", "objection.recorded"]


# ------------------------------------------------------------------------------------------- receipts


@pytest.fixture
def receipt(office: Office) -> dict[str, Any]:
    """The receipt of a refused request: its text, the key, and where it lies."""
    ref = office.answered("refuse")
    waiting = office.run("case", "receipt", ref)
    assert (waiting.code, waiting.codes) == (2, ["ledger.entry.waiting"])
    signed = office.ok("ledger", "checkpoint", "--json").json
    said = office.ok("case", "receipt", ref)
    return {"file": office.file("receipt.json", said.out.encode()), "text": said.out, **signed}


def test_a_stranger_accepts_a_receipt_and_refuses_a_changed_one(
    receipt: dict[str, Any], tmp_path: Path
) -> None:
    check = ("receipt", "verify", receipt["file"], "--json")
    good = alone(*check, "--vkey", receipt["vkey"], cwd=tmp_path)
    assert (good.code, good.json["accepted"]) == (0, True)
    receipt["file"].write_text(
        receipt["text"].replace('"refuse"', '"release"').replace('"labor"', '"revenue"')
    )
    changed = alone(*check, "--vkey", receipt["vkey"], cwd=tmp_path)
    assert (changed.code, changed.json["accepted"]) == (1, False)


def test_a_receipt_without_a_key_is_not_judged(receipt: dict[str, Any], office: Office) -> None:
    said = office.run("receipt", "verify", receipt["file"], "--json")
    assert (said.code, said.codes) == (2, ["ledger.trust.empty"])
    broken = office.run("receipt", "verify", office.file("x.json", b"{"), "--vkey", receipt["vkey"])
    assert (broken.code, broken.codes) == (2, ["json.syntax.invalid"])


def test_a_receipt_shows_no_word_of_the_request(receipt: dict[str, Any]) -> None:
    for word in (*SUBJECT.split(), "Rowan", "criminal investigation", "r.doe", "ground i"):
        assert word not in receipt["text"]


def test_every_event_can_be_proved_to_everybody_entitled(office: Office) -> None:
    ref = office.answered("refuse")
    vkey = office.ok("ledger", "checkpoint", "--json").json["vkey"]
    parts = {"requester": ["stat"], "subject": ["stat"], "reporter": ["stat"], "custodian": ["stat", "facts"]}
    for seq in range(1, 6):
        for holder, opened in parts.items():
            said = office.ok("ledger", "prove", ref, "--event", seq, "--for", holder)
            assert [o["part"] for o in json.loads(said.out)["openings"]] == opened
            file = office.file("proof.json", said.out.encode())
            assert office.run("receipt", "verify", file, "--vkey", vkey).code == 0
    for seq in (-1, 6):
        said = office.run("ledger", "prove", ref, "--event", seq)
        assert (said.code, said.codes) == (2, ["case.event.unknown"])


@pytest.mark.parametrize("words", [("receipt", "verify"), ("report", "verify")])
def test_verifying_loads_neither_django_nor_the_store(words: tuple[str, str], tmp_path: Path) -> None:
    import subprocess

    file = tmp_path / "x.json"
    file.write_text("{}")
    arguments = [*words, str(file), "--vkey", "x+12345678+AAAA"]
    script = (
        f"import sys; from habeas.cli.main import run; run({arguments!r});"
        " bad = [m for m in sys.modules if m.partition('.')[0] == 'django' or m.startswith('habeas.store')];"
        " sys.exit(repr(bad) if bad else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


# ------------------------------------------------------------------------------------------- the report


def test_the_ledger_is_whole_and_says_so(office: Office) -> None:
    office.answered("refuse")
    office.ok("sequencer", "--once")
    for command in ("verify", "fsck"):
        said = office.ok("ledger", command, "--json")
        assert said.json["findings"] == []


def test_a_report_is_written_verified_and_refused_once_a_figure_is_changed(
    office: Office, tmp_path: Path
) -> None:
    office.answered("release")
    office.opened(a_mail("We request employment records.", "i200"))
    vkey = office.ok("ledger", "checkpoint", "--json").json["vkey"]
    office.clock.set(AFTER_THE_PERIOD)
    file = office.inbox / "report.json"
    office.ok("report", *PERIOD, "--out", file)
    assert office.ok("report", *PERIOD, "--json").out.encode() == file.read_bytes() + b"\n"
    check = ("report", "verify", file, "--vkey", vkey, "--json")
    good = alone(*check, cwd=tmp_path)
    assert (good.code, good.json["verified"]) == (0, True), good
    document = json.loads(file.read_bytes())
    figure = next(f for f in document["figures"] if f["table"] == "headline" and f["measure"] == "requests")
    assert figure["value"] == 2
    figure["value"] = 1
    file.write_text(json.dumps(document))
    assert alone(*check, cwd=tmp_path).code == 1
    file.write_text("{")
    assert alone(*check, cwd=tmp_path).code == 2


def test_a_report_as_table_and_as_paper(office: Office) -> None:
    office.answered("refuse")
    office.ok("ledger", "checkpoint")
    office.clock.set(AFTER_THE_PERIOD)
    assert office.ok("report", *PERIOD, "--format", "csv").out.count("\n") > 10
    for language in ("en", "es"):
        file = office.inbox / f"report.{language}.pdf"
        office.ok("report", *PERIOD, "--format", "pdf", "--language", language, "--out", file)
        assert file.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("us-co-2020", "--from", "2020-06-21", "--to", "2020-10-15"), "report.period.boundary"),
        (("us-co-2020", "--from", "2020-6-20", "--to", "2020-10-15"), "time.date.invalid"),
        (("nothing", "--from", "2020-06-20", "--to", "2020-10-15"), "report.regime.unknown"),
        (PERIOD, "report.period.open"),
    ],
)
def test_a_report_that_cannot_be_made_says_why(office: Office, words: tuple[str, ...], code: str) -> None:
    empty = office.run("report", *PERIOD)
    assert empty.codes == ["ledger.checkpoint.none"]
    office.opened()
    office.ok("ledger", "checkpoint")
    said = office.run("report", *words)
    assert (said.code, said.codes, said.out) == (2, [code], "")


def test_duplicates_are_linked_and_counted_apart(office: Office) -> None:
    first = office.take("one.eml", a_mail())
    again = office.take("two.eml", a_mail())
    assert (again["state"], again["request"]) == ("repeat", first["request"])
    other = office.take("three.eml", a_mail("The same paper again, for another matter."))
    assert other["state"] == "case"
    assert other["request"] != first["request"]
    assert len(office.ok("case", "list", "--json").json) == 2
    office.ok("ledger", "checkpoint")
    office.clock.set(AFTER_THE_PERIOD)
    figures = office.ok("report", *PERIOD, "--json").json["figures"]
    headline = {f["measure"]: f["value"] for f in figures if f["table"] == "headline" and f["by"] == HEADLINE}
    assert headline["requests"] == 2
    assert [v for m, v in headline.items() if "repeat" in m] == [1]


HEADLINE = {"requesters": "measured"}
