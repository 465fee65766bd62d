"""Every rule pack of this installation, in every version: finding, loading, and the law of a day.

Hides where packs lie (`habeas.rulepacks`, as data in the wheel). Promises that a pack is only ever had
through the one door (`admit`), that versions once shipped stay loadable by digest (`past/<n>/` beside the
present files, each with the schema of facts of its day), and that the law of a day is found by dates and
status, never by name.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from habeas.domain import vocabulary as v
from habeas.kernel.errors import bad
from habeas.policy.admit import admit
from habeas.policy.pack import MANIFEST, PACK_ID, freeze, pack_digest, read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from importlib.resources.abc import Traversable

    from habeas.policy.pack import Manifest, Pack, PolicyVersion

PAST: Final = "past"
"""The folder of a pack that keeps its earlier versions, each in a folder of its own."""

_MAX_FILE: Final = 1_000_000
"""Bytes of one file of a pack; a larger one is refused."""


@cache
def pack_ids() -> tuple[str, ...]:
    """The ids of the packs that ship with Habeas, sorted."""
    root = package_files("habeas.rulepacks")
    found = [
        f"{jurisdiction.name}/{folder.name}"
        for jurisdiction in root.iterdir()
        if jurisdiction.is_dir()
        for folder in jurisdiction.iterdir()
        if (folder / MANIFEST).is_file()
    ]
    return tuple(sorted(found))


def _folder(pack_id: str) -> Traversable:
    if not PACK_ID.fullmatch(pack_id) or pack_id not in pack_ids():
        raise bad("policy.pack.unknown", "policy", known=", ".join(pack_ids()))
    return package_files("habeas.rulepacks").joinpath(*pack_id.split("/"))


def _versions(folder: Traversable) -> tuple[Traversable, ...]:
    """The present version first, then earlier ones, latest first."""
    past = folder / PAST
    older = sorted((f for f in past.iterdir() if f.is_dir()), key=lambda f: f.name) if past.is_dir() else []
    return (folder, *reversed(older))


def read_files(folder: Traversable) -> dict[str, bytes]:
    """The files of one version of a pack, by their path within it; `past/` and hidden files are left out."""
    found: dict[str, bytes] = {}

    def walk(here: Traversable, prefix: str) -> None:
        for entry in here.iterdir():
            if entry.name.startswith((".", "__")) or (not prefix and entry.name == PAST):
                continue
            if entry.is_dir():
                walk(entry, f"{prefix}{entry.name}/")
                continue
            data = entry.read_bytes()
            if len(data) > _MAX_FILE:
                raise bad("pack.file.too_large", "pack", limit=_MAX_FILE)
            found[prefix + entry.name] = data

    walk(folder, "")
    return found


def find(name: str) -> dict[str, bytes]:
    """The files of a pack by its id, or by the path of a folder: what `admit` takes."""
    if PACK_ID.fullmatch(name) and name in pack_ids():
        return read_files(_folder(name))
    folder = Path(name)
    if not folder.is_dir():
        raise bad("policy.pack.unknown", "policy", known=", ".join(pack_ids()))
    return read_files(folder)


def shipped() -> tuple[Pack, ...]:
    """The present version of every pack that ships with Habeas, by id."""
    return tuple(load(pack_id) for pack_id in pack_ids())


@cache
def load(pack_id: str, digest: str | None = None) -> Pack:
    """A pack that ships with Habeas: its present version, or the one of a digest."""
    folder = _folder(pack_id)
    if digest is None:
        return admit(read_files(folder))
    for version in _versions(folder):
        if pack_digest(files := read_files(version)) == digest:
            return admit(files)
    raise bad("policy.pack.digest_unknown", pack_id)


@cache
def _manifests() -> tuple[tuple[Manifest, str], ...]:
    """Every version's manifest and digest, the present version of each pack first."""
    found: list[tuple[Manifest, str]] = []
    for pack_id in pack_ids():
        for version in _versions(_folder(pack_id)):
            files = read_files(version)
            found.append((read_manifest(files[MANIFEST]), pack_digest(files)))
    return tuple(found)


def with_required(packs: Iterable[Pack]) -> tuple[Pack, ...]:
    """The packs and those they require, and so on, each once."""
    found = {pack.id: pack for pack in packs}
    waiting = list(found.values())
    while waiting:
        for needed in waiting.pop().manifest.requires:
            if needed not in found:
                found[needed] = load(needed)
                waiting.append(found[needed])
    return tuple(found.values())


def resolve(
    custodian_kind: v.CustodianKind,
    jurisdiction: str,
    categories: Sequence[str],
    on: date,
) -> tuple[Pack, ...]:
    """The law of a day: the packs of a jurisdiction and of the United States that may bind a custodian for
    any of the data asked for, with those they require.

    Of several versions of a pack the present one is taken, unless it was not yet or no longer law on the
    day and an earlier one was. No pack of the jurisdiction itself → no law is loaded for that custodian
    and day, and nothing is returned: federal law mostly only permits, and a default refusal made of its
    silence would be an answer nobody wrote. `freeze` of nothing makes every item `undetermined`.
    """
    chosen: dict[str, str] = {}
    local = False
    for manifest, digest in _manifests():
        mine = manifest.jurisdiction == jurisdiction
        binds = manifest.in_force(on) and manifest.may_bind(custodian_kind, categories)
        if binds and (mine or manifest.jurisdiction == "us") and manifest.id not in chosen:
            chosen[manifest.id] = digest
            local = local or mine
    if not local:
        return ()
    return with_required(load(pack_id, digest) for pack_id, digest in sorted(chosen.items()))


def resolve_version(
    custodian_kind: v.CustodianKind,
    jurisdiction: str,
    categories: Sequence[str],
    on: date,
) -> PolicyVersion:
    """`resolve`, frozen into the policy version that decides."""
    return _frozen(resolve(custodian_kind, jurisdiction, categories, on))


@lru_cache(maxsize=64)
def _frozen(packs: tuple[Pack, ...]) -> PolicyVersion:
    """`freeze`, which checks and sorts the same packs once."""
    return freeze(packs)
