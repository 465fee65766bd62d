"""The accounts' pages where ours show more than django-allauth's: sample logins, sign-on, what is owed."""

from __future__ import annotations

import ipaddress
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as factors
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port
from django.shortcuts import redirect

from habeas.console.accounts import DEMO_PASSWORD, sample_code, samples
from habeas.console.sign_on import providers, providers_of
from habeas.console.signing_in import needs_second_factor, owes_own_password


class _SignIn(account.LoginView):  # type: ignore[misc] # allauth ships no types
    """Name and password; a passkey; the agency's own sign-on; in the demonstration, who can be tried."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - Django's
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        return shown | {
            "by_number": _by_number(self.request),
            "providers": providers(),
            "next": self.get_next_url() or "",
            "samples": samples(),
            "sample_password": DEMO_PASSWORD,
        }


class _SignInAgain(account.ReauthenticateView):  # type: ignore[misc] # allauth ships no types
    """The password again; somebody who has none signs on again with their provider."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - Django's
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        return shown | {
            "form": shown["form"] if self.request.user.has_usable_password() else None,
            "providers": providers_of(self.request.user),
            "next": self.get_next_url() or "",
        }


class _ChangePassword(account.PasswordChangeView):  # type: ignore[misc] # allauth ships no types
    """A new password; who has none (the agency's sign-on knows them) has nothing to change."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - Django's
        if request.user.is_authenticated and not request.user.has_usable_password():
            return redirect("mfa_index")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - Django's
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        return shown | {"owed": owes_own_password(self.request)}


class _SecondStep(factors.AuthenticateView):  # type: ignore[misc] # allauth ships no types
    """The second factor when signing in; the demonstration shows the code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - Django's
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        return shown | {
            "by_number": _by_number(self.request),
            "sample_code": sample_code(self.stage.login.user),
        }


class _SecondStepAgain(factors.ReauthenticateView):  # type: ignore[misc] # allauth ships no types
    """The second factor again."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - Django's
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        return shown | {"sample_code": sample_code(self.request.user)}


class _OwnAccount(factors.IndexView):  # type: ignore[misc] # allauth ships no types
    """One's own account: password, second factors, and what is still owed."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - Django's
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        return shown | {
            "by_number": _by_number(self.request),
            "owed": needs_second_factor(self.request, self.request.person),
        }


def _by_number(request: HttpRequest) -> bool:
    """Whether the browser's address is a number: it then keeps no passkeys (WebAuthn, § 5.1.2: a domain)."""
    host, _ = split_domain_port(request.get_host())
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


sign_in = _SignIn.as_view()
sign_in_again = login_required(_SignInAgain.as_view())
change_password = _ChangePassword.as_view()
second_step = _SecondStep.as_view()
second_step_again = login_required(_SecondStepAgain.as_view())
own_account = login_required(_OwnAccount.as_view())
