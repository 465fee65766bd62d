"""Every event version ever stored is read by today's code, and says the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from habeas.domain.case import Authorized, Confirmed, Decided, Read, Received, Sealed, Unsealed
from habeas.domain.disclosure import Disclosure, Notice
from habeas.domain.events import VERSIONS, payload, upcast
from habeas.domain.vocabulary import EventKind as E
from habeas.kernel import canonical
from habeas.kernel.shape import from_json, to_json
from vectors.events import make

FOLDER = Path(make.__file__).parent
FILES = sorted(FOLDER.glob("*.json"))
PRIVATE = {
    E.REQUEST_RECEIVED: Received,
    E.INSTRUMENT_READ: Read,
    E.FACTS_CONFIRMED: Confirmed,
    E.DETERMINATION_MADE: Decided,
    E.ITEM_OVERRIDDEN: Decided,
    E.DISCLOSURE_AUTHORIZED: Authorized,
    E.DISCLOSURE_MADE: Disclosure,
    E.NOTICE_SENT: Notice,
    E.CASE_SEALED: Sealed,
    E.CASE_UNSEALED: Unsealed,
}


def test_there_is_an_example_of_every_version_of_every_kind() -> None:
    wanted = {f"{kind}.v{n}.json" for kind in E for n in range(1, VERSIONS[kind] + 1)}
    assert {file.name for file in FILES} == wanted


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_is_read_with_its_private_part(file: Path) -> None:
    stored = canonical.decode(file.read_bytes(), file.name)
    event = upcast(stored)
    assert file.name == f"{event.kind}.v{stored['version']}.json"
    if event.kind in PRIVATE:
        private: Any = from_json(PRIVATE[event.kind], event.private, "private")
        assert to_json(private) == event.private


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_of_the_present_version_is_written_as_it_was(file: Path) -> None:
    stored = canonical.decode(file.read_bytes(), file.name)
    event = upcast(stored)
    if stored["version"] == VERSIONS[event.kind]:
        assert payload(event) == stored


@pytest.mark.parametrize(("path", "data"), list(make.files()), ids=lambda x: getattr(x, "stem", ""))
def test_a_payload_does_not_change_without_a_new_version(path: Path, data: bytes) -> None:
    assert path.read_bytes() == data, "raise the kind's version, add an upcaster, run make.py"
