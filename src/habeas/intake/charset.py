"""Bytes of a declared character set → text.

Hides the guessing. Promises an answer for any bytes, and that only character sets of a fixed list are
used: Python also knows codecs that are no character sets or are slow on hostile input (`punycode`,
`idna`: time grows with the square of the length).
"""

from __future__ import annotations

import codecs
import re
from typing import Final

_ACCEPTED: Final = re.compile(
    r"utf-?8|utf-16|utf-16-?[lb]e|(?:us-)?ascii|iso-?8859-\d{1,2}|(?:windows|cp)-?125\d|koi8-[ru]|"
    r"iso-2022-(?:jp|kr)|shift-?jis|euc-(?:jp|kr)|gb2312|gbk|gb18030|big5"
)
_LATIN1: Final = re.compile(r"iso-?8859-1|latin-?1")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes, declared: str = "") -> tuple[str, bool]:
    """Bytes → (text, whether the character set had to be guessed or bytes replaced)."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace"), False
    name = declared.strip().lower().replace("_", "-")
    if _LATIN1.fullmatch(name):  # mail programs write it for the Windows character set, as browsers know
        return data.decode("cp1252", "replace"), False
    text = _strictly(data, name) if _ACCEPTED.fullmatch(name) else None
    if text is not None:
        return text, False
    text = _strictly(data, "utf-8")
    if text is not None:
        return text, name not in ("", "us-ascii", "ascii")
    return data.decode("cp1252", "replace"), True


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, LookupError):
        return None
