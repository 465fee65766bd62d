"""Witnesses on this machine: in a thread of this process, or in a process that can be killed.

`python -m tests.store.witnessing KEY STATE VKEY` serves a witness that dies by SIGKILL between writing
its record and answering.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from habeas.adapters.clock import SystemClock
from habeas.adapters.web_client import Server
from habeas.adapters.witness_http import WitnessServer
from habeas.adapters.witness_key import make_key, read_key
from habeas.adapters.witness_state import StateFile, make_state, open_state
from habeas.ledger.keys import SignerKey, VerifierKey, parse_vkey
from habeas.usecases.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Iterator


@attrs.frozen
class Served:
    """A witness that is running."""

    url: str
    key: VerifierKey
    state: Path
    told: list[str]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def post(self, body: bytes, path: str = "add-checkpoint") -> tuple[int, str, bytes]:
        server = Server(self.url)
        answer = server.post(path, body, 10_000)
        server.close()
        return answer.status, answer.kind, answer.body

    def raw(self, data: bytes) -> bytes:
        """Whatever comes back for these bytes on a connection of their own."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as channel:
            channel.sendall(data)
            with suppress(OSError):  # it may have hung up already
                channel.shutdown(socket.SHUT_WR)
            found = b""
            while piece := channel.recv(65_536):
                found += piece
        return found


@contextmanager
def serving(folder: Path, name: str, *logs: VerifierKey, port: int = 0) -> Iterator[Served]:
    """A witness with its files in a folder, made where they are missing, in a thread."""
    key_file, state_file = folder / f"{name}.key", folder / f"{name}.state"
    key = read_key(key_file) if key_file.exists() else make_key(key_file, name)
    if not state_file.exists():
        make_state(state_file, key)
    told: list[str] = []
    judge = Witness(key, logs, open_state(state_file, key.verifier), SystemClock())
    with WitnessServer(judge, "127.0.0.1", port, told.append) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        try:
            yield Served(server.url, key.verifier, state_file, told)
        finally:
            server.shutdown()
            thread.join()


class DyingState(StateFile):
    """A record after which its process is gone."""

    def keep(self, origin: str, note: str) -> None:
        super().keep(origin, note)
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Serve until the first checkpoint is recorded."""
    key: SignerKey = read_key(Path(sys.argv[1]))
    kept = open_state(Path(sys.argv[2]), key.verifier)
    register = DyingState(kept.path, kept.key, kept.notes)
    judge = Witness(key, (parse_vkey(sys.argv[3]),), register, SystemClock())
    with WitnessServer(judge, "127.0.0.1", 0, lambda _: None) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
