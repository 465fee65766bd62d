"""The console as a WSGI application: `granian --interface wsgi habeas.console.wsgi:application`."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "habeas.config.web")

from django.core.wsgi import get_wsgi_application

from habeas.console.office import desk

application = get_wsgi_application()
desk()  # a home that cannot be opened ends the process here, not at somebody's first page
