"""`habeas admin account`: who can sign in. What they may do once in is for `config.toml` to say."""

from __future__ import annotations

import click

from habeas.cli.output import json_option, table, write


@click.group()
def account() -> None:
    """Make, list and close the accounts of the people in config.toml."""


@account.command()
@click.argument("person")
@json_option
def add(person: str, *, as_json: bool) -> int:
    """Make the account of PERSON, and print a password that is good for one sign-in. It is shown once."""
    _open()
    from habeas.console.accounts import add_account

    return _tell_password(person, add_account(person), as_json=as_json)


@account.command()
@click.argument("person")
@click.option("--factors", is_flag=True, help="Take the second factors away too: their device is lost.")
@json_option
def password(person: str, *, factors: bool, as_json: bool) -> int:
    """Set a new one-time password for PERSON, and print it once. Their sessions end; a closed account opens.

    Make sure first who asks: call them at the number you know.
    """
    _open()
    from habeas.console.accounts import reset_password

    return _tell_password(person, reset_password(person, factors=factors), as_json=as_json)


@account.command(name="list")
@json_option
def list_accounts(*, as_json: bool) -> int:
    """List the accounts, and who of them config.toml does not know (they cannot sign in)."""
    _open()
    from habeas.console.accounts import accounts

    found = accounts()
    rows = [
        (
            one.person_id,
            "open" if one.enabled else "closed",
            "yes" if one.listed else "no",
            ", ".join(one.factors) or "none",
            "one-time" if one.one_time else "own",
        )
        for one in found
    ]
    head = ("person", "account", "in_config", "second_factors", "password")
    write(
        [dict(zip(head, row, strict=True)) for row in rows],
        table(head, rows) if rows else ["no accounts yet; `habeas admin account add` makes one"],
        as_json=as_json,
    )
    return 0


@account.command()
@click.argument("person")
@json_option
def disable(person: str, *, as_json: bool) -> int:
    """Close the account of PERSON: nobody signs in with it, its sessions end. `password` opens it again."""
    _open()
    from habeas.console.accounts import disable_account

    disable_account(person)
    write({"person": person, "account": "closed"}, [f"the account of {person} is closed"], as_json=as_json)
    return 0


def _open() -> None:
    """The home, in a process that knows accounts."""
    from habeas.config.start import with_accounts
    from habeas.console.office import desk

    with_accounts()
    desk()


def _tell_password(person: str, made: str, *, as_json: bool) -> int:
    lines = [
        f"one-time password of {person}: {made}",
        "it is not shown again; they choose their own when they sign in",
    ]
    write({"person": person, "one_time_password": made}, lines, as_json=as_json)
    return 0
