"""Our rules for signing in, where django-allauth asks for them.

Promises that nobody signs in whom the directory does not know, that the answer to them is the one for a
wrong password, that nobody registers, and that limits count by the real client and by the account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.urls import reverse

from habeas.console.accounts import is_one_time, set_own_password
from habeas.console.client import client_address
from habeas.console.office import desk
from habeas.console.sign_on import ASKED, providers_of
from habeas.console.signing_in import (
    OWN_PASSWORD_DUE,
    SECOND_FACTOR,
    showed_second_factor,
    signed_in_recently,
)
from habeas.console.words import say
from habeas.kernel.errors import BadInput

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User
    from django.http import HttpRequest, HttpResponse


_PASSWORD: Final = "reauthenticate"  # noqa: S105 - allauth's name for that way
_FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SignInRules(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Accounts of the directory's people, and of nobody else."""

    def validation_error(self, code: str, *_: object) -> ValidationError:
        """What is wrong, in our words."""
        return ValidationError(say(f"account.error.{code}"), code=code)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator makes accounts."""
        del request
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:  # noqa: ANN401 - allauth's
        """Whoever gave the right password, if the directory knows them."""
        user: User | None = super().authenticate(request, **credentials)
        if user is None:
            return None
        try:
            desk().ports.directory.person(user.username)
        except BadInput:
            return None
        return user

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:  # noqa: ANN401 - allauth's
        """Before the session is theirs; a second factor their provider asked for stands in its record."""
        refused: HttpResponse | None = super().pre_login(request, user, **kwargs)
        signed_on = (kwargs["signal_kwargs"] or {}).get("sociallogin")
        if refused is None and signed_on is not None and signed_on.state.get(ASKED):
            record_authentication(request, user, SECOND_FACTOR, type="sign_on")
        return refused

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in; a one-time password is to be replaced before anything else."""
        super().login(request, user)
        if is_one_time(user):
            request.session[OWN_PASSWORD_DUE] = True

    def set_password(self, user: User, password: str) -> None:
        """Keep a password that somebody chose."""
        set_own_password(user, password)
        context.request.session.pop(OWN_PASSWORD_DUE, None)

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:  # noqa: ANN401 - allauth's
        """Before one's own factors are seen or changed: unless this session showed them all not long ago.

        Whoever has the password alone, in a session older than the second factor, would else make it theirs.
        """
        del app
        request = context.request
        return not signed_in_recently(request) or _hides_factor(request)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """How one may show who one is; where a second factor is due, the password is no way."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if _hides_factor(context.request):
            ways = [way for way in ways if way["id"] != _PASSWORD]
        if providers_of(user) and all(way["id"] != _PASSWORD for way in ways):
            ways.append({"id": "sign_on", "description": "", "url": reverse("account_reauthenticate")})
        return ways

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits count by."""
        return client_address(
            request.META.get("REMOTE_ADDR", ""),
            request.META.get("HTTP_X_FORWARDED_FOR", ""),
            desk().environment.serve.proxies,
        )

    def add_message(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - allauth's
        """Say nothing by allauth's own templates, which know neither our words nor our languages."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ANN401 - allauth's
        """What an account's failures are counted under: allauth adds the host, and there are several."""
        del request
        return f"habeas:{str(credentials.get('username', '')).lower()}"


def _hides_factor(request: HttpRequest) -> bool:
    """Whether the account has a second factor that this session did not show."""
    return is_mfa_enabled(request.user, _FACTORS) and not showed_second_factor(request)


class SignInForm(LoginForm):  # type: ignore[misc] # allauth ships no types
    """Name and password, with our labels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
