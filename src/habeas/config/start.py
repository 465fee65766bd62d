"""Starting Django, once a process, for one home at a time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from habeas.config.databases import databases

if TYPE_CHECKING:
    from habeas.config.environment import Environment


def start(environment: Environment) -> None:
    """Set Django up and point its databases at this home; connections to another home are closed.

    May be called again with another home (demonstrations and tests do); other threads must have
    finished with the former one.
    """
    import django  # noqa: PLC0415 - half a second that `--help` must not pay
    from django.db import connections  # noqa: PLC0415 - as above

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "habeas.config.settings")
    django.setup()
    connections.close_all()
    for alias, wanted in databases(environment.home).items():
        connections.settings[alias].update(wanted)
        connections[alias].settings_dict.update(wanted)
