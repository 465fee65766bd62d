"""`supervise` in a process of its own, over children that are one line of Python each.

`python keep.py SPEC`: a JSON object of `children` (`name`, `code`, `vital`, `held`: a file while it is
there) and the fields of `Patience`. Every event is a JSON line on standard output.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from habeas.adapters.supervisor import Child, Patience, supervise
from habeas.kernel.errors import BrokenInvariant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _child(told: dict[str, Any]) -> Child:
    held: Callable[[], bool] = Path(told["held"]).exists if "held" in told else bool
    return Child(told["name"], (sys.executable, "-c", told["code"]), vital=told.get("vital", True), held=held)


def _tell(event: str, facts: Mapping[str, Any]) -> None:
    print(json.dumps({"event": event, **facts}), flush=True)


def main() -> int:
    """Keep the children of the specification; the exit code of `habeas serve`."""
    spec = json.loads(sys.argv[1])
    children = [_child(told) for told in spec.pop("children")]
    if "pauses" in spec:
        spec["pauses"] = tuple(spec["pauses"])
    try:
        supervise(children, _tell, Patience(**spec))
    except BrokenInvariant as error:
        _tell("broken", {"code": error.problem.code, "place": error.problem.place})
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
