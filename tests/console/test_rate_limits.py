"""Guessing is slow: by account and by real client, whatever a client writes into its headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.console.client import client_address
from tests.console.signing import PASSWORD, SECRET, account, code, post, sign_in, text

if TYPE_CHECKING:
    from tests.console.office import Office

ALICE, BOB, APPROVER = "m.reyes", "k.lindqvist", "t.abara"
TOO_MANY = "Too many tries. Wait five minutes, then try again."
PROXY, OTHER_PROXY, CLIENT = "10.0.0.5", "10.0.0.6", "198.51.100.7"
OURS = ("10.0.0.0/29",)


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "client"),
    [
        (CLIENT, "", (), CLIENT),
        (CLIENT, "203.0.113.9", (), CLIENT),
        (CLIENT, "203.0.113.9", OURS, CLIENT),
        (PROXY, CLIENT, OURS, CLIENT),
        (PROXY, f"203.0.113.9, {CLIENT}", OURS, CLIENT),
        (PROXY, f"203.0.113.9, {CLIENT}, {OTHER_PROXY}", OURS, CLIENT),
        (PROXY, f"{PROXY}, {CLIENT}", OURS, CLIENT),
        (PROXY, "", OURS, PROXY),
        (PROXY, "unknown", OURS, PROXY),
        (PROXY, f"{CLIENT}:4711", OURS, PROXY),
        (PROXY, f"<script>, {CLIENT}", OURS, CLIENT),
        (PROXY, "2001:db8::7", OURS, "2001:db8::7"),
        ("::1", "2001:db8::7", ("::1",), "2001:db8::7"),
        (PROXY, f"{CLIENT}, not an address", OURS, PROXY),
        (PROXY, OTHER_PROXY, OURS, OTHER_PROXY),
        ("", "203.0.113.9", OURS, ""),
    ],
)
def test_whose_address_counts(peer: str, forwarded: str, proxies: tuple[str, ...], client: str) -> None:
    assert client_address(peer, forwarded, proxies) == client


@given(st.text(max_size=60))
def test_what_a_client_writes_left_of_its_own_address_never_counts(invented: str) -> None:
    assert client_address(PROXY, f"{invented}, {CLIENT}", OURS) == CLIENT
    assert client_address(CLIENT, invented, OURS) == CLIENT


def fail(office: Office, person: str, times: int, **headers: Any) -> Any:
    """Wrong passwords, each from a new window; the last answer."""
    answer = None
    for _ in range(times):
        client = office.client()
        answer = client.post("/account/login/", {"login": person, "password": "not this one"}, **headers)
    return answer


def test_five_wrong_passwords_shut_an_account_for_a_while_from_everywhere(office: Office) -> None:
    account(ALICE)
    account(BOB)
    for number in range(5):
        assert TOO_MANY not in text(fail(office, ALICE, 1, REMOTE_ADDR=f"198.51.100.{number}"))
    client = office.client()
    right = client.post("/account/login/", {"login": ALICE, "password": PASSWORD}, REMOTE_ADDR="203.0.113.1")
    assert TOO_MANY in text(right)
    assert sign_in(office.client(), BOB).status_code == 302


def test_another_spelling_of_the_name_is_the_same_account(office: Office) -> None:
    account(ALICE)
    for spelling in ("M.Reyes", "m.REYES", " m.reyes", "M.REYES ", "m.reyes"):
        fail(office, spelling, 1)
    assert TOO_MANY in text(sign_in(office.client(), ALICE))


def test_another_name_of_the_host_is_the_same_account(office: Office) -> None:
    account(ALICE)
    for host in ("localhost", "127.0.0.1", "[::1]", "localhost", "127.0.0.1"):
        fail(office, ALICE, 1, HTTP_HOST=host)
    assert TOO_MANY in text(sign_in(office.client(), ALICE))


def test_thirty_wrong_passwords_shut_an_address_whatever_names_it_tries(office: Office) -> None:
    account(ALICE)
    for number in range(30):
        fail(office, f"guess-{number}", 1, REMOTE_ADDR=CLIENT)
    client = office.client()
    fields = {"login": ALICE, "password": PASSWORD}
    assert TOO_MANY in text(client.post("/account/login/", fields, REMOTE_ADDR=CLIENT))
    assert client.post("/account/login/", fields, REMOTE_ADDR="203.0.113.1").status_code == 302


def behind_proxy(office: Office) -> None:
    """The same office, served behind a proxy."""
    from habeas.console import office as behind

    serve = attrs.evolve(office.desk.environment.serve, proxies=OURS)
    environment = attrs.evolve(office.desk.environment, serve=serve)
    behind.use(attrs.evolve(office.desk, environment=environment))


def test_an_invented_address_buys_no_tries(office: Office) -> None:
    account(ALICE)
    behind_proxy(office)
    for number in range(30):
        forged = f"203.0.113.{number}"
        fail(office, f"guess-{number}", 1, REMOTE_ADDR=CLIENT, HTTP_X_FORWARDED_FOR=forged)
    fields = {"login": ALICE, "password": PASSWORD}
    answer = office.client().post(
        "/account/login/", fields, REMOTE_ADDR=CLIENT, HTTP_X_FORWARDED_FOR="203.0.113.99"
    )
    assert TOO_MANY in text(answer)


def test_behind_a_proxy_its_clients_are_told_apart(office: Office) -> None:
    account(ALICE)
    behind_proxy(office)
    for number in range(30):
        fail(
            office,
            f"guess-{number}",
            1,
            REMOTE_ADDR=PROXY,
            HTTP_X_FORWARDED_FOR=f"203.0.113.{number}, {CLIENT}",
        )
    fields = {"login": ALICE, "password": PASSWORD}
    answer = office.client().post(
        "/account/login/", fields, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR="203.0.113.1"
    )
    assert answer.status_code == 302


@pytest.mark.parametrize(("language", "title"), [("en", "Too many tries"), ("es", "Demasiados intentos")])
def test_a_flood_gets_a_page_of_ours(office: Office, language: str, title: str) -> None:
    client = office.client()
    client.cookies["habeas_language"] = language
    answers = [client.post("/account/login/", {"login": "", "password": ""}) for _ in range(61)]
    assert [a.status_code for a in answers] == [200] * 60 + [429]
    assert title in text(answers[-1])
    assert client.get("/account/login/").status_code == 200


def test_codes_cannot_be_guessed_either(office: Office) -> None:
    account(APPROVER, SECRET)
    client = office.client()
    sign_in(client, APPROVER)
    for _ in range(5):
        assert TOO_MANY not in text(post(client, "/account/2fa/authenticate/", code="000000"))
    assert TOO_MANY in text(post(client, "/account/2fa/authenticate/", code=code()))
    assert client.get("/")["Location"].startswith("/account/login/")


def test_an_open_session_cannot_be_used_to_guess(office: Office) -> None:
    account(ALICE)
    client = office.client()
    sign_in(client, ALICE)
    answers = [post(client, "/account/reauthenticate/", password="not this one") for _ in range(21)]
    assert TOO_MANY in text(answers[5])
    assert answers[-1].status_code == 429


def test_the_counts_lie_in_the_database_that_all_processes_share(office: Office) -> None:
    from django.db import connection

    account(ALICE)
    fail(office, ALICE, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM habeas_counter")
        keys = " ".join(row[0] for row in cursor.fetchall())
    assert "login_failed" in keys
    assert ALICE not in keys


@pytest.mark.parametrize(("peer", "believed"), [("10.0.0.5", True), ("203.0.113.9", False)])
def test_only_our_proxy_says_that_a_line_was_safe(peer: str, *, believed: bool) -> None:
    from habeas.console.client import is_proxy

    assert is_proxy(peer, ("10.0.0.0/29",)) is believed
    assert not is_proxy(peer, ())
    assert not is_proxy("", ("10.0.0.0/29",))
