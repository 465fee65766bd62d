"""Every error code that is raised is in the registry, and every code there is raised."""

from __future__ import annotations

from habeas.kernel.error_registry import REGISTRY
from workshop import errors


def test_every_code_that_is_raised_is_registered() -> None:
    assert errors.unregistered() == []


def test_every_registered_code_is_raised() -> None:
    assert errors.unused() == []


def test_every_slot_of_a_message_is_filled_where_the_error_is_made() -> None:
    assert errors.unfilled() == []


def test_messages_and_remedies_are_one_lower_case_line() -> None:
    assert errors.misworded() == []


def test_the_registry_is_sorted() -> None:
    assert errors.unsorted() == []


def test_sorting_keeps_every_entry_and_changes_nothing_twice() -> None:
    text = errors.REGISTRY_FILE.read_text(encoding="utf-8")
    once = errors.sorted_registry(text)
    assert errors.sorted_registry(once) == once
    for code in REGISTRY:
        assert once.count(f'"{code}":') == 1
