"""Signing on through a real provider on this machine, in a real browser."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import attrs
import pytest

from tests.console.signing import SECRET, account, code, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from habeas.config.sign_on import SignOn
    from tests.console.conftest import Visit
    from tests.console.office import Office

ALICE, APPROVER = "m.reyes", "t.abara"

# the provider runs in this process, and its own libraries warn each other
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")

PEOPLE: Final = {
    # who they are at the provider: what it says about them
    "sub-1": {"preferred_username": ALICE, "email": "m.reyes@labor.example.gov", "name": "M. Reyes"},
    "sub-2": {"preferred_username": "gone.away"},
    "sub-3": {"preferred_username": APPROVER},
    "sub-4": {"preferred_username": APPROVER, "amr": ["pwd", "mfa"]},
    "sub-5": {},
    "sub-6": {"preferred_username": ["m.reyes"]},
}


@contextmanager
def provider() -> Iterator[str]:
    """A real OpenID provider; its address."""
    from oidc_provider_mock import User, run_server_in_thread

    people = [User(sub=sub, claims=claims) for sub, claims in PEOPLE.items()]
    with run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def sign_on(office: Office, tmp_path: Path) -> Iterator[SignOn]:
    """The office with a provider of its own."""
    from habeas.config.sign_on import SignOn
    from habeas.console import office as behind

    secret = tmp_path / "client.secret"
    secret.write_text("a client secret\n")
    with provider() as issuer:
        configured = SignOn("agency", "Agency sign-on", issuer, "habeas", secret, "preferred_username")
        use(office, behind, configured)
        yield configured


def use(office: Office, behind: Any, configured: SignOn) -> None:
    environment = attrs.evolve(office.desk.environment, sign_on=(configured,))
    behind.use(attrs.evolve(office.desk, environment=environment))


def go_through(page: Page, sub: str, name: str = "Sign in with Agency sign-on") -> None:
    """From our page to the provider's and back."""
    page.get_by_role("button", name=name).click()
    page.wait_for_url("http://localhost:*/oauth2/authorize*")
    page.get_by_role("button", name=sub, exact=True).first.click()
    page.wait_for_url("http://127.0.0.1:*/**")


def test_a_person_of_the_directory_signs_on(sign_on: SignOn, visit: Visit) -> None:
    from allauth.account.models import EmailAddress
    from allauth.socialaccount.models import SocialAccount, SocialToken
    from django.contrib.auth.models import User

    del sign_on
    with visit() as visitor:
        page = visitor.go("/account/login/?next=/account/2fa/")
        visitor.check()
        go_through(page, "sub-1")
        assert page.url == f"{visitor.address}/account/2fa/"
        assert "M. Reyes" in page.locator(".h-header").inner_text()
    user = User.objects.get(username=ALICE)
    assert not user.has_usable_password()
    assert (user.email, user.first_name, user.last_name) == ("", "", "")
    (kept,) = SocialAccount.objects.all()
    assert (kept.provider, kept.uid, kept.extra_data) == ("agency", "sub-1", {})
    assert not SocialToken.objects.exists()
    assert not EmailAddress.objects.exists()


@pytest.mark.parametrize("sub", ["sub-2", "sub-5", "sub-6"])
def test_an_identity_that_names_nobody_here_is_refused(sign_on: SignOn, visit: Visit, sub: str) -> None:
    from django.contrib.auth.models import User

    del sign_on
    for language, told in (("en", "We do not know you here"), ("es", "Aquí no le conocemos")):
        with visit(language=language) as visitor:
            page = visitor.go("/account/login/")
            button = {"en": "Sign in with Agency sign-on", "es": "Entrar con Agency sign-on"}[language]
            go_through(page, sub, button)
            assert page.locator("h1").inner_text() == told
            page.goto(visitor.address + "/")
            assert "/account/login/" in page.url
    assert not User.objects.exists()


def test_an_identity_stays_its_first_persons(sign_on: SignOn, visit: Visit) -> None:
    """Whoever can change the claim at the provider cannot take another's account over by it."""
    from allauth.socialaccount.models import SocialAccount
    from django.contrib.auth.models import User

    del sign_on
    account("k.lindqvist")
    SocialAccount.objects.create(
        user=User.objects.get(username="k.lindqvist"), provider="agency", uid="sub-1"
    )
    with visit() as visitor:
        page = visitor.go("/account/login/")
        go_through(page, "sub-1")
        assert page.locator("h1").inner_text() == "We do not know you here"


def test_a_second_factor_is_asked_for_here_all_the_same(sign_on: SignOn, visit: Visit) -> None:
    del sign_on
    account(APPROVER, SECRET)
    with visit() as visitor:
        page = visitor.go("/account/login/")
        go_through(page, "sub-4")
        assert page.url == f"{visitor.address}/account/2fa/authenticate/"
        page.get_by_label("Code").fill(code())
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "authenticate" not in url)
        assert "T. Abara" in page.locator(".h-header").inner_text()


