"""Signing in, for real: the forms themselves, with passwords and codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from tests.console.signing import PASSWORD, SECRET, account, code, post, sign_in, text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.console.office import Office

ALICE, APPROVER, COUNSEL = "m.reyes", "t.abara", "e.thornton"
WRONG = "The name and the password do not fit together."
UNWANTED = (
    "signup/",
    "email/",
    "confirm-email/",
    "password/reset/",
    "password/set/",
    "password/reset/key/1-x/",
    "login/code/",
    "login/code/confirm/",
    "signup/passkey/",
    "2fa/trust/",
    "2fa/webauthn/signup/",
    "3rdparty/",
    "3rdparty/signup/",
    "social/connections/",
    "sessions/",
    "oidc/agency/login/",
)


def test_a_person_of_the_directory_signs_in_and_out(office: Office) -> None:
    account(ALICE)
    client = office.client()
    answer = sign_in(client, ALICE, where="/account/login/?next=/inbox/")
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    assert client.get("/account/2fa/").status_code == 200
    assert client.post("/account/logout/").status_code == 302
    assert client.get("/account/2fa/")["Location"].startswith("/account/login/")


def test_signing_in_leads_nowhere_else(office: Office) -> None:
    account(ALICE)
    answer = sign_in(office.client(), ALICE, where="/account/login/?next=https://elsewhere.example/")
    assert answer["Location"] == "/"


def test_a_wrong_password_is_told_in_the_page_s_language(office: Office) -> None:
    account(ALICE)
    client = office.client()
    assert WRONG in text(sign_in(client, ALICE, "not this one"))
    client.cookies["habeas_language"] = "es"
    assert "El nombre y la contraseña no van juntos." in text(sign_in(client, ALICE, "not this one"))


def test_an_account_whose_person_left_the_directory_opens_nothing(office: Office) -> None:
    from django.contrib.auth.models import User

    User.objects.create_user("gone.away", password=PASSWORD)
    client = office.client()
    assert WRONG in text(sign_in(client, "gone.away"))
    assert client.get("/")["Location"].startswith("/account/login/")
    client.cookies["habeas_session"] = office.session("gone.away")
    assert client.get("/")["Location"].startswith("/account/login/")


@pytest.mark.parametrize("path", UNWANTED)
def test_pages_we_do_not_want_are_not_there(office: Office, path: str) -> None:
    assert office.client(ALICE).get(f"/account/{path}").status_code == 404


def test_a_one_time_password_is_replaced_before_anything_else(office: Office) -> None:
    from habeas.console.accounts import accounts, add_account

    made = add_account(ALICE)
    client = office.client()
    assert sign_in(client, ALICE, made).status_code == 302
    assert client.get("/")["Location"] == "/account/password/"
    page = client.get("/account/password/")
    assert "good for signing in once" in text(page)
    short = post(client, "/account/password/", oldpassword=made, password1="short", password2="short")
    assert short.status_code == 200
    assert "12" in text(short)
    changed = post(client, "/account/password/", oldpassword=made, password1=PASSWORD, password2=PASSWORD)
    assert changed.status_code == 302
    assert client.get("/")["Location"] == "/inbox/"
    assert WRONG in text(sign_in(office.client(), ALICE, made))
    (one,) = [a for a in accounts() if a.person_id == ALICE]
    assert not one.one_time
    again = office.client()
    sign_in(again, ALICE)
    assert again.get("/")["Location"] == "/inbox/"


def test_a_new_one_time_password_ends_the_sessions_there_are(office: Office) -> None:
    from habeas.console.accounts import reset_password

    account(ALICE)
    client = office.client()
    sign_in(client, ALICE)
    reset_password(ALICE)
    assert client.get("/")["Location"].startswith("/account/login/")


def test_a_closed_account_signs_nobody_in_and_its_sessions_end(office: Office) -> None:
    from habeas.console.accounts import disable_account

    account(ALICE)
    client = office.client()
    sign_in(client, ALICE)
    disable_account(ALICE)
    assert client.get("/")["Location"].startswith("/account/login/")
    assert sign_in(client, ALICE).get("Location", "") != "/"
    assert client.get("/")["Location"].startswith("/account/login/")


@pytest.mark.parametrize("person", [APPROVER, COUNSEL])
def test_whoever_may_release_sets_up_a_second_factor_first(office: Office, person: str) -> None:
    account(person)
    client = office.client()
    sign_in(client, person)
    for path in ("/", "/inbox/", f"/cases/{office.ref('i138')}/"):
        assert client.get(path)["Location"] == "/account/2fa/", path
    assert "Set up a second step before you go on." in text(client.get("/account/2fa/"))
    secret = re.search(
        r'id="authenticator_secret">([A-Z2-7]+)<', client.get("/account/2fa/app/").content.decode()
    )
    assert secret
    wrong = post(client, "/account/2fa/app/", code="000000")
    assert "That code does not work." in text(wrong)
    assert client.get("/")["Location"] == "/account/2fa/"
    assert post(client, "/account/2fa/app/", code=code(secret[1]))["Location"] == "/account/2fa/codes/"
    assert client.get("/")["Location"] == "/inbox/"


def test_a_reviewer_needs_no_second_factor(office: Office) -> None:
    account(ALICE)
    client = office.client()
    sign_in(client, ALICE)
    assert client.get("/")["Location"] == "/inbox/"


def test_with_a_second_factor_the_password_alone_signs_nobody_in(office: Office) -> None:
    account(APPROVER, SECRET)
    client = office.client()
    assert sign_in(client, APPROVER)["Location"] == "/account/2fa/authenticate/"
    assert client.get("/")["Location"].startswith("/account/login/")
    assert "That code does not work." in text(post(client, "/account/2fa/authenticate/", code="000000"))
    assert post(client, "/account/2fa/authenticate/", code=code())["Location"] == "/"
    assert client.get("/")["Location"] == "/inbox/"


def test_a_code_works_once_however_soon_it_is_sent_again(office: Office) -> None:
    account(APPROVER, SECRET)
    now, *clients = code(), office.client(), office.client()
    answers = []
    for client in clients:
        sign_in(client, APPROVER)
        answers.append(post(client, "/account/2fa/authenticate/", code=now).status_code)
    assert answers == [302, 200]


def test_a_code_of_the_step_before_still_works_and_then_not_again(office: Office) -> None:
    """Allauth forgets a code after one step; with our tolerance it would be good for longer."""
    from django.core.cache import cache

    account(APPROVER, SECRET)
    late = code(steps=-1)
    client = office.client()
    sign_in(client, APPROVER)
    assert post(client, "/account/2fa/authenticate/", code=late).status_code == 302
    from django.contrib.auth.models import User

    user = User.objects.get(username=APPROVER)
    cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={late}")  # as after half a minute
    second = office.client()
    sign_in(second, APPROVER)
    assert post(second, "/account/2fa/authenticate/", code=late).status_code == 200


def test_a_recovery_code_works_once(office: Office) -> None:
    account(APPROVER, SECRET)
    client = office.client(APPROVER)
    page = client.get("/account/2fa/codes/").content.decode()
    codes = re.findall(r"<code>(\d{8})</code>", page)
    assert len(codes) == 10
    answers = []
    for _ in range(2):
        other = office.client()
        sign_in(other, APPROVER)
        answers.append(post(other, "/account/2fa/authenticate/", code=codes[0]).status_code)
    assert answers == [302, 200]
    assert codes[0] not in client.get("/account/2fa/codes/").content.decode()
    saved = client.get("/account/2fa/codes/download/")
    assert saved["Content-Type"].startswith("text/plain")
    assert codes[1] in saved.content.decode()


def test_codes_and_secrets_are_sealed_where_they_lie(office: Office) -> None:
    from allauth.mfa.models import Authenticator
    from django.db import connections

    account(APPROVER, SECRET)
    kept = json.dumps([one.data for one in Authenticator.objects.all()])
    assert SECRET not in kept
    totp = Authenticator.objects.get(type="totp")
    assert totp.wrap().validate_code(code())
    connections.close_all()
    for file in office.home.glob("*.sqlite3*"):
        assert SECRET.encode() not in file.read_bytes(), file.name


def test_a_secret_of_another_home_does_not_open(office: Office) -> None:
    from allauth.mfa.models import Authenticator

    from habeas.kernel.errors import BrokenInvariant

    account(APPROVER, SECRET)
    (office.home / "keys" / "master.key").write_text("00" * 32)
    with pytest.raises(BrokenInvariant):
        Authenticator.objects.get(type="totp").wrap().validate_code(code())


def test_a_password_is_kept_by_scrypt(office: Office) -> None:
    from django.contrib.auth.models import User

    del office
    account(ALICE)
    assert User.objects.get(username=ALICE).password.startswith("scrypt$")


def test_an_old_session_is_over_however_busy(office: Office) -> None:
    client = office.client()
    client.cookies["habeas_session"] = office.session(ALICE, ago=11.9 * 60 * 60)
    assert client.get("/")["Location"] == "/inbox/"
    client.cookies["habeas_session"] = office.session(ALICE, ago=12 * 60 * 60)
    assert client.get("/")["Location"].startswith("/account/login/")


def request_of(office: Office, person: str, ago: float) -> Any:
    """A request in a session of this age."""
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import RequestFactory

    request: Any = RequestFactory().get("/")
    request.session = SessionStore(office.session(person, ago=ago))
    request.user = User.objects.get(username=person)
    return request


@pytest.mark.parametrize(
    ("ago", "just_now", "recently"),
    [
        (0, True, True),
        (4.9 * 60, True, True),
        (5 * 60, False, True),
        (59 * 60, False, True),
        (3600, False, False),
    ],
)
def test_how_long_a_sign_in_is_good_for(
    office: Office, ago: float, *, just_now: bool, recently: bool
) -> None:
    from habeas.console.signing_in import signed_in_just_now, signed_in_recently

    request = request_of(office, ALICE, ago)
    assert (signed_in_just_now(request), signed_in_recently(request)) == (just_now, recently)


def test_nobody_has_signed_in_just_now_without_signing_in(office: Office) -> None:
    from django.contrib.auth.models import AnonymousUser

    from habeas.console.signing_in import signed_in_just_now, signed_in_recently

    request = request_of(office, ALICE, 0)
    request.user = AnonymousUser()
    assert not signed_in_just_now(request)
    assert not signed_in_recently(request)


def test_showing_who_one_is_leads_back_and_renews(office: Office) -> None:
    account(ALICE)
    ref = office.ref("i138")
    client = office.client()
    client.cookies["habeas_session"] = office.session(ALICE, ago=2 * 60 * 60)
    where = client.get(f"/cases/{ref}/")["Location"]
    assert where.startswith("/account/reauthenticate/?next=")
    assert "That is not your password." in text(post(client, where, password="not this one"))
    assert client.get(f"/cases/{ref}/").status_code == 302
    assert post(client, where, password=PASSWORD)["Location"] == f"/cases/{ref}/"
    assert client.get(f"/cases/{ref}/").status_code == 200


def test_a_code_shows_who_one_is_too(office: Office) -> None:
    account(APPROVER, SECRET)
    client = office.client()
    client.cookies["habeas_session"] = office.session(APPROVER, ago=2 * 60 * 60)
    page = client.get("/account/reauthenticate/?next=/inbox/")
    assert "Use a code" in text(page)
    assert post(client, "/account/2fa/reauthenticate/?next=/inbox/", code=code())["Location"] == "/inbox/"


def test_a_factor_set_up_elsewhere_is_to_be_shown_here(office: Office) -> None:
    """Somebody with the password alone, signed in before the second factor was set up, gets nowhere by it."""
    account(APPROVER)
    old = office.client()
    sign_in(old, APPROVER)
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP
    from django.contrib.auth.models import User

    TOTP.activate(User.objects.get(username=APPROVER), SECRET)
    RecoveryCodes.activate(User.objects.get(username=APPROVER))
    assert old.get("/")["Location"] == "/account/2fa/"
    assert "this sign-in did not use it" in text(old.get("/account/2fa/"))
    for path in ("codes/", "codes/new/", "codes/download/", "app/remove/", "keys/add/"):
        assert "/account/2fa/reauthenticate/" in old.get(f"/account/2fa/{path}")["Location"], path
    assert (
        post(old, "/account/reauthenticate/?next=/account/2fa/codes/", password=PASSWORD).status_code == 302
    )
    assert old.get("/account/2fa/codes/").status_code == 302
    assert post(old, "/account/2fa/reauthenticate/?next=/", code=code())["Location"] == "/"
    assert old.get("/")["Location"] == "/inbox/"


def test_a_new_role_counts_from_the_next_page(office: Office) -> None:
    """Roles come from the directory at every page: nobody need sign out for a change to count."""
    from habeas.console import office as behind
    from habeas.domain.vocabulary import Role

    account(ALICE)
    client = office.client()
    sign_in(client, ALICE)
    assert client.get("/")["Location"] == "/inbox/"
    directory: Any = office.desk.ports.directory
    staff = tuple(
        attrs.evolve(p, roles=(Role.APPROVER,)) if p.person_id == ALICE else p for p in directory.persons
    )
    ports = attrs.evolve(office.desk.ports, directory=attrs.evolve(directory, persons=staff))
    behind.use(attrs.evolve(office.desk, ports=ports))
    assert client.get("/inbox/")["Location"] == "/account/2fa/"


def test_only_the_demonstration_lists_its_people_and_shows_codes(office: Office) -> None:
    from habeas.console import office as behind

    account(APPROVER, SECRET)
    page = text(office.client().get("/account/login/"))
    assert "Who you can be here" in page
    assert APPROVER in page
    client = office.client()
    sign_in(client, APPROVER)
    assert re.search(r"the code is \d{6}\.", text(client.get("/account/2fa/authenticate/")))
    behind.use(attrs.evolve(office.desk, ports=attrs.evolve(office.desk.ports, demo=False)))
    page = text(office.client().get("/account/login/"))
    assert APPROVER not in page
    assert "show-the-writ" not in page
    assert not re.search(r"\d{6}", text(client.get("/account/2fa/authenticate/")))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """A command in this process, on the office's home."""
    from habeas.cli.main import run as habeas

    exit_code = habeas(list(arguments))
    return exit_code, capsys.readouterr().out


