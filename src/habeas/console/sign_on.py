"""Signing on through the agency's own provider (OpenID Connect, `[[sign_on]]` in `config.toml`).

Promises that an identity is accepted only if the claim that the agency named holds a `person_id` of the
directory; that an identity which once belonged to one person is never another's; that nothing the provider
said is kept but whose identity it is; and that a second factor is asked for here all the same, unless the
provider's answer says, in words the agency listed (`amr` or `acr`), that it asked for one.

The first sign-on of a person who has no account makes it, without a password. Whoever keeps the provider
decides who is who: that is what naming it in `config.toml` means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount import views as allauth_views
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.openid_connect import views as openid
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from habeas.console.accounts import account_of
from habeas.console.office import desk
from habeas.kernel.errors import BadInput

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.contrib.auth.models import AnonymousUser, User
    from django.http import HttpResponseBase

    from habeas.config.sign_on import SignOn

ASKED: Final = "habeas_asked_second_factor"
"""In a sign-on's state: whether the provider said that it asked for a second factor."""

_PROVIDER: Final = "openid_connect"
_FORBIDDEN: Final = 403
_REDIRECT: Final = 302


def providers() -> tuple[SignOn, ...]:
    """The providers that people may sign on with."""
    return desk().environment.sign_on


def providers_of(user: User | AnonymousUser) -> list[SignOn]:
    """The providers that this person has signed on with before."""
    if not user.is_authenticated:
        return []
    used = set(SocialAccount.objects.filter(user=user).values_list("provider", flat=True))
    return [one for one in providers() if one.provider_id in used]


class SignOnRules(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Identities of the directory's people, and of nobody else."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[Any]:
        """The configured providers; the database has none."""
        del request
        return [
            _app(one)
            for one in providers()
            if provider in (None, _PROVIDER, one.provider_id) and client_id in (None, one.client_id)
        ]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never: whoever is accepted has an account by then."""
        del request, sociallogin
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Nothing: what the provider says of a person's name and address is not taken over."""
        del request, data
        user: User = sociallogin.user
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Take the identity for the person its claim names, or refuse it."""
        told = _told(sociallogin.account.extra_data)
        sociallogin.account.extra_data = {}
        configured = next(
            (one for one in providers() if one.provider_id == sociallogin.account.provider), None
        )
        user = None if configured is None else _user_of(told.get(configured.claim))
        if configured is None or user is None or (sociallogin.is_existing and sociallogin.user != user):
            raise ImmediateHttpResponse(render(request, "socialaccount/stranger.html", status=_FORBIDDEN))
        if not sociallogin.is_existing:
            sociallogin.connect(request, user)
        sociallogin.state[ASKED] = configured.asked_second_factor(told)


def _app(configured: SignOn) -> SocialApp:
    return SocialApp(
        provider=_PROVIDER,
        provider_id=configured.provider_id,
        name=configured.name,
        client_id=configured.client_id,
        secret=configured.secret(),
        settings={
            "server_url": configured.issuer,
            "oauth_pkce_enabled": True,
            "scope": list(configured.scopes),
        },
    )


def _told(data: dict[str, Any]) -> dict[str, Any]:
    """What the provider said, the signed token before the rest."""
    return {**data.get("userinfo", {}), **data.get("id_token", {})}


def _user_of(claim: object) -> User | None:
    """The account of the person a claim names; None where it names nobody of the directory."""
    if not isinstance(claim, str):
        return None
    try:
        return account_of(desk().ports.directory.person(claim))
    except BadInput:
        return None


@require_POST
def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """On to the provider: by a page that goes on by itself, since our forms may lead nowhere else (CSP)."""
    answer: HttpResponseBase = openid.login(request, provider_id)
    if answer.status_code != _REDIRECT or not isinstance(answer, HttpResponse):
        return answer
    return render(request, "socialaccount/onward.html", {"onward": answer["Location"]})


@require_GET
def back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the provider, with its answer."""
    answer: HttpResponseBase = openid.callback(request, provider_id)
    return answer


cancelled = allauth_views.login_cancelled
