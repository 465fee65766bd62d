"""A process that takes in and sequences until it is killed: `python -m tests.store.killed HOME`.

It prints a case's reference after each step that returned; what was printed must outlive it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from habeas.adapters.file_lock import sole
from habeas.usecases.ports import Arrival, ArrivalState, Hints
from habeas.usecases.sequence import sequence
from tests.store.histories import REFUSED, event
from tests.store.installation import AT, Installation, open_home


def take_in(made: Installation, ref: str) -> str:
    """What `usecases.receive` does, in its order."""
    store, case_id = made.store, made.ids.new_id()
    store.keys.create(case_id)
    blob = made.blobs.put(f"paper {ref}".encode(), case_id)
    arrival = Arrival(made.ids.new_id(), case_id, blob, f"{ref}.pdf", AT, Hints("labor"))
    store.arrivals.log(arrival)
    with store.atomic():
        store.cases.append(case_id, 0, [event(REFUSED[0], ref)])
        store.arrivals.keep_fingerprint(made.files.instance().token("fingerprint", ref.encode()), case_id)
        store.arrivals.settle(arrival.arrival_id, ArrivalState.CASE, linked_to=case_id)
    return case_id


def main() -> None:
    """Work until killed."""
    made = open_home(Path(sys.argv[1]))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        ref = made.ids.new_ref()
        case_id = take_in(made, ref)
        sys.stdout.write(f"{ref} 1\n")
        sys.stdout.flush()
        for at, kind in enumerate(REFUSED[1:], 1):
            made.store.cases.append(case_id, at, [event(kind, ref)])
            sys.stdout.write(f"{ref} {at + 1}\n")
            sys.stdout.flush()
            with sole(made.home / "sequencer.lock"):
                sequence(made.store.outbox, made.store.log, made.signer, 3)


if __name__ == "__main__":
    main()
