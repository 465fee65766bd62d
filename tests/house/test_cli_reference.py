"""docs/cli.md is what the commands themselves say."""

from __future__ import annotations

from workshop import cli_reference


def test_the_reference_is_the_commands_own_help() -> None:
    assert cli_reference.REFERENCE.read_text(encoding="utf-8") == cli_reference.render(), (
        "run `python3 dev.py docs`"
    )


def test_every_command_says_what_it_does() -> None:
    assert [" ".join(path) for path, command in cli_reference.commands() if not command.help] == []
