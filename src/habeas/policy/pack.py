"""Rule packs as frozen values: manifest, rules, texts, claims, digest; and the policy version they form.

Hides how a pack is written down (`docs/design/policy.md`). Promises that a pack's digest is SHA-256 over
the canonical path → hash of its manifest, `.cedar` files, texts and the schema of facts, never its cases
(contracts.md, *Rule packs*), that a policy version is the digest of the sorted digests of its packs, and
that nothing in either ever changes. A pack enters only by `admit.admit`.

Dates are legal dates, `effective_from` and `effective_to` both inclusive.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.determination import RuleHit
from habeas.domain.text import Text
from habeas.kernel.canonical import digest
from habeas.kernel.errors import bad
from habeas.policy.schema import cedar_schema
from habeas.policy.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from enum import StrEnum

    from habeas.policy.tree import Rule

    E = TypeVar("E", bound=StrEnum)

MANIFEST: Final = "pack.toml"
INVARIANTS: Final = "invariants.toml"
TEXTS: Final = {v.Language.EN: "text.en.md", v.Language.ES: "text.es.md"}
SCHEMA_PATH: Final = "facts.cedarschema"
"""The path under which the generated schema of facts stands in a pack's digest."""

PACK_ID: Final = re.compile(r"us(?:-[a-z]{2})?/[a-z0-9]+(?:-[a-z0-9]+)*")
JURISDICTION: Final = re.compile(r"us(?:-[a-z]{2})?")
ALL: Final = "all"
APPLIED: Final = frozenset({v.PackStatus.IN_FORCE, v.PackStatus.CHALLENGED, v.PackStatus.REPEALED})
"""The statuses that are law on the dates a pack names: a challenged law binds until a court says
otherwise, a repealed one still governs the requests of its day."""


@attrs.frozen
class SourceNote:
    """Where the rules were read: `mark` is `found`, `verbatim`, `secondary`, `general_knowledge` or
    `inference` (law.md, *Markers*).
    """

    cite: str
    mark: str
    note: str


@attrs.frozen
class Manifest:
    """What `pack.toml` says. None in `custodians` or `categories` means every one of them."""

    id: str
    title: Text
    citation: str
    jurisdiction: str
    rank: v.Rank
    status: v.PackStatus
    effective_from: date | None
    effective_to: date | None
    verified_by: str
    verified_on: date | None
    requires: tuple[str, ...]
    custodians: frozenset[v.CustodianKind] | None
    categories: frozenset[v.DataCategory] | None
    sources: tuple[SourceNote, ...]

    def in_force(self, on: date) -> bool:
        """Whether the pack is law on a legal date."""
        begun = self.effective_from is not None and self.effective_from <= on
        ended = self.effective_to is not None and self.effective_to < on
        return self.status in APPLIED and begun and not ended

    def may_bind(self, custodian: v.CustodianKind, categories: Iterable[str]) -> bool:
        """Whether the pack may concern a custodian and any of the data; unknown is never ruled out."""
        kind = self.custodians is None or custodian in self.custodians or custodian == v.UNKNOWN
        if self.categories is None:
            return kind
        return kind and any(c == v.UNKNOWN or c in self.categories for c in categories)


@attrs.frozen
class Claim:
    """What a pack is said to guarantee: wherever `assume` holds, the effect is one of `effects`.

    Data for the prover (`prove.py`, later): a claim is proved or refuted and shown, never blocking.
    """

    id: str
    say: Text
    assume: str
    condition: Tree
    effects: frozenset[v.Effect]


@attrs.frozen
class Pack:
    """One admitted version of a rule pack. Equal packs have equal digests."""

    manifest: Manifest = attrs.field(eq=False)
    rules: tuple[Rule, ...] = attrs.field(eq=False)
    texts: Mapping[v.Language, Mapping[str, str]] = attrs.field(eq=False, repr=False)
    binding: tuple[str, ...] = attrs.field(eq=False)
    claims: tuple[Claim, ...] = attrs.field(eq=False, repr=False)
    digest: str

    @property
    def id(self) -> str:
        """The pack's id, such as `us-co/2020-guidance`."""
        return self.manifest.id

    @property
    def rank(self) -> v.Rank:
        """The place of its source."""
        return self.manifest.rank

    @property
    def status(self) -> v.PackStatus:
        """Its standing."""
        return self.manifest.status

    @property
    def effective_from(self) -> date | None:
        """The first legal date it is law; a proposal has none."""
        return self.manifest.effective_from

    @property
    def effective_to(self) -> date | None:
        """The last legal date it was law."""
        return self.manifest.effective_to

    @property
    def verified_by(self) -> str:
        """Who compared it with the official text, or `unverified`."""
        return self.manifest.verified_by

    def as_json(self) -> dict[str, object]:
        """The pack as a list of packs shows it."""
        m = self.manifest
        return {
            "id": m.id,
            "title": m.title.as_json(),
            "citation": m.citation,
            "jurisdiction": m.jurisdiction,
            "rank": str(m.rank),
            "status": str(m.status),
            "effective_from": m.effective_from.isoformat() if m.effective_from else None,
            "effective_to": m.effective_to.isoformat() if m.effective_to else None,
            "verified_by": m.verified_by,
            "verified_on": m.verified_on.isoformat() if m.verified_on else None,
            "requires": list(m.requires),
            "rules": [r.id for r in self.rules],
            "digest": self.digest,
        }

    def hit(self, rule: Rule) -> RuleHit:
        """A rule as answers name it."""
        return RuleHit(rule.id, self.id, rule.cite, rule.rank, self.manifest.status, rule.verified)


