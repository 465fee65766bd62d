"""The console's settings, with the addresses of `marked`."""

from habeas.config.web import *  # noqa: F403 - Django reads module-level names

ROOT_URLCONF = "marked"
