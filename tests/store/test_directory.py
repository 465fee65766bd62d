"""The directory in `config.toml`: what is read, and that every mistake is named with its place."""

from __future__ import annotations

import inspect
import tomllib
from datetime import UTC, date, datetime
from typing import Any

import pytest

from habeas.adapters import directory_toml
from habeas.adapters.directory_toml import read_directory
from habeas.domain.vocabulary import CustodianKind, DataCategory, Role
from habeas.kernel.errors import BadInput


def documented() -> dict[str, Any]:
    """The example in the module's own docstring."""
    text = inspect.getdoc(directory_toml) or ""
    return tomllib.loads("\n".join(line[4:] for line in text.splitlines() if line.startswith("    ")))


def wrong(change: dict[str, Any], *path: str | int) -> list[tuple[str, str]]:
    """What is said when a table of the example is changed; a value None takes the key away."""
    tables = documented()
    inner: Any = tables
    for step in path:
        inner = inner[step]
    for key, value in change.items():
        if value is None:
            del inner[key]
        else:
            inner[key] = value
    with pytest.raises(BadInput) as error:
        read_directory(tables["custodian"], tables["person"], tables["court"])
    return [(p.code, p.place.removeprefix("config.toml: ")) for p in error.value.problems]


def test_the_documented_example_is_read() -> None:
    tables = documented()
    directory = read_directory(tables["custodian"], tables["person"])
    (custodian,) = directory.all()
    assert custodian == directory.custodian("labor")
    assert custodian.kind is CustodianKind.UNEMPLOYMENT_AGENCY
    assert (custodian.jurisdiction, custodian.zone) == ("us-co", "America/Denver")
    assert custodian.units[0].unit_id == "ui-fraud"
    assert custodian.systems[0].category is DataCategory.UI_WAGE
    assert custodian.systems[0].excluded is False
    assert directory.person("r.doe").roles == (Role.CLERK, Role.REVIEWER)


def test_mail_is_sorted_by_mailbox_without_regard_to_case() -> None:
    directory = read_directory(documented()["custodian"])
    wanted = ("labor", "ui-fraud")
    assert directory.by_mailbox(["x@y.example", "UI-Fraud@Labor.example"]) == wanted
    assert directory.by_mailbox(["x@y.example"]) is None
    assert directory.by_mailbox([]) is None


def test_who_is_not_listed_is_unknown() -> None:
    directory = read_directory(documented()["custodian"])
    with pytest.raises(BadInput, match="labor"):
        directory.custodian("revenue")
    with pytest.raises(BadInput, match="person"):
        directory.person("r.doe")


CUSTODIAN = ("custodian", 0)
UNIT = ("custodian", 0, "unit", 0)
SYSTEM = ("custodian", 0, "system", 0)
PERSON = ("person", 0)
COURT = ("court", 0)


@pytest.mark.parametrize(
    ("change", "path", "expected"),
    [
        ({"zone": None}, CUSTODIAN, ("config.key.missing", "custodian[1].zone")),
        ({"unit": None}, CUSTODIAN, ("config.key.missing", "custodian[1].unit")),
        ({"name": " "}, CUSTODIAN, ("config.value.empty", "custodian[1].name")),
        ({"name": 1}, CUSTODIAN, ("config.value.wrong_type", "custodian[1].name")),
        ({"mailbox": "a@b.example"}, CUSTODIAN, ("config.key.unknown", "custodian[1]")),
        ({"kind": "agency"}, CUSTODIAN, ("config.value.not_in_list", "custodian[1].kind")),
        ({"zone": "Denver"}, CUSTODIAN, ("config.zone.unknown", "custodian[1].zone")),
        ({"zone": "../etc/passwd"}, CUSTODIAN, ("config.zone.unknown", "custodian[1].zone")),
        ({"jurisdiction": "Colorado"}, CUSTODIAN, ("config.value.wrong_form", "custodian[1].jurisdiction")),
        ({"id": "Labor!"}, CUSTODIAN, ("config.value.wrong_form", "custodian[1].id")),
        ({"names": "Labor"}, CUSTODIAN, ("config.value.wrong_type", "custodian[1].names")),
        ({"unit": ["a"]}, CUSTODIAN, ("config.value.wrong_type", "custodian[1].unit")),
        ({"mailboxes": ["labor"]}, UNIT, ("config.value.wrong_form", "custodian[1].unit[1].mailboxes")),
        ({"mailbox": "a"}, UNIT, ("config.key.unknown", "custodian[1].unit[1]")),
        ({"category": "wages"}, SYSTEM, ("config.value.not_in_list", "custodian[1].system[1].category")),
        ({"excluded": "no"}, SYSTEM, ("config.value.wrong_type", "custodian[1].system[1].excluded")),
        ({"roles": ["king"]}, PERSON, ("config.value.not_in_list", "person[1].roles")),
        ({"custodian": "revenue"}, PERSON, ("config.value.not_in_list", "person[1].custodian")),
        ({"units": ["tax"]}, PERSON, ("config.value.not_in_list", "person[1].units")),
        ({"id": None}, COURT, ("config.key.missing", "court[1].id")),
        ({"id": "-"}, COURT, ("config.value.wrong_form", "court[1].id")),
        ({"name": ""}, COURT, ("config.value.empty", "court[1].name")),
        ({"source": None}, COURT, ("config.key.missing", "court[1].source")),
        ({"source": " "}, COURT, ("config.value.empty", "court[1].source")),
        ({"checked_on": None}, COURT, ("config.key.missing", "court[1].checked_on")),
        ({"checked_on": "2026-10-01"}, COURT, ("config.value.wrong_type", "court[1].checked_on")),
        (
            {"checked_on": datetime(2026, 10, 1, tzinfo=UTC)},
            COURT,
            ("config.value.wrong_type", "court[1].checked_on"),
        ),
        ({"custodians": ["revenue"]}, COURT, ("config.value.not_in_list", "court[1].custodians")),
        ({"custodians": "labor"}, COURT, ("config.value.wrong_type", "court[1].custodians")),
        ({"fax": "(303) 555-0102"}, COURT, ("config.key.unknown", "court[1]")),
    ],
)
def test_a_mistake_is_named_with_its_place(
    change: dict[str, Any], path: tuple[str | int, ...], expected: tuple[str, str]
) -> None:
    assert wrong(change, *path) == [expected]