@attrs.frozen
class PolicyVersion:
    """The packs that decide together, named by digest. Made by `freeze`."""

    packs: tuple[Pack, ...]

    @cached_property
    def digest(self) -> str:
        """Digest of the sorted digests of the packs."""
        return digest(sorted(pack.digest for pack in self.packs))

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the packs."""
        return tuple(pack.id for pack in self.packs)

    def all_rules(self) -> tuple[tuple[Pack, Rule], ...]:
        """Every rule, in the order that names the ground: highest rank first; within a rank by `@order`,
        then pack id, then place in the pack's files.
        """
        return self._sorted_rules

    @cached_property
    def _sorted_rules(self) -> tuple[tuple[Pack, Rule], ...]:
        found = [(p, r) for p in self.packs for r in p.rules]
        return tuple(sorted(found, key=lambda pr: (pr[1].rank.place, pr[1].order, pr[0].id)))

    def rules(self, on: date) -> tuple[tuple[Pack, Rule], ...]:
        """The rules in effect on a legal date, in the same order."""
        return tuple((p, r) for p, r in self.all_rules() if r.since is None or r.since <= on)


def freeze(packs: Iterable[Pack]) -> PolicyVersion:
    """The policy version of some packs. A pack or rule id twice, or a required pack missing, is refused."""
    listed = tuple(sorted(packs, key=lambda p: p.id))
    ids = [p.id for p in listed]
    if len(set(ids)) != len(ids):
        raise bad("policy.version.pack_twice", "policy")
    for pack in listed:
        for needed in pack.manifest.requires:
            if needed not in ids:
                raise bad("policy.version.pack_missing", pack.id, needed=needed)
    owner: dict[str, str] = {}
    for pack in listed:
        for rule in pack.rules:
            if owner.setdefault(rule.id, pack.id) != pack.id:
                raise bad("policy.version.rule_twice", pack.id, rule=rule.id, other=owner[rule.id])
    return PolicyVersion(listed)


def pack_digest(files: Mapping[str, bytes]) -> str:
    """The digest of a pack's files: manifest, `.cedar`, texts, and the schema of facts.

    A present version is read against the schema of this installation; a past one carries the schema of
    its own day as `facts.cedarschema`, so that its digest stays what it was.
    """
    kept = {path: data for path, data in files.items() if in_digest(path)}
    kept.setdefault(SCHEMA_PATH, cedar_schema().encode())
    return digest({path: hashlib.sha256(data).hexdigest() for path, data in kept.items()})


def in_digest(path: str) -> bool:
    """Whether a file of a pack is part of its digest."""
    return path in (MANIFEST, SCHEMA_PATH, *TEXTS.values()) or path.endswith(".cedar")


# ------------------------------------------------------------------------------------- the manifest

_KEYS: Final = frozenset(
    {
        "schema", "id", "title", "citation", "jurisdiction", "rank", "status", "effective_from",
        "effective_to", "verified_by", "verified_on", "requires", "applies", "source",
    }
)  # fmt: skip
_OPTIONAL: Final = frozenset({"effective_from", "effective_to", "verified_on", "requires"})
_MARKS: Final = frozenset({"found", "verbatim", "secondary", "general_knowledge", "inference"})
UNVERIFIED: Final = "unverified"


def toml(data: bytes, place: str) -> dict[str, Any]:
    """A TOML file's table, or `BadInput`."""
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise bad("pack.manifest.not_toml", place) from None


