"""Django's settings for the console: everything of `settings.py`, and accounts, sessions, pages.

Apart from `settings.py`, which every command loads and which must stay quick. Promises that a page loads
nothing from elsewhere, that cookies of a console with an https address never travel in clear, and that
the key which signs cookies opens neither a case nor the ledger.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from django.utils.functional import lazy

from habeas.config.environment import read_environment, read_home
from habeas.config.session_key import session_key
from habeas.config.settings import *  # Django reads module-level names

_HOME = read_home(os.environ)
_SERVE = read_environment(os.environ).serve
_ADDRESS = urlsplit(_SERVE.url)
_SECURE = _ADDRESS.scheme == "https"

DEBUG = False
SECRET_KEY = lazy(session_key, str)(_HOME, _SERVE.session_key_file)  # made when a cookie is first signed
ALLOWED_HOSTS = sorted({_ADDRESS.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"})
ROOT_URLCONF = "habeas.console.urls"
WSGI_APPLICATION = "habeas.console.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "habeas.store",
    "habeas.console",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "django_htmx",
]
MIDDLEWARE = [
    "habeas.console.log.Logged",
    "habeas.console.middleware.believed_proxy",
    "habeas.console.middleware.strict_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "habeas.console.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "habeas.console.middleware.known_person",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "habeas.console.frame.frame",
            ],
            "builtins": ["habeas.console.templatetags.words"],
        },
    }
]

# languages: our own words are in console/words; the frameworks bring theirs
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LANGUAGE_COOKIE_NAME = "habeas_language"

# cookies and headers
SESSION_COOKIE_NAME = "habeas_session"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day; opening papers asks again sooner
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _SECURE
CSRF_COOKIE_NAME = "habeas_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "habeas.console.faults.forged"
CSRF_TRUSTED_ORIGINS = [_SERVE.url] if _SECURE else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SERVE.proxies else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# uploads are streamed to disk above this size, and refused above intake's own limit by the view
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

STATIC_URL = "/static/"
STATIC_ROOT = _HOME / "static"  # filled by `console.static_files.gather`, before the first page
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is stored this way
    "staticfiles": {"BACKEND": "habeas.console.static_files.Named"},
}

# accounts: the person of the directory by name, nothing by mail, nobody registers (console.accounts)
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "habeas.console.sign_in_rules.SignInRules"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # the cookie ends with the browser
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {"login": "habeas.console.sign_in_rules.SignInForm"}

# second factors (console.second_factor)
MFA_ADAPTER = "habeas.console.second_factor.FactorRules"
MFA_FORMS = {
    "authenticate": "habeas.console.second_factor.AuthenticateForm",
    "reauthenticate": "habeas.console.second_factor.ReauthenticateForm",
    "activate_totp": "habeas.console.second_factor.ActivateForm",
    "add_webauthn": "habeas.console.second_factor.AddKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Habeas"
MFA_TOTP_TOLERANCE = 1  # a step of thirty seconds either way, for clocks that differ

# single sign-on (console.sign_on): what the provider sends is looked at and not kept
SOCIALACCOUNT_ADAPTER = "habeas.console.sign_on.SignOnRules"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_QUERY_EMAIL = False

# rate limits, counted by real client (console.client) in a table that every process shares
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "habeas_counter",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/5m/ip,5/5m/key",
    "reauthenticate": "20/5m/user",
    "change_password": "5/m/user",
}
