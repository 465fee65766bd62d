"""Facts, packs and points for the tests of the policy room: small makers and random strategies."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from itertools import product
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from habeas.domain import vocabulary as v
from habeas.domain.facts import SPEC, Fact, FactSet
from habeas.policy.catalogue import find, load, with_required
from habeas.policy.diagram import VARIABLES
from habeas.policy.pack import Pack, PolicyVersion, freeze, read_manifest
from habeas.policy.schema import SOURCE_SUFFIX
from habeas.policy.syntax import read_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.policy.schema import Point

ON: Final = date(2025, 4, 24)

GUIDANCE: Final = "us-co/2020-guidance"
BILL: Final = "us-co/judge-signed-bill"
ACT: Final = "us-co/sb21-131"
UI: Final = "us/20-cfr-603"
COURT: Final = "us/court-process"


def fact(text: str) -> Fact:
    """`yes@court` → a fact read by a person; the custodian vouches where nobody is named."""
    value, _, source = text.partition("@")
    return Fact(value, v.Source(source or "custodian"), v.Reading.PERSON)


def facts(**known: str) -> FactSet:
    """Facts by name, each as `fact` reads it."""
    return FactSet({name: fact(text) for name, text in known.items()})


NO_PAPER: Final = facts(
    paper_form="none",
    paper_authority="none",
    paper_signer="none",
    paper_signed="no",
    paper_lapsed="no",
    paper_reaches_records="no",
    for_litigant="no",
)
GRAND_JURY: Final = facts(
    paper_form="grand_jury_subpoena@court",
    paper_authority="court_clerk_or_attorney@court",
    paper_signer="grand_jury_clerk@court",
    paper_signed="yes@court",
    paper_lapsed="no@court",
    paper_reaches_records="yes@court",
    paper_addressed_to_us="yes@court",
    for_litigant="no@court",
    item_in_scope="yes@court",
    motion_to_quash="not_filed",
)
I138: Final = facts(
    paper_form="administrative_subpoena@requester",
    paper_authority="administrative@requester",
    paper_signer="agency_officer@requester",
    paper_signed="yes@requester",
    paper_reaches_records="yes@requester",
    for_litigant="no@requester",
    item_in_scope="yes@requester",
    enforcement_order="no",
    required_by_law="no",
    item_public="no",
)


def version(*pack_ids: str) -> PolicyVersion:
    """Shipped packs with those they require."""
    return freeze(with_required(load(p) for p in pack_ids))


def pack_of(cedar: str, pack_id: str = "us-co/2020-guidance") -> Pack:
    """A pack of these rules, past the door: for rules that `admit` would refuse, or that have no texts."""
    rules, problems = read_rules("disclose.cedar", cedar)
    assert not problems, problems
    manifest = read_manifest(find(pack_id)["pack.toml"])
    return Pack(manifest, rules, {}, (), (), sha256(cedar.encode()).hexdigest())


def rule_text(
    rule_id: str, condition: str, *, effect: str = "permit", action: str = "disclose", notes: str = ""
) -> str:
    """One rule as Cedar text."""
    return (
        f'@id("{rule_id}") @rank("guidance") @cite("Test") @verified("false") {notes}\n'
        f'{effect} (principal, action == Action::"{action}", resource)\nwhen {{ {condition} }};\n'
    )


def alone(*texts: str) -> PolicyVersion:
    """A version of one pack of these rules that requires nothing."""
    return PolicyVersion((pack_of("\n".join(texts)),))


# ------------------------------------------------------------------------------------- small worlds

SMALL: Final = ("paper_nature", "motion_to_quash", "consent")
"""Facts with few points, for comparing with every completion one by one."""


def completions(known: FactSet, names: tuple[str, ...] = SMALL) -> Iterator[Point]:
    """Every completion of some facts, one by one; the others stand at an arbitrary point."""
    base: Point = {}
    for variable in VARIABLES:
        base[variable.name], base[variable.name + SOURCE_SUFFIX] = variable.points[0]
    for chosen in product(*(turns_out(known, name) for name in names)):
        point = dict(base)
        for name, (value, source) in zip(names, chosen, strict=True):
            point[name], point[name + SOURCE_SUFFIX] = value, source
        yield point


def turns_out(known: FactSet, name: str) -> list[tuple[str, str]]:
    """What one fact may turn out to be, straight from the words of contracts.md."""
    spec, given = SPEC[name], known[name]
    if not given.known:
        return [(value, str(s)) for value in spec.domain for s in spec.suppliers]
    return [(given.value, str(s)) for s in spec.suppliers if s.strength >= given.source.strength]


def some_facts(names: tuple[str, ...] = SMALL) -> st.SearchStrategy[FactSet]:
    """Some of the facts, known at some source."""

    def one(name: str) -> st.SearchStrategy[Fact]:
        spec = SPEC[name]
        sources = sorted(spec.suppliers, key=lambda s: s.strength)
        return st.builds(
            Fact, st.sampled_from(spec.domain), st.sampled_from(sources), st.just(v.Reading.PERSON)
        )

    return st.fixed_dictionaries({}, optional={name: one(name) for name in names}).map(FactSet)


def points() -> st.SearchStrategy[Point]:
    """Complete points over every fact."""
    return st.tuples(*(st.sampled_from(x.points) for x in VARIABLES)).map(
        lambda chosen: {
            key: word
            for variable, (value, source) in zip(VARIABLES, chosen, strict=True)
            for key, word in ((variable.name, value), (variable.name + SOURCE_SUFFIX, source))
        }
    )


_ATOMS: Final = tuple(
    f'context.{name} == {SPEC[name].values.__name__}::"{value}"'
    for name in SMALL
    for value in SPEC[name].domain
) + tuple(
    f'context.{name}_source in [Source::"{source}", Source::"independent"]'
    for name in SMALL
    for source in ("custodian", "court")
)


def conditions() -> st.SearchStrategy[str]:
    """Random conditions over the small facts."""
    return st.recursive(
        st.sampled_from(_ATOMS),
        lambda inner: st.one_of(
            st.builds("({} && {})".format, inner, inner),
            st.builds("({} || {})".format, inner, inner),
            st.builds("!({})".format, inner),
            st.builds("(if {} then {} else {})".format, inner, inner, inner),
        ),
        max_leaves=6,
    )


def rule_sets() -> st.SearchStrategy[PolicyVersion]:
    """Random versions: permits and forbids on the three questions, and a duty."""
    one = st.tuples(
        conditions(),
        st.sampled_from(("permit", "permit", "forbid")),
        st.sampled_from(("disclose", "disclose", "compel", "contest", "report")),
    )

    def build(parts: list[tuple[str, str, str]]) -> PolicyVersion:
        return alone(
            *(
                rule_text(
                    f"r{i}", condition, effect=effect, action=action,
                    notes='@starts("receipt")' if action == "report" else "",
                )
                for i, (condition, effect, action) in enumerate(parts)
            )
        )  # fmt: skip

    return st.lists(one, min_size=1, max_size=6).map(build)
