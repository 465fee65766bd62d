"""The agency's own sign-on: `[[sign_on]]` of `config.toml`, one table a provider (OpenID Connect).

[[sign_on]]
id = "agency"                                 # in addresses; the provider is told …/sign-on/agency/back/
name = "Agency sign-on"                       # on the button
issuer = "https://login.example.gov"          # has /.well-known/openid-configuration under it
client_id = "habeas"
client_secret_file = "/run/secrets/sign-on"   # a file, never the secret itself
claim = "preferred_username"                  # what holds the person's id in config.toml
scopes = ["openid", "profile"]
second_factor = ["mfa"]                       # words of `amr` or `acr` that say a second factor was asked
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import attrs

from habeas.kernel.errors import BadInput, bad, problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from habeas.kernel.errors import Problem

_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_NEEDED: Final = ("id", "name", "issuer", "client_id", "client_secret_file", "claim")
_LISTS: Final = ("scopes", "second_factor")
_HERE: Final = ("localhost", "127.0.0.1", "::1")


@attrs.frozen
class SignOn:
    """One provider: where it is, as whom we ask it, and what of its answer counts."""

    provider_id: str
    name: str
    issuer: str
    client_id: str
    secret_file: Path
    claim: str
    scopes: tuple[str, ...] = ("openid", "profile")
    second_factor: tuple[str, ...] = ()

    def secret(self) -> str:
        """What we show the provider; `config.secret.unreadable` where its file cannot be read."""
        try:
            return self.secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise bad("config.secret.unreadable", self.secret_file.name) from None

    def asked_second_factor(self, told: Mapping[str, Any]) -> bool:
        """Whether the provider says, in one of the listed words, that it asked for a second factor."""
        methods = told.get("amr", [])
        said = {*(methods if isinstance(methods, list) else []), told.get("acr")}
        return bool(said & set(self.second_factor))


def read_sign_on(tables: Sequence[Mapping[str, Any]]) -> tuple[SignOn, ...]:
    """The `[[sign_on]]` tables, or a `BadInput` of everything that is wrong."""
    found = [p for number, table in enumerate(tables, 1) for p in _problems(table, number)]
    ids = [table.get("id") for table in tables]
    if not found and len(set(ids)) != len(ids):
        found.append(problem("config.value.twice", "config.toml: sign_on.id"))
    if found:
        raise BadInput(found)
    return tuple(
        SignOn(
            provider_id=table["id"],
            name=table["name"],
            issuer=table["issuer"].rstrip("/"),
            client_id=table["client_id"],
            secret_file=Path(table["client_secret_file"]).expanduser().absolute(),
            claim=table["claim"],
            **{key: tuple(table[key]) for key in _LISTS if key in table},
        )
        for table in tables
    )


def _problems(table: Mapping[str, Any], number: int) -> Iterator[Problem]:
    place = f"config.toml: sign_on[{number}]"
    if set(table) - {*_NEEDED, *_LISTS}:
        yield problem("config.key.unknown", place, known=", ".join((*_NEEDED, *_LISTS)))
    for key in _NEEDED:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            yield problem("config.value.wrong_type", f"{place}.{key}", wanted="a text")
    for key in _LISTS:
        values = table.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
            yield problem("config.value.wrong_type", f"{place}.{key}", wanted="a list of texts")
    if not _ID.fullmatch(str(table.get("id", ""))):
        yield problem("config.value.wrong_form", f"{place}.id", form=_ID.pattern)
    if not _is_issuer(str(table.get("issuer", ""))):
        yield problem("config.value.wrong_type", f"{place}.issuer", wanted="an https address")


def _is_issuer(url: str) -> bool:
    """An https address; plain http only for a provider on this machine."""
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in _HERE
    return local or (parts.scheme == "https" and bool(parts.hostname))
