"""Django's settings: three databases in the home, one application, nothing else.

Only the home is read here; everything else is in `environment.py`. `start.py` points the databases at
another home, or at PostgreSQL. There is no SECRET_KEY: nothing here signs cookies, and Django asks only when
used.
"""

from __future__ import annotations

import os

from habeas.config.databases import ROUTER, embedded
from habeas.config.environment import read_home

INSTALLED_APPS = ["habeas.store"]
DATABASES = embedded(read_home(os.environ))
DATABASE_ROUTERS = [ROUTER]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LOGGING_CONFIG = None  # Habeas says what it has to say itself; Django's mail handler would load for nothing
MIDDLEWARE: list[str] = []
