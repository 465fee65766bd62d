"""Starting Django, once a process, for one home at a time."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Final

from habeas.config.databases import databases
from habeas.config.postgres import DatabaseRole

if TYPE_CHECKING:
    from habeas.config.environment import Environment

_SETTINGS: Final = "DJANGO_SETTINGS_MODULE"


def with_accounts() -> None:
    """Let this process know accounts, sessions and second factors too; said before anything is started.

    The console does, and the commands that make or upgrade a home or keep accounts; the others start
    faster without.
    """
    os.environ.setdefault(_SETTINGS, "habeas.config.web")


def start(environment: Environment, role: DatabaseRole = DatabaseRole.APP) -> None:
    """Set Django up and point its databases at this home; connections to another home are closed.

    On PostgreSQL the process works as `role`; SQLite knows no roles. May be called again with another home
    or role (commands, demonstrations and tests do); other threads must have finished with the former one.
    """
    import django  # noqa: PLC0415 - half a second that `--help` must not pay
    from django.db import connections  # noqa: PLC0415 - as above

    os.environ.setdefault(_SETTINGS, "habeas.config.settings")
    django.setup()
    connections.close_all()
    for alias, wanted in connections.configure_settings(databases(environment, role)).items():
        connections.settings[alias] = wanted
        with contextlib.suppress(AttributeError):  # none was made in this thread yet
            del connections[alias]
