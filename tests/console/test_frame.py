"""The frame of every page: headers, language, faults, words complete in both languages."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from habeas.console import words as console_words
from habeas.domain.vocabulary import Language
from tests.console.browser import in_each_look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.console.conftest import Visit
    from tests.console.office import Office

CONSOLE = Path(console_words.__file__).parent
USED = re.compile(r"""(?:{%\s*t\s+|\bsay\(|\bsay_in\([^,]+,\s*)["']([a-z_]+\.[a-z0-9_.-]+)["']""")


def keys(table: dict[str, Any], before: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict) and not {"one", "other"} >= value.keys():
            yield from keys(value, f"{before}{name}.")
        elif isinstance(value, dict):
            yield from (f"{before}{name}#{form}" for form in value)
        else:
            yield before + name


@pytest.mark.parametrize("page", console_words.pages())
def test_every_word_is_there_in_both_languages_with_the_same_slots(page: str) -> None:
    english, spanish = (console_words.words(page, spoken) for spoken in Language)
    assert list(keys(english)) == list(keys(spanish))
    assert slots(english) == slots(spanish)


def slots(table: dict[str, Any], before: str = "") -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            found |= slots(value, f"{before}{name}.")
        else:
            names = {slot for _, slot, _, _ in string.Formatter().parse(value) if slot is not None}
            found[before + name] = names
            assert value.strip(), f"{before}{name} says nothing"
    return found


def test_every_key_that_a_page_uses_exists() -> None:
    missing = []
    for file in sorted([*CONSOLE.rglob("*.html"), *CONSOLE.rglob("*.py")]):
        for key in USED.findall(file.read_text(encoding="utf-8").replace('`{% t "page.key"', "")):
            for spoken in Language:
                try:
                    console_words.say_in(spoken, key)
                except (KeyError, FileNotFoundError):
                    missing.append(f"{file.name}: {key} ({spoken})")
    assert missing == []


def test_whoever_is_not_signed_in_is_asked_to(office: Office) -> None:
    answer = office.client().get("/inbox/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=")


def test_every_answer_binds_the_browser(office: Office) -> None:
    for path in ("/account/login/", "/nothing/"):
        answer = office.client("m.reyes").get(path)
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))


@in_each_look
def test_a_missing_page_looks_like_the_others(visit: Visit, size: str, language: str) -> None:
    with visit("m.reyes", size=size, language=language) as visitor:
        page = visitor.go("/nothing/")
        assert (
            page.locator("h1").inner_text()
            == {
                "en": "There is nothing here",
                "es": "Aquí no hay nada",
            }[language]
        )
        visitor.said = [line for line in visitor.said if "404" not in line]  # the browser notes every 404
        visitor.check()


def test_the_language_is_changed_and_stays(visit: Visit) -> None:
    with visit("m.reyes") as visitor:
        page = visitor.go("/nothing/")
        page.get_by_role("button", name="Español").click()
        assert page.locator("html").get_attribute("lang") == "es"
        visitor.go("/nothing/")
        assert page.locator("html").get_attribute("lang") == "es"


def test_an_account_whose_person_left_the_directory_is_nobody(office: Office) -> None:
    answer = office.client("gone.person").get("/inbox/")
    assert answer["Location"].startswith("/account/login/")
