"""Second factors as a person meets them: an app's codes, and a passkey in Chromium's own authenticator."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.console.browser import in_each_look
from tests.console.signing import PASSWORD, SECRET, account, code

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.console.browser import Visitor
    from tests.console.conftest import Visit
    from tests.console.office import Office

APPROVER, ALICE = "t.abara", "m.reyes"
SHOTS: Final = os.environ.get("HABEAS_SHOTS", "")
"""A folder for pictures of the pages, for whoever wants to look at them."""

SAY: Final = {
    "en": {
        "login": "Sign-in name",
        "password": "Password",
        "in": "Sign in",
        "code": "Code",
        "on": "Turn it on",
        "app": "Set up an app",
    },
    "es": {
        "login": "Nombre para entrar",
        "password": "Contraseña",
        "in": "Entrar",
        "code": "Código",
        "on": "Activarla",
        "app": "Preparar una aplicación",
    },
}


def look(visitor: Visitor, name: str, size: str) -> None:
    """The page passes every check; a picture of it where one is wanted."""
    visitor.check()
    if SHOTS:
        visitor.shot(Path(SHOTS) / f"account-{name}-{visitor.language}-{size}.png")


def enter(page: Page, language: str, person: str) -> None:
    """Fill the sign-in form and send it."""
    say = SAY[language]
    page.get_by_label(say["login"]).fill(person)
    page.get_by_label(say["password"]).fill(PASSWORD)
    page.get_by_role("button", name=say["in"], exact=True).click()


@in_each_look
def test_an_approver_signs_in_for_the_first_time(visit: Visit, size: str, language: str) -> None:
    account(APPROVER)
    say = SAY[language]
    with visit(size=size, language=language) as visitor:
        page = visitor.go("/")
        look(visitor, "login", size)
        page.get_by_role("button", name=say["in"], exact=True).click()
        look(visitor, "login-problem", size)
        assert page.locator("[role=alert] a").first.get_attribute("href") == "#id_login"
        enter(page, language, APPROVER)
        page.wait_for_url("**/account/2fa/")
        look(visitor, "owed", size)
        page.get_by_role("link", name=say["app"]).click()
        look(visitor, "app", size)
        secret = page.locator("#authenticator_secret").inner_text()
        page.get_by_label(say["code"]).fill(code(secret))
        page.get_by_role("button", name=say["on"]).click()
        page.wait_for_url("**/account/2fa/codes/")
        assert page.locator("code").count() == 10
        look(visitor, "codes", size)
        visitor.go("/account/2fa/")
        look(visitor, "index", size)
        for path in (
            "password/",
            "2fa/app/remove/",
            "2fa/codes/new/",
            "2fa/keys/",
            "2fa/keys/add/",
            "logout/",
        ):
            visitor.go(f"/account/{path}")
            look(visitor, path.strip("/").replace("/", "-"), size)


@in_each_look
def test_the_second_step_asks_for_a_code(office: Office, visit: Visit, size: str, language: str) -> None:
    account(APPROVER, SECRET)
    say = SAY[language]
    with visit(size=size, language=language) as visitor:
        page = visitor.go("/account/login/?next=/account/2fa/")
        enter(page, language, APPROVER)
        page.wait_for_url("**/account/2fa/authenticate/**")
        look(visitor, "second", size)
        page.get_by_label(say["code"]).fill("000000")
        page.get_by_role("button", name=say["in"], exact=True).click()
        look(visitor, "second-problem", size)
        page.get_by_label(say["code"]).fill(code())
        page.get_by_role("button", name=say["in"], exact=True).click()
        page.wait_for_url("**/account/2fa/")
        stale = {
            "name": "habeas_session",
            "value": office.session(APPROVER, ago=2 * 60 * 60),
            "url": visitor.address,
        }
        visitor.context.add_cookies([stale])  # type: ignore[list-item] # Playwright's own kind of dictionary
        visitor.go("/account/reauthenticate/")
        look(visitor, "again", size)
        visitor.go("/account/2fa/reauthenticate/")
        look(visitor, "again-code", size)


def virtual_key(page: Page) -> Any:
    """Chromium's own authenticator: a key that is always touched and knows its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def test_a_passkey_is_set_up_and_signs_in_alone(visit: Visit) -> None:
    """At `localhost`: a browser gives passkeys to names, never to addresses of numbers."""
    account(APPROVER)
    with visit() as visitor:
        visitor.address = visitor.address.replace("127.0.0.1", "localhost")
        page = visitor.go("/account/login/")
        virtual_key(page)
        enter(page, "en", APPROVER)
        page.wait_for_url("**/account/2fa/")
        page.get_by_role("link", name="Add a passkey").click()
        page.get_by_label("Name of the passkey").fill("Desk computer")
        page.get_by_text("Sign in with this passkey alone").click()
        page.get_by_role("button", name="Add the passkey").click()
        page.wait_for_url("**/account/2fa/codes/")
        visitor.go("/account/2fa/keys/")
        assert "Desk computer" in page.locator("table").inner_text()
        assert "Signs in alone" in page.locator("table").inner_text()
        look(visitor, "keys-one", "wide")
        visitor.go("/")
        assert page.url.endswith("/inbox/")
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/account/login/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url("**/inbox/")
        visitor.go("/account/2fa/keys/reauthenticate/?next=/account/2fa/")
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url("**/account/2fa/")
        assert not visitor.said, visitor.said


def test_a_passkey_is_the_second_step_after_a_password(visit: Visit) -> None:
    account(APPROVER)
    with visit() as visitor:
        visitor.address = visitor.address.replace("127.0.0.1", "localhost")
        page = visitor.go("/account/login/")
        virtual_key(page)
        enter(page, "en", APPROVER)
        page.wait_for_url("**/account/2fa/")
        visitor.go("/account/2fa/keys/add/")
        page.get_by_role("button", name="Add the passkey").click()
        page.wait_for_url("**/account/2fa/codes/")
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/account/login/")
        enter(page, "en", APPROVER)
        page.wait_for_url("**/account/2fa/authenticate/**")
        visitor.go("/")
        assert page.url.endswith("/account/2fa/authenticate/")
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url("**/inbox/")
        visitor.go("/account/2fa/keys/")
        page.get_by_role("link", name="Remove").click()
        look(visitor, "key-remove", "wide")
        page.get_by_role("button", name="Remove the passkey").click()
        assert "You have no passkeys." in page.locator("main").inner_text()


def test_a_passkey_that_does_not_answer_is_told(visit: Visit) -> None:
    account(ALICE)
    with visit() as visitor:
        visitor.address = visitor.address.replace("127.0.0.1", "localhost")
        page = visitor.go("/account/login/")
        session, key = virtual_key(page)
        session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.get_by_text("The passkey did not answer").wait_for()