def test_the_provider_s_second_factor_counts_only_in_the_words_the_agency_listed(
    office: Office, sign_on: SignOn, visit: Visit
) -> None:
    from habeas.console import office as behind

    trusted = attrs.evolve(sign_on, second_factor=("mfa",))
    for configured, sub, where in (
        (sign_on, "sub-4", "/account/2fa/"),
        (trusted, "sub-3", "/account/2fa/"),
        (trusted, "sub-4", "/inbox/"),
    ):
        use(office, behind, configured)
        with visit() as visitor:
            page = visitor.go("/account/login/")
            go_through(page, sub)
            assert page.url == visitor.address + where


def test_stopping_at_the_provider_ends_on_a_page_of_ours(office: Office, sign_on: SignOn) -> None:
    """As the standard has it, with the state; the provider of these tests leaves it out (next test)."""
    del sign_on
    client = office.client()
    onward = client.post("/account/sign-on/agency/", {"process": "login"}).content.decode()
    state = re.search(r"[?&;]state=(\w+)", onward)
    assert state
    answer = client.get(
        "/account/sign-on/agency/back/", {"error": "access_denied", "state": state[1]}, follow=True
    )
    assert "Signing in was stopped" in text(answer)


def test_an_answer_without_a_state_is_refused(sign_on: SignOn, visit: Visit) -> None:
    del sign_on
    with visit() as visitor:
        page = visitor.go("/account/login/")
        page.get_by_role("button", name="Sign in with Agency sign-on").click()
        page.get_by_role("button", name="Deny").click()
        page.wait_for_url("http://127.0.0.1:*/**")
        assert page.locator("h1").inner_text() == "Signing in did not work"


def test_an_answer_nobody_asked_for_is_refused(office: Office, sign_on: SignOn) -> None:
    del sign_on
    answer = office.client().get("/account/sign-on/agency/back/?code=abc&state=made-up")
    assert answer.status_code == 401
    assert "Signing in did not work" in answer.content.decode()


def test_only_our_own_form_starts_a_sign_on(office: Office, sign_on: SignOn) -> None:
    from django.test import Client

    del sign_on
    assert office.client().get("/account/sign-on/agency/").status_code == 405
    assert (
        Client(enforce_csrf_checks=True, HTTP_HOST="localhost").post("/account/sign-on/agency/").status_code
        == 403
    )
    assert office.client().post("/account/sign-on/unknown/").status_code == 404


def test_who_has_no_password_shows_who_they_are_at_the_provider(
    office: Office, sign_on: SignOn, visit: Visit
) -> None:
    from django.contrib.auth.models import User

    del sign_on
    with visit() as visitor:
        page = visitor.go("/account/login/")
        go_through(page, "sub-1")
        assert not User.objects.get(username=ALICE).has_usable_password()
        stale = {
            "name": "habeas_session",
            "value": office.session(ALICE, ago=2 * 60 * 60),
            "url": visitor.address,
        }
        visitor.context.add_cookies([stale])  # type: ignore[list-item] # Playwright's own kind of dictionary
        visitor.said.clear()
        visitor.go("/account/reauthenticate/?next=/account/2fa/keys/")
        visitor.check()
        go_through(page, "sub-1")
        assert page.url == f"{visitor.address}/account/2fa/keys/"


WRONG: Final = {
    "no secret in the file": ({"client_secret": "abc"}, "config.key.unknown"),
    "plain http elsewhere": ({"issuer": "http://login.example.gov"}, "config.value.wrong_type"),
    "not an address": ({"issuer": "login.example.gov"}, "config.value.wrong_type"),
    "no claim": ({"claim": ""}, "config.value.wrong_type"),
    "an id that is no part of an address": ({"id": "The agency"}, "config.value.wrong_form"),
    "words that are no list": ({"second_factor": "mfa"}, "config.value.wrong_type"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_named_at_the_start(name: str) -> None:
    from habeas.config.sign_on import read_sign_on
    from habeas.kernel.errors import BadInput

    right = {
        "id": "agency",
        "name": "Agency sign-on",
        "issuer": "https://login.example.gov",
        "client_id": "habeas",
        "client_secret_file": "/run/secrets/sign-on",
        "claim": "preferred_username",
    }
    assert read_sign_on([right])[0].issuer == "https://login.example.gov"
    changed, expected = WRONG[name]
    with pytest.raises(BadInput) as refused:
        read_sign_on([{**right, **changed}])
    assert [p.code for p in refused.value.problems] == [expected]
    assert refused.value.problems[0].place.startswith("config.toml: sign_on[1]")
    with pytest.raises(BadInput):
        read_sign_on([right, right])
