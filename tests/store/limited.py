"""A process whose files may not grow beyond a size, which the system enforces like a full disk.

`python -m tests.store.limited HOME` prints the codes of what it was refused, then what is left: papers
half-written, events of the case.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from habeas.kernel.errors import BadInput
from tests.store.histories import opening, repeat
from tests.store.installation import open_home

LIMIT = 200_000
TOO_MUCH = 300_000


def main() -> None:
    """Try to write a paper and an event that are too large."""
    made = open_home(Path(sys.argv[1]))
    case_id = made.ids.new_id()
    made.store.keys.create(case_id)
    made.store.cases.append(case_id, 0, [opening("0000000002", "before")])
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))
    large = [repeat("0000000002") for _ in range(TOO_MUCH // 1000)]
    for work in (
        lambda: made.blobs.put(bytes(TOO_MUCH), case_id),
        lambda: made.store.cases.append(case_id, 1, large),
    ):
        try:
            work()
        except BadInput as error:
            print(error.problems[0].code)
    print(len(made.blobs.unfinished()), len(made.store.cases.history(case_id)))


if __name__ == "__main__":
    main()
