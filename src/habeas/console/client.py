"""Whose address a request comes from: the one word that rate limits count by.

A proxy writes the address it was spoken to from at the right end of `X-Forwarded-For`; everything left of
that was written by whoever spoke to it, and may be invented. So the header is read from the right, only
as long as the hop that wrote it is a proxy of ours (`[serve] proxies`), and the first address that is
none of ours is the client.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(peer: str, forwarded: str, proxies: Iterable[str]) -> str:
    """The client's address, of the peer that connected and the `X-Forwarded-For` it sent.

    Whatever is no address ends the reading: the last hop that is known then counts, never a text that
    somebody made up.
    """
    ours = [ipaddress.ip_network(one, strict=False) for one in proxies]
    client = peer
    for hop in reversed([part.strip() for part in forwarded.split(",")]):
        if not _is_ours(client, ours) or not _is_address(hop):
            break
        client = hop
    return client


def is_proxy(peer: str, proxies: Iterable[str]) -> bool:
    """Whether the peer that connected is one of ours, whose word is taken."""
    return _is_ours(peer, [ipaddress.ip_network(one, strict=False) for one in proxies])


def _is_ours(address: str, ours: list[Network]) -> bool:
    return _is_address(address) and any(ipaddress.ip_address(address) in network for network in ours)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
