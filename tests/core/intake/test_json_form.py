"""The JSON form: every member arrives, nothing else does, and the published schema says the same."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from habeas.domain import request as r
from habeas.domain import vocabulary as v
from habeas.domain.facts import SPEC, Scope
from habeas.intake.json_form import Claims, read_form
from habeas.intake.limits import LIMIT_DECODED, LIMIT_FORM_BYTES
from habeas.kernel.errors import BadInput
from tests.core.intake.samples import NOW, PDF, PNG, codes, form, read, refusal
from workshop import intake_schema

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = Draft202012Validator(json.loads(intake_schema.FILE.read_text(encoding="utf-8")))
VECTORS = sorted((ROOT / "vectors" / "intake").glob("form-*.json"))


def test_the_committed_schema_is_what_the_door_gives() -> None:
    assert intake_schema.FILE.read_text(encoding="utf-8") == intake_schema.rendered()


@pytest.mark.parametrize("document", intake_schema.EXAMPLES, ids=lambda document: document["channel"])
def test_the_schemas_examples_pass_the_schema_and_the_door(document: dict[str, Any]) -> None:
    SCHEMA.validate(document)
    parsed = read(json.dumps(document | {"received_at": "2020-08-03T09:12:00Z"}).encode(), "a.json")
    assert parsed.channel == document["channel"]


@pytest.mark.parametrize("file", VECTORS, ids=lambda file: file.stem)
def test_what_the_schema_refuses_the_door_refuses(file: Path) -> None:
    try:
        document = json.loads(file.read_bytes())
    except ValueError:
        document = None
    try:
        read(file.read_bytes(), file.name)
    except BadInput:
        return
    assert SCHEMA.is_valid(document)


def test_every_member_arrives() -> None:
    parsed = read(form(**{k: x for k, x in intake_schema.EXAMPLES[1].items() if k != "schema"}), "a.json")
    assert parsed.received_at == datetime(2020, 8, 3, 15, 12, tzinfo=UTC)
    assert parsed.channel is v.Channel.PORTAL
    assert parsed.holder == r.Holder("labor", "ui-fraud", "front desk", "")
    assert parsed.requester.component is v.Component.ICE_HSI
    assert parsed.requester.officer.phone == "303-555-0142"
    assert parsed.items[1] == r.RequestedItem("2", v.DataCategory.CONTACT, "last known address")
    assert parsed.subjects == (r.Subject("Alex Example", "1980-01-01", ""),)
    assert parsed.subjects_band is v.SubjectsBand.ONE
    assert parsed.service == r.Service(date(2020, 8, 3), v.ServiceManner.PORTAL)
    assert parsed.certification is not None
    assert parsed.certification.expires_on == date(2026, 6, 1)
    assert parsed.consent == r.Consent("Alex Example", ("ui_wage",), date(2020, 7, 30), "")
    assert (parsed.offense_statute, parsed.case_number) == ("18 U.S.C. 1546", "EX-2020-0001")
    assert parsed.message == "Please send the records named above."


@given(
    items=st.lists(st.sampled_from(v.DataCategory), max_size=5),
    component=st.sampled_from(v.Component),
    channel=st.sampled_from(v.Channel),
    purpose=st.sampled_from(v.ImmigrationPurpose),
)
def test_every_word_of_every_list_arrives(
    items: list[v.DataCategory], component: v.Component, channel: v.Channel, purpose: v.ImmigrationPurpose
) -> None:
    data = form(
        channel=channel,
        items=[{"category": category} for category in items],
        requester={"component": component},
        claims={"immigration_purpose": purpose},
    )
    parsed = read(data, "a.json")
    assert [item.category for item in parsed.items] == items
    assert parsed.requester.component is component
    assert parsed.channel is channel
    assert parsed.claims.value("immigration_purpose") == purpose
    assert SCHEMA.is_valid(json.loads(data))


def test_claims_are_of_purpose_only_and_the_requesters() -> None:
    for name, field in Claims.model_fields.items():
        spec = SPEC[name]
        assert spec.scope is Scope.REQUEST
        assert v.Source.REQUESTER in spec.suppliers
        assert field.annotation is spec.values
        assert not name.startswith("paper")


@pytest.mark.parametrize(
    ("channel", "reading"),
    [("portal", v.Reading.MACHINE), ("api", v.Reading.MACHINE), ("phone", v.Reading.PERSON)],
)
def test_a_claim_was_read_by_whoever_wrote_it_down(channel: str, reading: v.Reading) -> None:
    claims = read(form(channel=channel, claims={"emergency": "yes", "offense": "unknown"}), "a.json").claims
    assert list(claims.facts) == ["emergency"]
    assert claims["emergency"].source is v.Source.REQUESTER
    assert claims["emergency"].reading is reading


@pytest.mark.parametrize(
    ("named", "given_band", "expected"),
    [
        (0, None, v.SubjectsBand.UNKNOWN),
        (0, "bulk", v.SubjectsBand.BULK),
        (3, None, v.SubjectsBand.FEW),
        (3, "1", v.SubjectsBand.FEW),
        (1, ">500", v.SubjectsBand.MANY),
    ],
)
def test_naming_few_does_not_make_many_small(
    named: int, given_band: str | None, expected: v.SubjectsBand
) -> None:
    band = {} if given_band is None else {"subjects_band": given_band}
    assert read(form(subjects=[{"name": "Alex"}] * named, **band), "a.json").subjects_band is expected


def test_every_problem_of_a_form_is_named_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        read(form(channel="x", items=[{"category": "x"}, {}], claims={"emergency": True}), "a.json")
    assert [(p.code, p.place) for p in refused.value.problems] == [
        ("intake.form.unknown_word", "form.channel"),
        ("intake.form.unknown_word", "form.items[0].category"),
        ("intake.form.missing", "form.items[1].category"),
        ("intake.form.unknown_word", "form.claims.emergency"),
    ]


def test_an_unknown_word_is_answered_with_the_list() -> None:
    found = refusal(form(channel="pigeon"), "a.json")
    assert found.remedy.endswith("email, portal, api, file, fax, mail, in_person, phone, unknown")


def test_texts_of_a_form_are_cleaned() -> None:
    parsed = read(form(subject_line=" wage\n records ", subjects=[{"name": "A\u202elex\u200b"}]), "a.json")
    assert (parsed.subject_line, parsed.subjects[0].name) == ("wage records", "Alex")


# ------------------------------------------------------------------------------------------ papers


def attached(data: bytes, **more: str) -> dict[str, str]:
    return {"data": base64.b64encode(data).decode(), **more}


def test_papers_come_along_byte_for_byte_and_are_what_their_content_is() -> None:
    parsed = read(
        form(
            papers=[attached(PDF, filename="a.pdf"), attached(PNG, filename="b.pdf", media_type="image/png")]
        ),
        "a.json",
    )
    assert [(p.filename, p.media_type, p.data, p.place) for p in parsed.papers] == [
        ("a.pdf", "application/pdf", PDF, "form.papers[0]"),
        ("b.pdf", "image/png", PNG, "form.papers[1]"),
    ]
    assert codes(parsed) == {"intake.paper.wrong_label"}


def test_a_slash_may_be_written_escaped() -> None:
    data = bytes(range(256)) * 8
    escaped = form(papers=[attached(data)]).replace(b"/", b"\\/")
    assert read(escaped, "a.json").papers[0].data == data


def test_a_form_is_the_same_when_its_papers_are() -> None:
    def material(**members: Any) -> bytes:
        return read(form(**members), "a.json").fingerprint_material

    assert material(papers=[attached(PDF, filename="a.pdf")]) == material(papers=[attached(PDF)])
    assert material(papers=[attached(PDF)]) != material(papers=[attached(PNG)])
    assert material(papers=[attached(PDF)]) != material()
    assert material(papers=[]) != material(papers=[attached(PDF)])


def test_papers_may_be_far_larger_than_the_form_around_them() -> None:
    large = PDF + bytes(3 * LIMIT_FORM_BYTES)
    assert read(form(papers=[attached(large)]), "a.json").papers[0].data == large
    assert refusal(form(papers=[attached(bytes(LIMIT_DECODED // 2 + 1))] * 2), "a.json").code == (
        "intake.paper.total_too_large"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        b'{"schema":[' + b"[]," * 1_000_000 + b"[]]}",
        b'{"data":"' + b"A" * 3_000_000,
        b'{"data":"' + b"A\\/" * 1_000_000,
        b'{"message":"' + b"A" * 3_000_000 + b'"}',
        b'{"data":"' + b"A" * 3_000_000 + b'\\u0301"}',
        b"[" + b'{"data":"AAAA"},' * 200_000 + b"{}]",
        b'{"schema":["' + b'A","' * 1_000_000 + b'"]}',
        b'{"' + b"A" * 2_000 + b'":"' + "e\u0301 ".encode() * 700_000 + b'"}',
    ],
    ids=["values", "open", "escapes", "message", "escaped", "many", "texts", "words"],
)
def test_what_is_large_and_no_paper_is_refused_before_it_is_parsed(
    hostile: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("habeas.intake.json_form.decode", None)
    with pytest.raises(BadInput, match=r"intake\.form\.too_large"):
        read_form(hostile, NOW)


@pytest.mark.parametrize("member", ["message", "data"])
def test_marks_piled_up_behind_a_long_text_are_still_seen(member: str) -> None:
    piled = form(**{member: "A" * 2_000 + "e" + "\u0301" * 40})
    assert refusal(piled, "a.json").code == "intake.text.piled_marks"