def test_every_mistake_is_named_at_once() -> None:
    found = wrong({"zone": "Denver", "kind": "agency", "nmae": "x", "name": None}, "custodian", 0)
    assert len(found) == 4


@pytest.mark.parametrize("key", ["custodian", "person", "court"])
def test_an_id_stands_once(key: str) -> None:
    tables = documented()
    tables[key] = [*tables[key], tables[key][0]]
    with pytest.raises(BadInput) as error:
        read_directory(tables["custodian"], tables["person"], tables["court"])
    assert {p.code for p in error.value.problems} == {"config.value.twice"}


def test_a_mailbox_belongs_to_one_unit() -> None:
    tables = documented()
    other = dict(tables["custodian"][0]["unit"][0], id="other", mailboxes=["UI-FRAUD@labor.example"])
    tables["custodian"][0]["unit"].append(other)
    with pytest.raises(BadInput) as error:
        read_directory(tables["custodian"])
    assert [p.place for p in error.value.problems] == ["config.toml: custodian.unit.mailboxes"]


LOOKING = ("person", 1)


@pytest.mark.parametrize(
    ("change", "path", "expected"),
    [
        ({"also": ["nowhere"]}, LOOKING, [("config.value.not_in_list", "person[2].also")]),
        ({"also": "labor"}, LOOKING, [("config.value.wrong_type", "person[2].also")]),
        ({"also": ["labor"]}, PERSON, [("config.person.may_not_look", "person[1].also")]),
        (
            {"also": ["nowhere"]},
            PERSON,
            [
                ("config.value.not_in_list", "person[1].also"),
                ("config.person.may_not_look", "person[1].also"),
            ],
        ),
    ],
)
def test_only_who_looks_may_look_at_agencies_that_there_are(
    change: dict[str, Any], path: tuple[str | int, ...], expected: list[tuple[str, str]]
) -> None:
    assert wrong(change, *path) == expected


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.COUNSEL])
def test_further_agencies_are_read(role: Role) -> None:
    tables = documented()
    tables["custodian"].append(
        tables["custodian"][0] | {"id": "revenue", "unit": [{"id": "desk", "name": "Desk"}]}
    )
    tables["person"][1] |= {"roles": [str(role)], "also": ["revenue"]}
    directory = read_directory(tables["custodian"], tables["person"])
    assert directory.person("a.coe").also == ("revenue",)
    assert directory.person("r.doe").also == ()


@pytest.mark.parametrize(
    "phone", ["555-0101", "303 555 0101", "(303) 555-0101x", "(303) 555-0101\n", "(٣٠٣) 555-0101", "clerk"]
)
def test_a_number_that_nobody_can_dial_is_refused(phone: str) -> None:
    assert wrong({"phone": phone}, *COURT) == [("config.value.wrong_form", "court[1].phone")]


def test_a_court_is_read_with_where_its_number_was_found_and_when_it_was_checked() -> None:
    tables = documented()
    tables["court"][0]["phone"] = "(303) 555-0101 ext. 2"
    (court,) = read_directory(tables["custodian"], tables["person"], tables["court"]).courts("labor")
    assert (court.court_id, court.name, court.phone) == (
        "county",
        "Example County Court",
        "(303) 555-0101 ext. 2",
    )
    assert (court.source, court.checked_on) == ("the court's own website", date(2026, 10, 1))


def test_an_agency_is_offered_its_courts_and_those_of_everybody_by_name() -> None:
    tables = documented()
    everybodys = {key: value for key, value in tables["court"][0].items() if key != "custodians"}
    tables["court"] += [
        everybodys | {"id": "b", "name": "B Court"},
        everybodys | {"id": "a", "name": "A Court"},
    ]
    directory = read_directory(tables["custodian"], tables["person"], tables["court"])
    assert [c.court_id for c in directory.courts("labor")] == ["a", "b", "county"]
    assert [c.court_id for c in directory.courts("revenue")] == ["a", "b"]
    assert read_directory(tables["custodian"]).courts("labor") == []
