"""Signing in as a person would: through the forms, with passwords and codes."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from django.test import Client

PASSWORD: Final = "seven lamps and a ladder"
SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def account(person: str, totp_secret: str | None = None) -> None:
    """An account with `PASSWORD`."""
    from habeas.console.accounts import make_account

    make_account(person, PASSWORD, totp_secret)


def post(client: Client, path: str, **fields: str) -> Any:
    """Send a form."""
    return client.post(path, fields)


def sign_in(client: Client, person: str, password: str = PASSWORD, where: str = "/account/login/") -> Any:
    """Name and password; what was answered."""
    return post(client, where, login=person, password=password)


def code(secret: str = SECRET, steps: int = 0) -> str:
    """What an authenticator app shows, so many half minutes from now."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def text(answer: Any) -> str:
    """What a page says, as words alone."""
    body = answer.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())