def test_the_administrator_keeps_accounts(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code, out = run(capsys, "admin", "account", "add", ALICE)
    assert exit_code == 0
    made = re.search(rf"one-time password of {ALICE}: (\S+)", out)
    assert made
    assert sign_in(office.client(), ALICE, made[1]).status_code == 302
    assert run(capsys, "admin", "account", "add", ALICE)[0] == 2
    assert run(capsys, "admin", "account", "add", "nobody.known")[0] == 2
    assert run(capsys, "admin", "account", "password", "nobody.known")[0] == 2
    exit_code, out = run(capsys, "admin", "account", "password", ALICE, "--json")
    assert WRONG in text(sign_in(office.client(), ALICE, made[1]))
    assert sign_in(office.client(), ALICE, json.loads(out)["one_time_password"]).status_code == 302
    assert run(capsys, "admin", "account", "disable", ALICE)[0] == 0
    exit_code, out = run(capsys, "admin", "account", "list")
    assert re.search(rf"{ALICE}\s+closed\s+yes\s+none\s+one-time", out)


def test_lost_devices_are_taken_away(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    account(APPROVER, SECRET)
    exit_code, out = run(capsys, "admin", "account", "password", APPROVER, "--factors", "--json")
    assert exit_code == 0
    client = office.client()
    assert sign_in(client, APPROVER, json.loads(out)["one_time_password"])["Location"] == "/"
    assert client.get("/")["Location"] == "/account/password/"


def habeas(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HABEAS_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "habeas.cli.main", *arguments],
        env={**kept, "HABEAS_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_home_made_without_accounts_gets_their_tables(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert habeas(home, "admin", "quarantine").returncode == 0
    listed = habeas(home, "admin", "account", "list")
    assert (listed.returncode, listed.stdout) == (
        0,
        "no accounts yet; `habeas admin account add` makes one\n",
    )


def test_init_makes_the_tables_of_accounts(tmp_path: Path) -> None:
    import sqlite3

    home = tmp_path / "home"
    assert habeas(home, "admin", "init").returncode == 0
    for name, there in (("habeas", True), ("ledger", False), ("keys", False)):
        with sqlite3.connect(home / f"{name}.sqlite3") as database:
            rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = {row[0] for row in rows}
        assert {"auth_user", "django_session", "mfa_authenticator", "habeas_counter"} <= tables or not there
        assert ("auth_user" in tables) is there, name
