"""`habeas witness`: cosign another organisation's ledger, as a court clerk, a university, a newspaper.

Neither Django nor a home is loaded: a witness is two files, its key and what it remembers.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from habeas.cli.output import json_option, tell, write

if TYPE_CHECKING:
    from habeas.adapters.witness_state import StateFile
    from habeas.ledger.keys import SignerKey

_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_ADDRESS: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:\[\]]+):(?P<port>[0-9]{1,5})")

_key_option = click.option("--key", type=_FILE, required=True, help="The witness's private key.")
_state_option = click.option("--state", type=_FILE, required=True, help="What the witness remembers.")


@click.group()
def witness() -> None:
    """Cosign another's ledger, as an independent witness."""


@witness.command()
@click.argument("name")
@_key_option
@_state_option
@json_option
def init(name: str, key: Path, state: Path, *, as_json: bool) -> int:
    """Make the key and the memory of a witness called NAME (such as witness.example.edu/habeas).

    Prints its public key, which the ledger's operator and every verifier needs. A witness whose memory
    is lost must not be started again under this key: make a new one.
    """
    from habeas.adapters.witness_key import make_key
    from habeas.adapters.witness_state import make_state
    from habeas.kernel.errors import bad

    if state.exists():
        raise bad("witness.state.exists", state.name)
    made = make_key(key, name)
    make_state(state, made)
    vkey = made.verifier.vkey
    write({"name": name, "vkey": vkey}, ["the witness's public key:", vkey], as_json=as_json)
    return 0


@witness.command()
@_key_option
@_state_option
@click.option(
    "--trust-log", "logs", multiple=True, required=True, help="The key of a ledger to follow (repeatable)."
)
@click.option(
    "--listen", default="127.0.0.1:8431", show_default=True, help="HOST:PORT; port 0 takes a free one."
)
@json_option
def serve(key: Path, state: Path, logs: tuple[str, ...], listen: str, *, as_json: bool) -> int:
    """Answer `POST /add-checkpoint` (C2SP tlog-witness) until stopped.

    A cosignature is given only when the checkpoint contains everything cosigned before, and after that
    was written down. Put a proxy in front where the network asks for TLS.
    """
    from habeas.adapters.clock import SystemClock
    from habeas.adapters.file_lock import sole
    from habeas.adapters.witness_http import WitnessServer
    from habeas.ledger.keys import parse_vkey
    from habeas.usecases.witness import Witness

    host, port = _address(listen)
    signer, keys = _open_key(key), tuple(parse_vkey(log) for log in logs)
    with sole(state.with_name(f"{state.name}.lock"), "witness.state.held"):
        judge = Witness(signer, keys, _open_state(state, signer), SystemClock())
        with WitnessServer(judge, host, port, tell) as server:
            document = {"url": server.url, "vkey": signer.verifier.vkey}
            write(document, [f"listening on {server.url} as {signer.name}"], as_json=as_json)
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                tell("stopped")
    return 0


@witness.command()
@_key_option
@_state_option
@json_option
def status(key: Path, state: Path, *, as_json: bool) -> int:
    """Say what the witness has cosigned, and whether it kept evidence. Exit 1 where it did."""
    from habeas.ledger.note import parse_checkpoint, split_note

    register = _open_state(state, _open_key(key))
    heads = [parse_checkpoint(split_note(note)[0]) for _, note in sorted(register.notes.items())]
    evidence = sorted(file.name for file in register.evidence.glob("*.checkpoint"))
    document = {
        "logs": [{"origin": head.origin, "size": head.size, "root": head.root.hex()} for head in heads],
        "evidence": evidence,
    }
    lines = [f"{head.origin}: {head.size} entries, root {head.root.hex()}" for head in heads]
    lines += [f"evidence that a ledger showed two histories: {name}" for name in evidence]
    write(document, lines or ["nothing cosigned yet"], as_json=as_json)
    return 1 if evidence else 0


def _open_key(path: Path) -> SignerKey:
    from habeas.adapters.witness_key import read_key

    return read_key(path)


def _open_state(path: Path, key: SignerKey) -> StateFile:
    from habeas.adapters.witness_state import open_state

    return open_state(path, key.verifier)


def _address(text: str) -> tuple[str, int]:
    from habeas.kernel.errors import bad

    found = _ADDRESS.fullmatch(text)
    if found is None or int(found["port"]) > 65_535:  # noqa: PLR2004 - the last port there is
        raise bad("witness.address.malformed", "--listen")
    return found["host"].strip("[]"), int(found["port"])
