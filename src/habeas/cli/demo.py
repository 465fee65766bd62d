"""`habeas demo`: the demonstration state, one request walked the whole way, and then the console on it."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from habeas.cli.output import tell, write_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from habeas.domain.case import Case
    from habeas.kernel.clock import SetClock
    from habeas.wiring import Desk

FROM, TO = date(2020, 6, 20), date(2020, 10, 15)


@click.command()
@click.option("--no-serve", is_flag=True, help="End after the walk, without the console.")
@click.option(
    "--port", type=click.IntRange(1, 65_535), help="Port of the console; without it, 8000.", default=8000
)
@click.option("--reset", is_flag=True, help="Throw the demonstration's home away and start over.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Only one JSON document: the request, its receipt, the totals; without the console.",
)
def demo(*, no_serve: bool, port: int, reset: bool, as_json: bool) -> int:
    """Load the demonstration state, walk one request through, and serve the console on it.

    Everything in it is invented but the published totals, 66 requests of DHS and ICE and 33 granted. It
    lies in a home of its own; a second start keeps it. The console has sample logins, whose password is
    printed, and open requests of the last weeks; Ctrl-C ends it.
    """
    from habeas.adapters.file_lock import sole
    from habeas.cli.demo_console import HOST, LOCK, become, open_console
    from habeas.cli.serve import refuse_taken

    say, serving = Teller(quiet=as_json), not (no_serve or as_json)
    home = prepare_home()
    with ExitStack() as held:
        held.enter_context(sole(home / LOCK, "serve.home.served"))
        if serving:
            refuse_taken(HOST, port)
            become(home)
        if reset:
            clear(home)
        desk, clock = open_demo(home)
        say.line("DEMONSTRATION: every person, paper and request here is invented.")
        load(desk, clock, say)
        summary = walk(desk, clock, say)
    if as_json:
        write_json(summary)
    return open_console(desk, clock, port, say.line) if serving else 0


def load(desk: Desk, clock: SetClock, say: Teller) -> None:
    """The four months of 2020, unless they are there."""
    from habeas.demo import stage

    if desk.is_empty():
        say.head("loading the demonstration state: four months of 2020 at five agencies")
        with desk.store.at_once():
            stage.play(desk.ports, clock, say.progress)
    else:
        clock.set(stage.ENDS_AT)
        say.line(f"the state is there already and is kept ({desk.environment.home}); --reset starts over")


def prepare_home() -> Path:
    """The demonstration's home, `demo` inside Habeas's home folder; made and marked where there is none."""
    from habeas.cli.demo_console import MARK
    from habeas.config.environment import read_home
    from habeas.kernel.errors import bad

    home = read_home(os.environ) / "demo"
    if not home.exists():
        home.mkdir(mode=0o700, parents=True)
        (home / MARK).write_text("This home holds invented data only.\n", encoding="utf-8")
    if not (home / MARK).exists():
        raise bad("demo.home.not_demonstration", home.name)
    return home


def clear(home: Path) -> None:
    """Throw away everything in the demonstration's home but its mark and the lock that is held on it."""
    from habeas.cli.demo_console import LOCK, MARK

    for entry in home.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name not in (MARK, LOCK):
            entry.unlink()


def open_demo(home: Path) -> tuple[Desk, SetClock]:
    """The demonstration's desk, its clock in 2020."""
    from habeas.config.environment import read_environment
    from habeas.demo.stage import BUNDLED_AT
    from habeas.kernel.clock import SetClock
    from habeas.wiring import open_desk

    if not (home / "config.toml").exists():
        shutil.copyfile(Path(__file__).parents[1] / "demo" / "agencies.toml", home / "config.toml")
    clock = SetClock(BUNDLED_AT)
    return open_desk(clock=clock, environment=read_environment(own_variables(home))), clock


