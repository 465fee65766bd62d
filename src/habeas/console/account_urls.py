"""The accounts' addresses: the pages of django-allauth that we want, and no others.

Not here, and so nowhere: registering, e-mail addresses, resetting a password by mail, connecting further
identities to an account.
"""

from __future__ import annotations

from typing import Final

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as keys
from django.urls import URLPattern, path

from habeas.console import account_pages as ours
from habeas.console import sign_on

urlpatterns: Final[list[URLPattern]] = [
    path("login/", ours.sign_in, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", ours.sign_in_again, name="account_reauthenticate"),
    path("password/", ours.change_password, name="account_change_password"),
    path("2fa/", ours.own_account, name="mfa_index"),
    path("2fa/authenticate/", ours.second_step, name="mfa_authenticate"),
    path("2fa/reauthenticate/", ours.second_step_again, name="mfa_reauthenticate"),
    path("2fa/app/", app.activate_totp, name="mfa_activate_totp"),
    path("2fa/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("2fa/keys/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/keys/add/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("2fa/keys/login/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("2fa/keys/reauthenticate/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("2fa/keys/<int:pk>/edit/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("2fa/keys/<int:pk>/remove/", keys.remove_webauthn, name="mfa_remove_webauthn"),
    path("sign-on/cancelled/", sign_on.cancelled, name="socialaccount_login_cancelled"),
    path("sign-on/<slug:provider_id>/", sign_on.begin, name="openid_connect_login"),
    path("sign-on/<slug:provider_id>/back/", sign_on.back, name="openid_connect_callback"),
]
