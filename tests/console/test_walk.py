"""Who sees what: every address of the console, asked for by everybody.

Alice works on the request, Bob is on her team, Charlie works elsewhere and must see nothing: neither the
page nor that there is one. A sealed request is nobody's but theirs who are named. The walk goes over the
addresses themselves, so a new page is in it without anybody thinking of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import attrs
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.console.office import Office

ALICE, BOB, CHARLIE = "m.reyes", "k.lindqvist", "s.okafor"
APPROVER = "t.abara"
ACCOUNTS: Final = re.compile(r"^(account|mfa|socialaccount|openid_connect|oidc)_")
"""The accounts' own pages: signing in, second factors. They show nothing but one's own account."""

SAMPLES: Final[dict[str, Any]] = {"n": 1, "p": 1, "number": 1, "page": 1, "item_id": "1", "fact": "offense"}
"""What to put where an address has a place. `ref` is a request's reference, and always given."""

CASE_PLACES: Final = {"ref"}


@attrs.frozen
class Address:
    """One address: its name, its places, its view."""

    name: str
    places: tuple[str, ...]
    view: Any
    public: bool


def addresses() -> Iterator[Address]:
    """Every address there is."""
    from django.urls import get_resolver

    yield from _of(get_resolver(), ())


def _of(resolver: Any, before: tuple[str, ...]) -> Iterator[Address]:
    from habeas.console.access import PUBLIC

    for entry in resolver.url_patterns:
        places = (*before, *entry.pattern.converters, *entry.pattern.regex.groupindex)
        if hasattr(entry, "url_patterns"):
            yield from _of(entry, places)
        else:
            name = entry.name or ""
            public = name in PUBLIC or bool(ACCOUNTS.match(name))
            yield Address(name, tuple(dict.fromkeys(places)), entry.callback, public)


def cases() -> list[Address]:
    """The addresses about one request."""
    return [a for a in addresses() if CASE_PLACES & set(a.places)]


def path(address: Address, ref: str) -> str:
    from django.urls import reverse

    given = {place: SAMPLES[place] for place in address.places if place in SAMPLES}
    unknown = set(address.places) - set(given) - CASE_PLACES
    assert not unknown, f"tell the walk what to put for {unknown} of {address.name}"
    return reverse(address.name, kwargs={**given, "ref": ref})


def plain(answer: Any, ref: str) -> tuple[int, str]:
    """An answer without what differs from one asking to the next."""
    body = answer.content.decode("utf-8", "replace") if not answer.streaming else ""
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", body).replace(ref, "REF")
    return answer.status_code, body


def test_every_address_names_its_permission_or_is_public(office: Office) -> None:
    from habeas.console.access import NEEDS

    del office
    unguarded = [a.name or repr(a.view) for a in addresses() if not a.public and not hasattr(a.view, NEEDS)]
    assert unguarded == []


def test_there_are_addresses_about_requests(office: Office) -> None:
    del office
    assert {"case"} <= {a.name for a in cases()}


def test_nobody_signed_out_gets_anywhere(office: Office) -> None:
    client = office.client()
    for address in cases():
        for method in (client.get, client.post):
            answer = method(path(address, office.ref("i138")))
            where = answer.get("Location", "")
            assert answer.status_code == 405 or where.startswith("/account/login/"), address.name


def test_another_agencys_request_cannot_be_told_from_none(office: Office) -> None:
    client, ref = office.client(CHARLIE), office.ref("i138")
    for address in cases():
        for method in (client.get, client.post):
            theirs = plain(method(path(address, ref)), ref)
            none = plain(method(path(address, "0000000000")), "0000000000")
            assert theirs == none, address.name
            assert theirs[0] in (403, 404, 405), address.name


def test_another_units_request_cannot_be_told_from_none(office: Office) -> None:
    """The approver of motor vehicles sees both units of revenue; the reviewer of one sees one."""
    ref = office.ref("birth")
    for person in (ALICE, CHARLIE):
        client = office.client(person)
        for address in cases():
            theirs = plain(client.get(path(address, ref)), ref)
            assert theirs == plain(client.get(path(address, "0000000000")), "0000000000"), address.name
            assert theirs[0] in (403, 404, 405), address.name


@pytest.mark.parametrize("person", [ALICE, BOB])
def test_the_team_sees_its_request(office: Office, person: str) -> None:
    client, ref = office.client(person), office.ref("i138")
    seen = {a.name: client.get(path(a, ref)).status_code for a in cases()}
    assert seen["case"] == 200
    assert 500 not in seen.values(), seen


def sealed_to(office: Office, *names: str) -> str:
    from habeas.usecases.seal import seal

    who = office.person(APPROVER)
    seal(office.desk.ports, office.case_id("i138"), who, (APPROVER, *names), "grand jury secrecy")
    return office.ref("i138")


@pytest.mark.parametrize("person", [BOB, CHARLIE])
def test_a_sealed_request_does_not_exist_for_those_not_named(office: Office, person: str) -> None:
    ref = sealed_to(office, ALICE)
    client = office.client(person)
    for address in cases():
        for method in (client.get, client.post):
            theirs = plain(method(path(address, ref)), ref)
            assert theirs == plain(method(path(address, "0000000000")), "0000000000"), address.name
            assert theirs[0] in (403, 404, 405), address.name


@pytest.mark.parametrize("person", [ALICE, APPROVER])
def test_a_sealed_request_is_there_for_those_named(office: Office, person: str) -> None:
    ref = sealed_to(office, ALICE)
    assert office.client(person).get(f"/cases/{ref}/").status_code == 200


def test_no_list_count_or_search_shows_what_is_not_ones_own(office: Office) -> None:
    from django.urls import reverse

    ref = sealed_to(office, ALICE)
    alice = office.desk.ports.cases.load(office.case_id("i138"))
    name = alice.read.requester.officer.name if alice.read else ""
    assert name
    for person in (BOB, CHARLIE):
        client = office.client(person)
        for where in (reverse(a.name) for a in addresses() if not a.public and not a.places):
            for answer in (client.get(where), client.post(where, {"q": name, "text": name})):
                body = answer.content.decode("utf-8", "replace") if not answer.streaming else ""
                assert ref not in body, (person, where)


def test_whoever_only_looks_changes_nothing(office: Office) -> None:
    ref = office.ref("i138")
    before = office.desk.ports.cases.history(office.case_id("i138"))
    client = office.client("v.osei")
    assert client.get(f"/cases/{ref}/").status_code == 200
    for address in cases():
        answer = client.post(path(address, ref))
        assert answer.status_code in (403, 405), (address.name, answer.status_code)
    assert office.desk.ports.cases.history(office.case_id("i138")) == before


def test_opening_a_request_is_written_down_and_asks_for_a_recent_sign_in(office: Office) -> None:
    ref = office.ref("i138")
    client = office.client()
    client.cookies["habeas_session"] = office.session(ALICE, ago=2 * 60 * 60)
    answer = client.get(f"/cases/{ref}/")
    assert answer.status_code == 302
    assert "/reauthenticate/" in answer["Location"]
    assert not list(office.desk.ports.views.of_case(office.case_id("i138")))
    assert office.client(ALICE).get(f"/cases/{ref}/").status_code == 200
    (view,) = office.desk.ports.views.of_case(office.case_id("i138"))
    assert view.person == ALICE
