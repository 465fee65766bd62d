"""Accounts: how a person of the directory signs in. Who they are and may do is the directory's word.

An account is a Django user whose name is the `person_id`; nothing else about the person is kept in it. It
is made by an administrator (`habeas admin account`) or by the first sign-on through the agency's own
provider; nobody registers, and no password is ever sent by mail: an administrator sets one that is good
for one sign-in.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

import attrs
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.contrib.auth.models import Group, User
from django.db import transaction

from habeas.console.office import desk
from habeas.kernel.errors import BadInput, bad
from habeas.store.places import CASES

if TYPE_CHECKING:
    from habeas.domain.request import Person

DEMO_PASSWORD: Final = "show-the-writ"  # noqa: S105 - printed by `habeas demo`; real homes have no such account
"""The password of every sample login; only the demonstration makes such accounts, and shows it."""

_ONE_TIME: Final = "one-time password"
"""The group of accounts whose password an administrator set."""

_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when read aloud
_GROUPS: Final = 4
_GROUP_SIZE: Final = 5


@attrs.frozen
class Account:
    """One account, for whoever keeps them: no secret, and nothing about what the person did."""

    person_id: str
    listed: bool
    """Whether the directory knows this person; who it does not know cannot sign in."""

    enabled: bool
    factors: tuple[str, ...]
    """The second factors set up: `totp`, `webauthn`, `recovery_codes`."""

    one_time: bool
    """Whether the password is one that an administrator set."""


def make_account(person_id: str, password: str, totp_secret: str | None = None) -> User:
    """An account with a password of its own, for the demonstration and for tests; made anew where it was.

    With `totp_secret` (base32) it has an authenticator app as second factor, and recovery codes. A person
    whom the directory does not know is `case.person.unknown`.
    """
    with transaction.atomic(using=CASES):
        user = account_of(desk().ports.directory.person(person_id))
        user.is_active = True
        user.set_password(password)
        user.save()
        user.groups.clear()
        Authenticator.objects.filter(user=user).delete()
        if totp_secret is not None:
            TOTP.activate(user, totp_secret)
            RecoveryCodes.activate(user)
    return user


def account_of(person: Person) -> User:
    """A person's account, made without a usable password where there is none."""
    user, made = User.objects.get_or_create(username=person.person_id)
    if made:
        user.set_unusable_password()
        user.save()
    return user


def add_account(person_id: str) -> str:
    """A new account; its one-time password. `account.person.exists` where there is one already."""
    person = desk().ports.directory.person(person_id)
    if User.objects.filter(username=person.person_id).exists():
        raise bad("account.person.exists", "PERSON")
    return _set_one_time(account_of(person))


def reset_password(person_id: str, *, factors: bool = False) -> str:
    """A new one-time password, which ends the account's sessions; with `factors`, its second factors go too.

    For somebody who lost a password or a device, after the administrator made sure who asks.
    """
    user = _existing(person_id)
    with transaction.atomic(using=CASES):
        if factors:
            Authenticator.objects.filter(user=user).delete()
        return _set_one_time(user)


def disable_account(person_id: str) -> None:
    """Let nobody sign in with this account; its sessions end at their next page."""
    user = _existing(person_id)
    user.is_active = False
    user.save()


def accounts() -> list[Account]:
    """Every account, by name."""
    return [_told(user) for user in User.objects.order_by("username")]


def is_one_time(user: User) -> bool:
    """Whether the password is one that an administrator set."""
    return user.groups.filter(name=_ONE_TIME).exists()


def set_own_password(user: User, password: str) -> None:
    """The password that somebody chose for themselves."""
    with transaction.atomic(using=CASES):
        user.set_password(password)
        user.save()
        user.groups.remove(*user.groups.filter(name=_ONE_TIME))


def samples() -> list[Person]:
    """The demonstration's sample logins, in the directory's order; none in any other home."""
    if not desk().ports.demo:
        return []
    names = User.objects.filter(is_active=True).order_by("pk").values_list("username", flat=True)
    return [person for name in names if (person := _listed(name)) is not None]


def sample_code(user: User) -> str:
    """What a sample login's authenticator app would show now; "" in any home but the demonstration's."""
    factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if factor is None or not desk().ports.demo:
        return ""
    counters = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(decrypt(factor.data["secret"]), counters[len(counters) // 2])))


def _set_one_time(user: User) -> str:
    password = "-".join(
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_SIZE)) for _ in range(_GROUPS)
    )
    user.is_active = True
    user.set_password(password)
    user.save()
    user.groups.add(Group.objects.get_or_create(name=_ONE_TIME)[0])
    return password


def _existing(person_id: str) -> User:
    user = User.objects.filter(username=person_id).first()
    if user is None:
        raise bad("account.person.none", "PERSON")
    return user


def _told(user: User) -> Account:
    return Account(
        person_id=user.username,
        listed=_listed(user.username) is not None,
        enabled=user.is_active,
        factors=tuple(sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))),
        one_time=is_one_time(user),
    )


def _listed(person_id: str) -> Person | None:
    try:
        return desk().ports.directory.person(person_id)
    except BadInput:
        return None
