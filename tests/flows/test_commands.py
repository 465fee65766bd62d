"""How every command speaks: one document on one line with `--json`, one clear line for a problem."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click
import pytest

from habeas.kernel.canonical import encode
from tests import databases
from tests.core.usecases.papers import drawn
from tests.flows.office import AFTER_THE_PERIOD, PERIOD, Office, a_mail
from workshop.cli_reference import commands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LINE = re.compile(r"\S.*: .+; .+ \[[a-z0-9_]+(\.[a-z0-9_]+){2}\]")
"""Place, message, remedy, code."""

EVERY = [(tuple(path[1:]), command) for path, command in commands() if not isinstance(command, click.Group)]
FACTS: dict[str, Any] = {
    "schema": "habeas.decide.v1",
    "on": "2020-09-14",
    "facts": {
        "custodian_kind": {"value": "state_agency", "source": "custodian", "reading": "person"},
        "criminal_investigation": {"value": "yes", "source": "requester", "reading": "person"},
    },
    "items": [{"id": "1", "category": "employment"}],
}


def needs_words(command: click.Command) -> bool:
    return any(parameter.required for parameter in command.params)


def takes_json(command: click.Command) -> bool:
    return any("--json" in parameter.opts for parameter in command.params)


@pytest.mark.parametrize(
    ("path", "command"), EVERY, ids=lambda x: " ".join(x) if isinstance(x, tuple) else ""
)
def test_every_command_takes_json(path: tuple[str, ...], command: click.Command) -> None:
    assert takes_json(command), path


@pytest.mark.parametrize(
    ("path", "command"),
    [(path, command) for path, command in EVERY if needs_words(command)],
    ids=lambda x: " ".join(x) if isinstance(x, tuple) else "",
)
def test_a_command_without_its_words_is_refused_in_json_too(
    office: Office, path: tuple[str, ...], command: click.Command
) -> None:
    said = office.run(*path, "--json")
    assert said.code == 2, command
    (found,) = said.json["problems"]
    assert (said.json["schema"], found["code"]) == ("habeas.error.v1", "cli.usage.invalid")
    assert "Error: Missing" in said.err


def every_command(office: Office) -> Iterator[tuple[object, ...]]:
    """Each command once, in an order in which all can do their work."""
    yield ("admin", "init")
    yield ("intake", office.file("request.eml", a_mail()))
    yield ("case", "list")
    (listed,) = office.ok("case", "list", "--json").json
    ref = listed["request"]
    yield ("intake", office.file("note.txt", b"Please send."), "--custodian", "labor")
    yield ("case", "show", ref)
    yield ("case", "confirm", ref, "--as", "r.doe", "--set", "criminal_investigation=yes")
    yield ("case", "determine", ref, "--as", "r.doe", "--outcome", "release", "--reason", "ground i")
    yield ("case", "approve", ref, "--as", "k.roe")
    yield ("case", "stop", ref, "--as", "l.poe", "--reason", "wait")
    yield ("case", "determine", ref, "--as", "r.doe", "--outcome", "release", "--reason", "ground i")
    yield ("case", "approve", ref, "--as", "k.roe")
    package = office.file("package.csv", b"x")
    yield ("case", "disclose", ref, "--as", "r.doe", "--package", package, "--field", "employer")
    yield ("case", "answer", ref, "--as", "r.doe", "--preview", office.inbox / "letter.pdf")
    yield ("case", "answer", ref, "--as", "r.doe")
    yield ("sequencer", "--once")
    yield ("ledger", "checkpoint")
    yield ("case", "receipt", ref)
    yield ("ledger", "prove", ref)
    yield ("ledger", "verify")
    yield ("ledger", "fsck")
    yield ("ledger", "export", office.inbox / "mirror")
    yield ("admin", "quarantine")
    yield ("admin", "settle")
    yield ("admin", "rebuild")
    yield ("admin", "upgrade")
    if not databases.ON_SERVER:  # there it says which tools to use
        yield ("admin", "backup", office.inbox / "backup")
    yield ("read", office.file("warrant.pdf", drawn("ao93")), office.file("note.txt", b"Please send."))
    yield ("decide", office.file("facts.json", encode(FACTS)))
    yield ("policy", "list")
    yield ("policy", "check")
    office.clock.set(AFTER_THE_PERIOD)
    report = office.file("report.json", office.ok("report", *PERIOD).out.encode())
    vkey = office.ok("ledger", "checkpoint", "--json").json["vkey"]
    yield ("report", *PERIOD)
    yield ("report", "verify", report, "--vkey", vkey)
    receipt = office.file("receipt.json", office.ok("case", "receipt", ref).out.encode())
    yield ("receipt", "verify", receipt, "--vkey", vkey)


def test_every_command_gives_one_document_on_one_line_with_json(office: Office) -> None:
    done = set()
    for words in every_command(office):
        said = office.run(*words, "--json")
        assert said.code == 0, (words, said)
        assert said.json is not None
        done.add(" ".join(str(word) for word in words[:2]))
    assert len(done) >= 25


def test_every_command_tells_people_in_lines(office: Office) -> None:
    for words in every_command(office):
        said = office.run(*words)
        assert said.code == 0, (words, said)
        assert said.out or words[0] == "report", words
        assert said.out.isprintable() or all(line.isprintable() for line in said.out.splitlines()), words


def missing(office: Office) -> Path:
    return office.inbox / "not-there"


NO_BACKUP = "backup.database.server" if databases.ON_SERVER else "backup.archive.none"

REFUSED: dict[str, Callable[[Office], tuple[object, ...]]] = {
    "case.ref.unknown": lambda _: ("case", "show", "0000000000"),
    "cli.state.unknown": lambda _: ("case", "list", "--state", "lost"),
    "directory.person.unknown": lambda o: ("case", "approve", o.opened(), "--as", "nobody"),
    "cli.setting.malformed": lambda o: ("case", "confirm", o.opened(), "--as", "r.doe", "--set", "yes"),
    "facts.name.unknown": lambda o: ("case", "confirm", o.opened(), "--as", "r.doe", "--set", "a=b"),
    "facts.scope.other": lambda o: ("case", "confirm", o.opened(), "--as", "r.doe", "--set", "consent=yes"),
    "facts.check.not_described": lambda o: (
        "case", "confirm", o.opened(), "--as", "r.doe", "--set", "emergency=yes", "--source", "independent",
    ),
    "intake.channel.unknown": lambda o: ("intake", o.file("a.txt", b"x"), "--channel", "owl"),
    "directory.custodian.unknown": lambda o: ("intake", o.file("a.txt", b"x"), "--custodian", "nobody"),
    "intake.arrival.unknown": lambda _: ("admin", "quarantine", "release", "nothing"),
    NO_BACKUP: lambda o: ("admin", "restore", o.inbox),
    "ledger.checkpoint.none": lambda _: ("report", *PERIOD),
    "ledger.trust.empty": lambda o: ("receipt", "verify", o.file("a.json", b"{}")),
    "decide.document.other_schema": lambda o: ("decide", o.file("a.json", b"{}")),
    "json.key.duplicate": lambda o: ("decide", o.file("a.json", b'{"a":1,"a":2}')),
    "json.text.not_utf8": lambda o: ("decide", o.file("a.json", b"\xff")),
    "cli.file.failed": lambda o: (
        "case", "answer", o.decided("refuse"), "--as", "c.clerk", "--preview", missing(o) / "letter.pdf",
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(REFUSED))
def test_a_refusal_is_one_line_with_place_and_remedy_and_the_same_in_json(office: Office, code: str) -> None:
    words = REFUSED[code](office)
    plain, machine = office.run(*words), office.run(*words, "--json")
    assert (plain.code, machine.code) == (2, 2), plain
    assert plain.out == ""
    assert plain.codes == machine.codes == [code]
    assert LINE.fullmatch(plain.err.rstrip("\n")), plain.err
    assert [p["code"] for p in machine.json["problems"]] == [code]


@pytest.mark.parametrize(
    "change",
    [
        {"facts": {"custodian_kind": {"value": "state_agency", "source": "custodian", "reading": "person",
                                      "evidence": 1}}},
        {"facts": {"José Ejemplo": {"value": "yes", "source": "custodian", "reading": "person"}}},
        {"facts": {"emergency": {"value": "José", "source": "court", "reading": "person"}}},
        {"facts": []}, {"items": []}, {"items": [{"id": "1", "category": "José"}]}, {"on": "2020-9-1"},
        {"José Ejemplo": 1},
    ],
)  # fmt: skip
def test_facts_that_cannot_be_used_are_refused_and_not_repeated(
    office: Office, change: dict[str, Any]
) -> None:
    file = office.file("facts.json", encode(FACTS | change))
    said = office.run("decide", file, "--json")
    assert said.code == 2
    assert all(LINE.fullmatch(line) for line in said.err.splitlines())
    assert "José" not in said.err + said.out


def test_any_answer_to_a_question_of_law_exits_0(office: Office) -> None:
    file = office.file("facts.json", encode(FACTS | {"facts": {}}))
    assert office.ok("decide", file, "--json").json["items"][0]["effect"] == "undetermined"
    said = office.ok("decide", file, "--policy", "us-co/2020-guidance", "--on", "2020-09-14", "--json")
    assert said.json["packs"]
    said = office.run("decide", file, "--policy", "us-co/nothing", "--json")
    assert (said.code, said.codes) == (2, ["policy.pack.unknown"])


def test_a_refused_rule_pack_exits_1(office: Office) -> None:
    office.ok("policy", "check", "us-co/2020-guidance")
    said = office.run("policy", "check", "us-co/nothing", "--json")
    assert (said.code, [p["admitted"] for p in said.json]) == (1, [False])


def test_an_unexpected_failure_exits_3_in_one_line_and_one_document(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise ZeroDivisionError("José Ejemplo")

    monkeypatch.delenv("HABEAS_DEBUG", raising=False)
    monkeypatch.setattr("habeas.wiring.open_desk", fail)
    said = office.run("case", "list", "--json")
    assert (said.code, said.codes) == (3, ["cli.run.uncaught"])
    assert [p["code"] for p in said.json["problems"]] == ["cli.run.uncaught"]
    assert "Ejemplo" not in said.err + said.out
    monkeypatch.setenv("HABEAS_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        office.run("case", "list")


def test_a_broken_promise_exits_3(office: Office) -> None:
    ref = office.opened()
    ports = office.desk().ports
    paper = ports.cases.load(ports.cases.by_ref(ref)).request.attachments[0].blob
    (path,) = office.home.glob(f"blobs/{paper[:2]}/{paper[2:]}.*")
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    office.ok("case", "list")
    from habeas.kernel.errors import BrokenInvariant
    from habeas.usecases.read import read

    desk = office.desk()
    with pytest.raises(BrokenInvariant, match=r"store\.sealed\.altered"):
        read(desk.ports, desk.ports.cases.by_ref(ref), actor="machine")
    said = office.run("admin", "doctor")
    assert said.code in (1, 3)


def test_help_and_version_load_next_to_nothing(office: Office) -> None:
    assert office.ok("--version").out.startswith("habeas ")
    assert "Commands:" in office.ok("--help").out
    assert office.run().code in (0, 2)
