"""What one of the fifty people does: `locust -f bench/console_visitors.py` (started by console_load.py).

Looks at the inbox, opens requests, looks at their pages, searches, says that the machine read well, logs a
new e-mail. A request that somebody else was faster on is refused with 409, which is right and no failure.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import re
from pathlib import Path
from typing import Any, Final

from locust import HttpUser, between, task

PEOPLE: Final = json.loads(Path(os.environ["BENCH_VISITORS"]).read_text(encoding="utf-8"))
_TURNS: Final = itertools.count()
_REF: Final = re.compile(r'href="/cases/([0-9A-Z]{10})/"')
_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_VERSION: Final = re.compile(r'name="expected_version" value="(\d+)"')
_PICTURE: Final = re.compile(r'(?:src|href)="(/cases/[0-9A-Z]{10}/papers/\d+/pages/\d+\.png)"')


class Visitor(HttpUser):
    """Somebody at work, with pauses as people make them."""

    wait_time = between(1, 5)

    def on_start(self) -> None:
        """Sign in as one of the staff; the session was made before."""
        person = PEOPLE[next(_TURNS) % len(PEOPLE)]
        self.choice = random.Random(person["session"])  # noqa: S311 - whom to visit next, no secret
        self.client.cookies.set("habeas_session", person["session"])
        self.mail, self.sent = person["mail"], 0
        self.refs: list[str] = []

    @task(10)
    def inbox(self) -> None:
        """A box of the inbox."""
        box = self.choice.choice(("unit", "all", "unassigned", "late"))
        with self.client.get(f"/inbox/?box={box}", name="inbox", catch_response=True) as answer:
            if "/account/" in answer.url:
                answer.failure("signed out")
            self.refs = _REF.findall(answer.text) or self.refs

    @task(6)
    def case(self) -> None:
        """A request, and the first page of its paper."""
        if self.refs:
            ref = self.choice.choice(self.refs)
            page = self.client.get(f"/cases/{ref}/", name="case").text
            for picture in _PICTURE.findall(page)[:1]:
                self.client.get(picture, name="page of a paper")

    @task(2)
    def search(self) -> None:
        """A reference that the person knows."""
        if self.refs:
            data = {"csrfmiddlewaretoken": self._token("/inbox/"), "q": self.choice.choice(self.refs)}
            self.client.post("/search/", data=data, name="search")

    @task(1)
    def confirm(self) -> None:
        """Say that what the machine read is right."""
        if not self.refs:
            return
        where = f"/cases/{self.choice.choice(self.refs)}/"
        page = self.client.get(where, name="case").text
        version, token = _VERSION.search(page), _TOKEN.search(page)
        if version and token and 'value="all"' in page:
            data = {"csrfmiddlewaretoken": token[1], "expected_version": version[1], "do": "all"}
            self._post(f"{where}facts/", data, "confirm", 200, 303, 409, 422)

    @task(1)
    def log(self) -> None:
        """A new e-mail with a paper comes in."""
        self.sent += 1
        mail = self.mail.replace("Message-ID: <", f"Message-ID: <{self.choice.getrandbits(64):x}{self.sent}.")
        data = {"csrfmiddlewaretoken": self._token("/new/"), "unit": "ui-fraud", "channel": ""}
        files = [("files", ("request.eml", mail.encode(), "message/rfc822"))]
        self._post("/new/files/", data, "log an e-mail", 200, 303, files=files)

    def _token(self, path: str) -> str:
        found = _TOKEN.search(self.client.get(path, name=path.strip("/")).text)
        return found[1] if found else ""

    def _post(self, where: str, data: dict[str, Any], name: str, *fine: int, files: Any = None) -> None:  # noqa: ANN401 - requests' own forms
        with self.client.post(
            where, data=data, files=files, name=name, allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code in fine:
                answer.success()
            else:
                answer.failure(f"{answer.status_code}")