def own_variables(home: Path) -> dict[str, str]:
    """The variables of this process, of Habeas's own none but this home."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("HABEAS_")}
    return {**variables, "HABEAS_HOME": str(home)}


class Teller:
    """Prints the walk for people; quiet when a program asked for JSON."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.step = 0

    def head(self, text: str) -> None:
        """A numbered step."""
        self.step += 1
        self.line(f"\n[{self.step}] {text}")

    def line(self, text: str) -> None:
        """One line."""
        if not self.quiet:
            click.echo(text)

    def lines(self, texts: Iterable[str]) -> None:
        """Several lines, indented under the step."""
        for text in texts:
            self.line(f"    {text}")

    def progress(self, done: int, of: int) -> None:
        """Progress of the loading, on standard error, every tenth part."""
        if not self.quiet and (done == of or done * 10 // of != (done - 1) * 10 // of):
            tell(f"    {done} of {of} steps")


def walk(desk: Desk, clock: SetClock, say: Teller) -> dict[str, object]:
    """The bundled request, from its bytes to the period's report; what was made of it."""
    from habeas.cli import story
    from habeas.demo import stage

    delivery = stage.bundled()
    clock.set(stage.BUNDLED_AT)
    say.head(f"received: {delivery.filename}, an e-mail with one PDF, {len(delivery.data):,} bytes")
    case = _receive(desk, say)
    say.head("read: what the paper is, and where it says so")
    say.lines(story.paper_lines(case))
    say.head("facts, each with who says so, who read it, and where it stands")
    say.lines(story.fact_lines(case))
    _decide(desk, clock, say, case)
    case = desk.ports.cases.load(case.case_id)
    say.head("the answer")
    say.lines(story.answer_lines(case))
    return {"request": case.request_ref, **_prove(desk, say, case), **_report(desk, clock, say)}


def _receive(desk: Desk, say: Teller) -> Case:
    from habeas.demo import stage
    from habeas.usecases.ports import ArrivalState
    from habeas.usecases.read import read
    from habeas.usecases.receive import receive

    delivery = stage.bundled()
    taken = receive(desk.ports, delivery.data, delivery.filename, actor="mailbox", received_at=delivery.at)
    say.lines(["stored encrypted before anything read it"])
    if taken.state is ArrivalState.REPEAT:
        say.lines([f"sent before: linked to request {taken.request_ref}, nothing is counted twice"])
    else:
        read(desk.ports, taken.case_id, actor="machine")
        say.lines([f"logged as request {taken.request_ref}"])
    case = desk.ports.cases.load(taken.case_id)
    custodian = desk.ports.directory.custodian(case.request.holder.custodian)
    from habeas.cli.story import FIRST_WORDS, request_lines

    say.lines([FIRST_WORDS.format(counsel=custodian.counsel), *request_lines(case, custodian.name)])
    return case


def _decide(desk: Desk, clock: SetClock, say: Teller, case: Case) -> None:
    """Evaluate under the law of the day and let the desk's personas decide, unless they did before."""
    from habeas.cli import story
    from habeas.demo import stage
    from habeas.domain.vocabulary import CaseState, Language

    if case.state is CaseState.READ:
        clock.set(stage.WORKED_AT)
        stage.confirm_case(desk.ports, case.case_id)
        case = desk.ports.cases.load(case.case_id)
    say.head("evaluated, item by item, under the law of its day")
    found = case.evaluation or desk.evaluate(case)
    say.lines(story.evaluation_lines(desk, case, found, Language.EN))
    say.lines(story.other_law_lines(found, "us-co/judge-signed-bill"))
    say.head("a person decides; a release takes a second one")
    if case.state is CaseState.CONFIRMED:
        stage.decide_case(desk.ports, case.case_id)
    say.lines(story.decided_lines(desk.ports.cases.load(case.case_id)))


def _prove(desk: Desk, say: Teller, case: Case) -> dict[str, object]:
    from habeas.kernel.canonical import encode
    from habeas.ledger.trust import read_trust
    from habeas.usecases.prove import Holder, receipt
    from habeas.verifier.receipt import check_receipt, describe

    say.head("ledger: every step is an entry; the sequencer signs")
    done = desk.sequence()
    history = desk.ports.cases.history(case.case_id)
    say.lines(f"entry {desk.ports.outbox.index_of(r.entry_id):>4}  {r.event.kind}" for r in history)
    say.lines((desk.log.checkpoint() or "").rstrip().splitlines())
    made = encode(receipt(desk.ports, desk.log, case.case_id, len(history), Holder.REQUESTER))
    path = desk.environment.home / "receipt.json"
    path.write_bytes(made)
    say.head(f"receipt: habeas receipt verify {path} --vkey {desk.vkey}")
    verdict = check_receipt(made, read_trust([desk.vkey]))
    say.lines(describe(verdict))
    return {"receipt": str(path), "vkey": desk.vkey, "ledger_size": done.size}


def _report(desk: Desk, clock: SetClock, say: Teller) -> dict[str, object]:
    from habeas.demo import stage
    from habeas.domain.vocabulary import Language
    from habeas.verifier.report import verify_report

    clock.set(stage.ENDS_AT)
    say.head(f"the period's report: habeas report us-co-2020 --from {FROM} --to {TO}")
    made = {form: desk.report("us-co-2020", FROM, TO, form, Language.EN) for form in ("json", "csv", "pdf")}
    for form, data in made.items():
        (desk.environment.home / f"report.{form}").write_bytes(data)
    totals = _totals(made["json"])
    say.lines(["requests of DHS and ICE:", *(f"{value!s:>5}  {name}" for name, value in totals.items())])
    lines, code = verify_report(made["json"], desk.vkey)
    say.lines(["recounted from the openings alone:", *lines])
    say.lines([f"written beside it: {desk.environment.home}/report.json, .csv, .pdf"])
    report = str(desk.environment.home / "report.json")
    return {"report": report, "report_verified": code == 0, "totals": totals}


def _totals(report: bytes) -> dict[str, int | str | None]:
    """The headline of a report: the DHS and ICE measure."""
    from habeas.kernel.canonical import decode

    document = decode(report)
    names = {m["id"]: m["en"] for m in document["measures"]}
    return {
        names[f["measure"]]: f["value"]
        for f in document["figures"]
        if f["table"] == "headline" and f["by"]["requesters"] == "measured" and f["measure"] in _HEADLINE
    }


_HEADLINE: Final = (
    "requests",
    "granted",
    "granted_in_part",
    "refused",
    "other_endings",
    "pending",
    "median_days",
    "overrides",
)
