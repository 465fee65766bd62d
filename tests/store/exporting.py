"""A process that exports and kills itself at a rename: `python -m tests.store.exporting HOME FOLDER N`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from habeas.adapters.log_files import make_log_folder
from habeas.ledger.trust import Trust
from habeas.usecases.export_log import export_log
from tests.store.installation import open_home


def main() -> None:
    """Export; the Nth rename (from 0) is the one that never happens."""
    home, folder, left = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    made = open_home(home)
    real, renames = Path.replace, [left]

    def replace(self: Path, target: Path) -> Path:
        if renames[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        renames[0] -= 1
        return real(self, target)

    Path.replace = replace  # type: ignore[assignment,method-assign]  # the way to die in the middle
    export_log(made.store.log, make_log_folder(folder), Trust(made.files.vkeys()))


if __name__ == "__main__":
    main()
