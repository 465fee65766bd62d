"""A receipt file checked for a person: bytes in, plain sentences and an exit code out.

Hides JSON and steps. Promises that nothing is read but the bytes and the keys given, that any bytes
give an answer, that what a receipt does not prove is said wherever it is accepted, and that nothing
from the file reaches a terminal but printable characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from habeas.kernel.canonical import Json, decode, encode
from habeas.kernel.errors import BadInput, bad
from habeas.ledger.receipt import RECEIPT_SCHEMA
from habeas.ledger.verify import Limit, Proved, Step, StepName, StepResult, Verdict, verify_receipt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.ledger.entry import Opening
    from habeas.ledger.trust import Trust

MAX_RECEIPT: Final = 1_000_000
"""Bytes a receipt file may have."""

ACCEPTED: Final = 0
"""Exit code: every step holds."""

REFUSED: Final = 1
"""Exit code: this is a receipt, and a step fails."""

_STEPS: Final[dict[StepName, str]] = {
    StepName.RECEIPT: "the receipt is complete",
    StepName.PROOF: "it carries a proof that can be read",
    StepName.SIGNATURE: "a log that you accept signed the checkpoint",
    StepName.CHECKPOINT: "the checkpoint is that log's own",
    StepName.WITNESSES: "enough witnesses that you accept cosigned it",
    StepName.INCLUSION: "the entry stands in the signed log",
    StepName.OPENINGS: "what is opened is what was logged",
}

_RESULTS: Final[dict[StepResult, str]] = {
    StepResult.HOLDS: "yes",
    StepResult.FAILS: "NO",
    StepResult.NOT_REACHED: "not reached",
}

_LIMITS: Final[dict[Limit, str]] = {
    Limit.COMPLETENESS: (
        "It cannot prove that every request was logged, only that nothing logged was lost or changed."
    ),
    Limit.CORRECTNESS: "It cannot prove that what was logged is true.",
    Limit.SEALED_PARTS: "It says nothing about the parts that are not opened.",
    Limit.SPLIT_VIEW: "Without a witness it cannot prove that everyone is shown the same log.",
}


def check_receipt(data: bytes, trust: Trust) -> Verdict:
    """The verdict on a receipt file; `BadInput` (exit 2) where the bytes are no receipt at all."""
    if len(data) > MAX_RECEIPT:
        raise bad("ledger.receipt.too_large", "receipt", limit=MAX_RECEIPT)
    document = decode(data, "receipt")
    if not isinstance(document, dict) or document.get("schema") != RECEIPT_SCHEMA:
        raise bad("ledger.receipt.wrong_schema", "receipt.schema", schema=RECEIPT_SCHEMA)
    return verify_receipt(document, trust)


def report_receipt(data: bytes, trust: Trust) -> tuple[list[str], int]:
    """The sentences to show for a receipt file, and the exit code: 0 accepted, 1 refused, 2 no receipt."""
    try:
        verdict = check_receipt(data, trust)
    except BadInput as error:
        return [problem.line() for problem in error.problems], error.exit_code
    return list(describe(verdict)), ACCEPTED if verdict.accepted else REFUSED


def describe(verdict: Verdict) -> Iterator[str]:
    """A verdict in plain English, line by line."""
    if verdict.proved is None:
        yield "REFUSED. Do not rely on this receipt."
    else:
        yield "ACCEPTED. This entry is in the log, and it is what was logged."
    for step in verdict.steps:
        yield _describe_step(step)
    if verdict.proved is not None:
        yield from _describe_proved(verdict.proved)
        yield "What this does not prove:"
        yield from (f"  {_LIMITS[limit]}" for limit in verdict.limits)


def _describe_step(step: Step) -> str:
    why = f" ({step.problem.message}; {step.problem.remedy} [{step.problem.code}])" if step.problem else ""
    return f"  {step.number}. {_STEPS[step.name]}: {_RESULTS[step.result]}{why}"


def _describe_proved(proved: Proved) -> Iterator[str]:
    yield f"Log: {_printable(proved.origin)}"
    yield f"Entry: {proved.entry.id}, at index {proved.index} of {proved.size} entries"
    yield f"Root: {proved.root.hex()}"
    yield from (f"Signed by: {_printable(vkey)}" for vkey in proved.signed_by)
    yield from (f"Witnessed by: {_printable(vkey)}" for vkey in proved.witnessed_by)
    for opening in proved.opened:
        yield from _describe_opening(opening)


def _describe_opening(opening: Opening) -> Iterator[str]:
    yield f"Opened: {opening.part}"
    if isinstance(opening.value, dict):
        yield from (f"  {_printable(name)}: {_shown(value)}" for name, value in opening.value.items())
    else:
        yield f"  {_shown(opening.value)}"


def _shown(value: Json) -> str:
    return _printable(value if isinstance(value, str) else encode(value).decode())


def _printable(text: str) -> str:
    """The text with every character a terminal could obey or hide written out as its escape."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
