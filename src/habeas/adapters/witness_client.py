"""The witnesses of this log, from `config.toml`, and asking them over HTTP (C2SP tlog-witness).

    [ledger]
    quorum = 2                                    # without it: more than half

    [[witness]]
    url = "https://witness.example.org/habeas"    # its submission prefix
    vkey = "witness.example.org+1a2b3c4d+BAAA…"   # type 04

Hides threads and status codes. Promises that all are asked at once, that none can hold the others up
longer than one exchange may take, and that what one does is a `Reply` and never an exception.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.adapters.web_client import Server
from habeas.adapters.witness_http import PATH, SIZE_TYPE, STATUS
from habeas.kernel.errors import BadInput, Problem, problem
from habeas.ledger.keys import SignatureType, VerifierKey, parse_vkey
from habeas.ledger.spelling import read_decimal
from habeas.ledger.submission import Ruling
from habeas.usecases.submit import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from habeas.adapters.web_client import Answer
    from habeas.ledger.submission import Submission

SECONDS: Final = 10.0
"""How long one witness may take to answer."""

MAX_ANSWER: Final = 20_000
"""Bytes of an answer that are read."""

_RULINGS: Final = {int(status): ruling for ruling, status in STATUS.items()}
_KEYS: Final = ("url", "vkey")


@attrs.frozen
class WitnessAddress:
    """A witness: its key, and its submission prefix."""

    key: VerifierKey
    url: str


@attrs.frozen
class WebCosigners:
    """`usecases.submit.Cosigners` over HTTP."""

    addresses: tuple[WitnessAddress, ...]
    seconds: float = SECONDS

    def submit(self, wanted: Mapping[VerifierKey, Submission]) -> Mapping[VerifierKey, Reply]:
        """The reply of each witness asked."""
        replies: dict[VerifierKey, Reply] = {}

        def ask(address: WitnessAddress) -> None:
            replies[address.key] = ask_one(address, wanted[address.key], self.seconds)

        asking = [
            threading.Thread(target=ask, args=[a], daemon=True) for a in self.addresses if a.key in wanted
        ]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join(2 * self.seconds)
        return dict(replies)


def ask_one(address: WitnessAddress, submission: Submission, seconds: float) -> Reply:
    """One witness's reply to a submission."""
    try:
        server = Server(address.url, seconds)
        answer = server.post(PATH.removeprefix("/"), submission.text.encode(), MAX_ANSWER)
        server.close()
    except BadInput:
        return Reply(None)
    return _reply(answer)


def _reply(answer: Answer) -> Reply:
    ruling = _RULINGS.get(answer.status)
    body = answer.body.decode("utf-8", "replace")
    match ruling:
        case Ruling.COSIGNED:
            return Reply(ruling, lines=body)
        case Ruling.CONFLICT:
            size = read_decimal(body.removesuffix("\n")) if answer.kind == SIZE_TYPE else None
            return Reply(None) if size is None else Reply(ruling, size)
        case _:
            return Reply(ruling)


def read_witnesses(
    tables: Sequence[Mapping[str, Any]], quorum: int | None, file: str = "config.toml"
) -> tuple[tuple[WitnessAddress, ...], int]:
    """`[[witness]]` tables and `[ledger] quorum` → addresses and quorum, or a `BadInput` of what is wrong."""
    found: list[Problem] = []
    addresses = [_address(t, f"{file}: witness[{n}]", found) for n, t in enumerate(tables, 1)]
    made = tuple(a for a in addresses if a is not None)
    if len({a.key.public for a in made}) < len(made):
        found.append(problem("config.value.twice", f"{file}: witness.vkey"))
    wanted = len(made) // 2 + 1 if quorum is None and made else quorum or 0
    if not found and not (1 <= wanted <= len(made) or (not made and wanted == 0)):
        place = f"{file}: ledger.quorum"
        found.append(problem("ledger.trust.quorum_unreachable", place, witnesses=len(made)))
    if found:
        raise BadInput(found)
    return made, wanted


def _address(table: Mapping[str, Any], place: str, found: list[Problem]) -> WitnessAddress | None:
    wrong = list(_wrong(table, place))
    found += wrong
    if wrong:
        return None
    try:
        key = parse_vkey(table["vkey"])
        Server(table["url"])
    except BadInput as error:
        found += [attrs.evolve(p, place=place) for p in error.problems]
        return None
    if key.kind is not SignatureType.COSIGNATURE:
        found.append(problem("witness.key.wrong_type", f"{place}.vkey"))
        return None
    return WitnessAddress(key, table["url"])


def _wrong(table: Mapping[str, Any], place: str) -> Iterator[Problem]:
    if set(table) - set(_KEYS):
        yield problem("config.key.unknown", place, known=", ".join(_KEYS))
    for key in _KEYS:
        if key not in table:
            yield problem("config.key.missing", f"{place}.{key}")
        elif not isinstance(table[key], str):
            yield problem("config.value.wrong_type", f"{place}.{key}", wanted="a text")
