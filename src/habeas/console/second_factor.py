"""Our rules for second factors, where django-allauth asks for them.

Promises that what is kept of a factor is sealed under a key that is not in the database, that a code is
good once, and that setting a factor up counts as having shown it.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm as BaseAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as BaseReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.core.cache import cache
from django.core.exceptions import ValidationError

from habeas.adapters.cipher import AesGcm
from habeas.console.office import desk
from habeas.console.signing_in import SECOND_FACTOR
from habeas.console.words import say

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_PLACE: Final = b"habeas/second-factor"


class FactorRules(DefaultMFAAdapter):  # type: ignore[misc] # allauth ships no types
    """How factors are kept and named."""

    def validation_error(self, code: str, *_: object) -> ValidationError:
        """What is wrong, in our words."""
        return ValidationError(say(f"account.error.{code}"), code=code)

    def encrypt(self, text: str) -> str:
        """A factor's secret, sealed."""
        sealed = AesGcm().seal(desk().files.accounts(), text.encode(), _PLACE)
        return base64.b64encode(sealed).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; `store.sealed.altered` where it was changed or belongs to another home."""
        return AesGcm().open(desk().files.accounts(), base64.b64decode(encrypted_text), _PLACE).decode()

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 - allauth's name for it
        """What a new passkey is called until its owner says otherwise."""
        there = Authenticator.objects.filter(user=user, type=type).count()
        return say("account.keys.default_name", n=there + 1)

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """Who a passkey is for, as the browser shows it."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": desk().ports.directory.person(user.username).name}


class _Once:
    """A code is good once, for as long as it would be good at all.

    allauth remembers a code for one step; with a step of tolerance either way it could be sent again.
    """

    user: User
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        """The code, if it is right and was not used."""
        code: str = super().clean_code()  # type: ignore[misc] # the form beside this one has it
        steps = 2 * app_settings.TOTP_TOLERANCE + 1
        if not cache.add(f"habeas:code:{self.user.pk}:{code}", 1, timeout=steps * app_settings.TOTP_PERIOD):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_Once, BaseAuthenticateForm):  # type: ignore[misc] # allauth ships no types
    """The code asked for when signing in."""


class ReauthenticateForm(_Once, BaseReauthenticateForm):  # type: ignore[misc] # allauth ships no types
    """The code asked for again."""


class ActivateForm(ActivateTOTPForm):  # type: ignore[misc] # allauth ships no types
    """Setting an authenticator app up: the first code shows that it works, and who sits there."""

    def clean_code(self) -> str:
        """The code, if it is right."""
        code: str = super().clean_code()
        _shown(self.user, "totp")
        return code


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """Setting a passkey up: likewise."""

    def clean(self) -> dict[str, Any]:
        """What the key answered, if it fits what was asked."""
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("credential"):
            _shown(self.user, "webauthn")
        return cleaned


def _shown(user: User, kind: str) -> None:
    record_authentication(context.request, user, SECOND_FACTOR, type=kind, reauthenticated=True)
