"""The console as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The staff's desk; it has no tables of its own (`store` has them all)."""

    name = "habeas.console"
    label = "console"
