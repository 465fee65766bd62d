"""The cipher as the store needs it, and what each ciphertext is bound to."""

from __future__ import annotations

from typing import Protocol


class Cipher(Protocol):
    """Seals and opens bytes under a 32-byte key (`adapters.cipher`)."""

    def new_key(self) -> bytes:
        """A fresh key, 32 bytes."""
        ...

    def seal(self, key: bytes, plain: bytes, bound: bytes) -> bytes:
        """The bytes, sealed; `bound` must be given again to open them."""
        ...

    def open(self, key: bytes, sealed: bytes, bound: bytes) -> bytes:
        """The bytes again, or a `BrokenInvariant`."""
        ...


def bound_key(case_id: str) -> bytes:
    """A wrapped case key opens for its case only."""
    return f"habeas/case-key/v1\n{case_id}".encode()


def bound_event(case_id: str, seq: int, kind: str, version: int) -> bytes:
    """An event's private part opens in its place in its history only."""
    return f"habeas/event/v1\n{case_id}\n{seq}\n{kind}\n{version}".encode()


def bound_filename(arrival_id: str, case_id: str) -> bytes:
    """The name a file came under opens for its arrival only."""
    return f"habeas/filename/v1\n{arrival_id}\n{case_id}".encode()
