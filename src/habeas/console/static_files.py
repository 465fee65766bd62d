"""The style sheets, scripts, fonts and pictures that pages name, gathered for serving.

Hides Django's `collectstatic`. Promises that after `gather` every file has a name with its digest (so a
browser may keep it for ever), that compressed copies lie beside them, and that nothing is done where
nothing changed. They lie in the home, since an installed package may be read-only.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from habeas.kernel.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator


class Named(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Files under names with their digests, gzip copies beside them, the same on every machine."""

    def create_compressor(self, **options: Any) -> Compressor:  # noqa: ANN401 - whitenoise's options
        """Gzip only: brotli is slow to write, and here or not as other packages bring it."""
        return Compressor(**{**options, "use_brotli": False})


STAMP: Final = "gathered"
"""The file that tells what was gathered."""


def gather() -> bool:
    """Bring STATIC_ROOT up to date; whether there was anything to do. Django must be set up."""
    root, wanted = Path(settings.STATIC_ROOT), _sources()
    stamp = root / STAMP
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return False
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted, encoding="ascii")
    return True


def _sources() -> str:
    """The digest of what there is to gather: names, sizes and times, not contents, so that it is quick."""
    return hashlib.sha256("\n".join([VERSION, *sorted(_lines())]).encode()).hexdigest()


def _lines() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            yield f"{name} {found.st_size} {found.st_mtime_ns}"
