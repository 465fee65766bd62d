"""How long the inbox takes as a whole page with 10,000 open cases: gate, queries, words, template.

Asked through Django's own test client, so everything a server does is in it but the network. The rows are
those of `bench/inbox.py`, with the agency, units and staff of a directory of its own. Writes
bench/results/inbox_page.json and inbox_page.md. SQLite.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from inbox import (  # type: ignore[import-not-found] # the folder is no package
    AGENCY,
    AIM,
    CASES,
    ON,
    STAFF,
    UNITS,
    fill,
    milliseconds,
)

if TYPE_CHECKING:
    from django.test import Client

RESULTS: Final = Path(__file__).resolve().parent / "results"
PEOPLE: Final = {STAFF[0]: ("approver", ()), STAFF[1]: ("clerk", UNITS[:1])}
PAGES: Final = {
    "my unit, first page": "box=unit",
    "mine, first page": "box=mine",
    "late, first page": "box=late",
    "all, by the day wanted": "box=all&sort=due",
    "all, one who asks": "box=all&component=ice_hsi",
}


def config() -> str:
    """The directory: one agency, its units, its staff."""
    units = "".join(f'\n[[custodian.unit]]\nid = "{u}"\nname = "Unit {u}"\n' for u in UNITS)
    staff = "".join(
        f'\n[[person]]\nid = "{p}"\nname = "P. {p}"\ncustodian = "{AGENCY}"\nroles = ["{role}"]\n'
        f"units = {list(own)}\n"
        for p, (role, own) in {**dict.fromkeys(STAFF, ("clerk", ())), **PEOPLE}.items()
    )
    agency = f'id = "{AGENCY}"\nname = "An agency"\nkind = "state_agency"\njurisdiction = "us-co"\n'
    return f'[ledger]\norigin = "bench.example/ledger"\n[[custodian]]\n{agency}zone = "UTC"\n{units}{staff}'


def signed_in(person: str) -> Client:
    """A client whose session this person began just now, with a second factor."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model  # noqa: PLC0415 - needs Django set up
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 - as above
    from django.test import Client  # noqa: PLC0415 - as above

    user, _ = get_user_model().objects.get_or_create(username=person)
    session, at = SessionStore(), time.time()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": at}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.create()
    client = Client(SERVER_NAME="localhost")
    client.cookies["habeas_session"] = str(session.session_key)
    return client


def measured() -> list[dict[str, Any]]:
    """Each page for each person; a page that is not there, or empty, is no measurement."""
    found = []
    for person, (role, _) in PEOPLE.items():
        client = signed_in(person)
        for name, query in PAGES.items():
            answer = client.get(f"/inbox/?{query}")
            if answer.status_code != 200 or b"i-ref" not in answer.content:
                sys.exit(f"{name}: answered {answer.status_code}, or nothing listed")
            clock, processor = milliseconds(lambda q=query, c=client: c.get(f"/inbox/?{q}"))
            found.append(
                {
                    "who": role,
                    "page": name,
                    "kb": round(len(answer.content) / 1000),
                    "ms": round(clock, 1),
                    "cpu_ms": round(processor, 1),
                }
            )
    return found


def main() -> int:
    """Measure, write, and fail where a page takes longer than it may."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"HABEAS_HOME": folder, "DJANGO_SETTINGS_MODULE": "habeas.config.web"}
        (Path(folder) / "config.toml").write_text(config(), encoding="utf-8")
        from habeas.kernel.clock import SetClock, read_instant  # noqa: PLC0415 - after the home is named
        from habeas.wiring import open_desk  # noqa: PLC0415 - as above

        desk = open_desk(clock=SetClock(read_instant(f"{ON}T12:00:00Z", "bench")))
        fill()
        from habeas.console import office  # noqa: PLC0415 - needs Django set up
        from habeas.console.static_files import gather  # noqa: PLC0415 - as above

        office.use(desk)
        gather()
        lines = measured()
    slowest = max(one["ms"] for one in lines)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, SQLite"
    result = {"cases": CASES, "machine": machine, "aim_ms": AIM, "pages": lines}
    (RESULTS / "inbox_page.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    rows = [f"| {x['who']} | {x['page']} | {x['kb']} | {x['ms']} | {x['cpu_ms']} |" for x in lines]
    text = [
        f"# The inbox as a whole page with {CASES:,} open cases", "",
        f"`python3 dev.py bench inbox_page`. {machine}. Medians; the aim is {AIM:.0f} ms a page.",
        f"The slowest: {slowest} ms.", "",
        "| who | page | kB | ms | processor, ms |", "|---|---|---:|---:|---:|", *rows, "",
    ]  # fmt: skip
    (RESULTS / "inbox_page.md").write_text("\n".join(text), encoding="utf-8")
    sys.stdout.write("\n".join(text))
    return 0 if slowest < AIM else 1


if __name__ == "__main__":
    sys.exit(main())
