"""Events: written and read back, and no version of the past becomes unreadable or is guessed at."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from habeas.domain import events
from habeas.domain.events import Event, payload, read_row, row_json, upcast
from habeas.domain.reporting_row import ReportingRow
from habeas.domain.vocabulary import EventKind
from habeas.kernel.canonical import decode, encode
from habeas.kernel.errors import BadInput
from vectors.events.make import example


def code_of(data: Any) -> str:
    with pytest.raises(BadInput) as refused:
        upcast(data, "event 3")
    assert refused.value.problems[0].place == "event 3"
    return refused.value.problems[0].code


@pytest.mark.parametrize("kind", EventKind)
def test_an_event_is_read_back_from_its_bytes(kind: EventKind) -> None:
    event = example(kind)
    assert upcast(decode(encode(payload(event)))) == event


def test_a_row_has_every_column_written_out_and_is_read_back() -> None:
    row = example(EventKind.NOTICE_SENT).row
    written = row_json(row)
    assert written.keys() == {field.name for field in attrs.fields(ReportingRow)}
    assert read_row(written) == row
    with pytest.raises(BadInput, match=r"json\.shape\.mismatch"):
        read_row(written | {"name": "José Ejemplo"})


@pytest.mark.parametrize(
    "data",
    [
        None, [], "x", {}, {"kind": "request.received"}, {"kind": "request.lost", "version": 1},
        {"kind": "request.received", "version": "first"}, {"kind": "request.received", "version": None},
        {"kind": ["request.received"], "version": 1},
    ],
)  # fmt: skip
def test_what_is_no_event_is_refused(data: Any) -> None:
    assert code_of(data) == "events.event.malformed"


@pytest.mark.parametrize("version", [-1, 0, 2, 99])
def test_a_version_that_nobody_reads_is_refused_not_guessed(version: int) -> None:
    data = payload(example(EventKind.NOTICE_SENT)) | {"version": version}
    assert code_of(data) == "events.version.unreadable"


@pytest.mark.parametrize(
    "change", [{"at": "yesterday"}, {"actor": 7}, {"row": {}}, {"row": None}, {"at": None}]
)
def test_an_event_with_a_member_of_another_form_is_refused(change: dict[str, Any]) -> None:
    assert code_of(payload(example(EventKind.NOTICE_SENT)) | change) == "json.shape.mismatch"


def test_an_old_version_is_carried_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    kind, taken = EventKind.NOTICE_SENT, list[int]()

    def step(version: int) -> Any:
        def rewrite(data: Any) -> Any:
            taken.append(version)
            return data | {"private": data["private"] | {f"since_{version + 1}": True}}

        return rewrite

    monkeypatch.setitem(events.VERSIONS, kind, 3)
    for version in (1, 2):
        monkeypatch.setitem(events.UPCASTERS, (kind, version), step(version))
    made = upcast(payload(example(kind)) | {"version": 1})
    assert taken == [1, 2]
    assert made.private == example(kind).private | {"since_2": True, "since_3": True}
    taken.clear()
    upcast(payload(example(kind)) | {"version": 3})
    assert taken == []


def test_a_missing_step_on_the_way_up_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = EventKind.NOTICE_SENT
    monkeypatch.setitem(events.VERSIONS, kind, 3)
    monkeypatch.setitem(events.UPCASTERS, (kind, 2), lambda data: data)
    assert code_of(payload(example(kind)) | {"version": 1}) == "events.version.unreadable"
    assert isinstance(upcast(payload(example(kind)) | {"version": 2}), Event)


def test_each_kind_has_a_version_and_a_way_up_from_every_one_before() -> None:
    assert events.VERSIONS.keys() == set(EventKind)
    for kind, version in events.VERSIONS.items():
        assert all((kind, step) in events.UPCASTERS for step in range(1, version))