def read_manifest(data: bytes, place: str = MANIFEST) -> Manifest:
    """`pack.toml` → `Manifest`, or `BadInput` naming the key."""
    table = toml(data, place)
    _check_keys(table, _KEYS, _OPTIONAL, place)
    if table["schema"] != "habeas.pack.v1":
        raise bad("pack.manifest.word_unknown", f"{place}.schema", allowed="habeas.pack.v1")
    applies = table["applies"]
    _check_keys(applies, frozenset({"custodians", "categories"}), frozenset(), f"{place}.applies")
    made = Manifest(
        id=_matching(table, "id", PACK_ID, place),
        title=read_text(table["title"], f"{place}.title"),
        citation=_string(table, "citation", place),
        jurisdiction=_matching(table, "jurisdiction", JURISDICTION, place),
        rank=_member(v.Rank, table["rank"], f"{place}.rank"),
        status=_member(v.PackStatus, table["status"], f"{place}.status"),
        effective_from=_day(table, "effective_from", place),
        effective_to=_day(table, "effective_to", place),
        verified_by=_string(table, "verified_by", place),
        verified_on=_day(table, "verified_on", place),
        requires=tuple(_strings(table.get("requires", []), f"{place}.requires")),
        custodians=_members(v.CustodianKind, applies["custodians"], f"{place}.applies.custodians"),
        categories=_members(v.DataCategory, applies["categories"], f"{place}.applies.categories"),
        sources=tuple(_source(s, f"{place}.source") for s in table["source"]),
    )
    _check_manifest(made, place)
    return made


def _check_manifest(made: Manifest, place: str) -> None:
    if made.id.split("/")[0] != made.jurisdiction:
        raise bad("pack.manifest.other_jurisdiction", f"{place}.id", jurisdiction=made.jurisdiction)
    if (made.rank is v.Rank.PROPOSAL) != (made.status is v.PackStatus.PROPOSED):
        raise bad("pack.manifest.proposal_has_no_rank", f"{place}.rank")
    if made.status in APPLIED and made.effective_from is None:
        raise bad("pack.manifest.key_missing", place, key="effective_from")
    if (made.verified_by == UNVERIFIED) != (made.verified_on is None):
        raise bad("pack.manifest.verified_without_date", f"{place}.verified_by")


def _check_keys(table: object, keys: frozenset[str], optional: frozenset[str], place: str) -> None:
    if not isinstance(table, dict):
        raise bad("pack.manifest.malformed", place)
    for key in sorted(table.keys() - keys):
        raise bad("pack.manifest.key_unknown", f"{place}.{key}", known=", ".join(sorted(keys)))
    for key in sorted(keys - optional - table.keys()):
        raise bad("pack.manifest.key_missing", place, key=key)


def read_text(table: object, place: str) -> Text:
    """`{en, es}` → `Text`."""
    _check_keys(table, frozenset({"en", "es"}), frozenset(), place)
    match table:
        case {"en": str(en), "es": str(es)}:
            return Text(en, es)
        case _:
            raise bad("pack.manifest.malformed", place)


def _source(table: object, place: str) -> SourceNote:
    _check_keys(table, frozenset({"cite", "mark", "note"}), frozenset(), place)
    match table:
        case {"cite": str(cite), "mark": str(mark), "note": str(note)} if mark in _MARKS:
            return SourceNote(cite, mark, note)
        case _:
            raise bad("pack.manifest.word_unknown", f"{place}.mark", allowed=", ".join(sorted(_MARKS)))


def _string(table: Mapping[str, Any], key: str, place: str) -> str:
    text = table[key]
    if not isinstance(text, str) or not text.strip():
        raise bad("pack.manifest.malformed", f"{place}.{key}")
    return text


def _strings(value: object, place: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(x, str) and PACK_ID.fullmatch(x) for x in value):
        raise bad("pack.manifest.malformed", place)
    return value


def _matching(table: Mapping[str, Any], key: str, form: re.Pattern[str], place: str) -> str:
    text = _string(table, key, place)
    if not form.fullmatch(text):
        raise bad("pack.manifest.malformed", f"{place}.{key}")
    return text


def _day(table: Mapping[str, Any], key: str, place: str) -> date | None:
    value = table.get(key)
    if value is not None and type(value) is not date:
        raise bad("pack.manifest.malformed", f"{place}.{key}")
    return value


def _member(words: type[E], value: Any, place: str) -> E:  # noqa: ANN401 - a value of a TOML file
    try:
        return words(value)
    except ValueError:
        raise bad("pack.manifest.word_unknown", place, allowed=", ".join(words)) from None


def _members(words: type[E], value: object, place: str) -> frozenset[E] | None:
    if value == ALL:
        return None
    if not isinstance(value, list) or not value:
        raise bad("pack.manifest.malformed", place)
    return frozenset(_member(words, x, place) for x in value)


# ------------------------------------------------------------------------------------- texts

_HEADING: Final = re.compile(r"^## +`?([a-z0-9-]+)`?[ \t]*$", re.MULTILINE)


def read_rule_texts(data: bytes, place: str) -> dict[str, str]:
    """`text.<language>.md` → the sentence of every rule id: one `## rule-id` heading each."""
    try:
        pieces = _HEADING.split(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise bad("pack.text.malformed", place) from None
    ids, bodies = pieces[1::2], [" ".join(body.split()) for body in pieces[2::2]]
    if len(set(ids)) != len(ids) or not all(bodies):
        raise bad("pack.text.malformed", place)
    return dict(zip(ids, bodies, strict=True))
