"""How the console is served: `[serve]` of `config.toml`.

[serve]
host = "127.0.0.1"
port = 8000
url = "https://habeas.example.gov"   # the address people type; https makes cookies travel only so
proxies = ["10.0.0.5"]               # whose word is taken for a client's address and scheme
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import attrs

from habeas.kernel.errors import BadInput, problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from habeas.kernel.errors import Problem

_KEYS: Final = ("host", "port", "url", "proxies")
_PORTS: Final = range(1, 65_536)
_PLACE: Final = "config.toml: serve"


@attrs.frozen
class Serving:
    """Where the console listens, under which address people know it, and which proxies are believed.

    `session_key_file` is None where the key lies in the home's `keys/`.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    url: str = "http://127.0.0.1:8000"
    proxies: tuple[str, ...] = ()
    session_key_file: Path | None = None


_DEFAULT: Final = Serving()


def read_serving(table: Mapping[str, Any], session_key_file: Path | None) -> Serving:
    """The `[serve]` table → `Serving`, or a `BadInput` of everything that is wrong."""
    found = list(_problems(table))
    if found:
        raise BadInput(found)
    host, port = table.get("host", _DEFAULT.host), table.get("port", _DEFAULT.port)
    url = table.get("url", f"http://{host}:{port}").rstrip("/")
    return Serving(host, port, url, tuple(table.get("proxies", ())), session_key_file)


def _problems(table: Mapping[str, Any]) -> Iterator[Problem]:
    if set(table) - set(_KEYS):
        yield problem("config.key.unknown", _PLACE, known=", ".join(_KEYS))
    if not isinstance(table.get("host", ""), str):
        yield problem("config.value.wrong_type", f"{_PLACE}.host", wanted="a text")
    port = table.get("port", _DEFAULT.port)
    if type(port) is not int or port not in _PORTS:
        yield problem("config.value.wrong_type", f"{_PLACE}.port", wanted="a number from 1 to 65535")
    if not _is_address(table.get("url", _DEFAULT.url)):
        yield problem("config.value.wrong_type", f"{_PLACE}.url", wanted="an http or https address")
    proxies = table.get("proxies", [])
    if not isinstance(proxies, list) or not all(_is_network(one) for one in proxies):
        yield problem(
            "config.value.wrong_type", f"{_PLACE}.proxies", wanted="a list of IP addresses or networks"
        )


def _is_address(url: object) -> bool:
    if not isinstance(url, str):
        return False
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.path in ("", "/")


def _is_network(text: object) -> bool:
    try:
        ipaddress.ip_network(text, strict=False) if isinstance(text, str) else ipaddress.ip_network("")
    except ValueError:
        return False
    return True
