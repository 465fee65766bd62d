"""The one door for a rule pack: a pack that can be trusted to be what it says, or a refusal.

Hides everything that must hold before a rule may decide. Promises that an admitted pack parses and
validates strictly, that each rule has a unique `@id`, a `@rank`, a `@cite` and `@verified`, stays within
the accepted subset (`syntax.py`), can match something, cannot err, is read alike by Cedar and by our own
two readings at a matching and a non-matching point, and has its sentence in every language. Problems are
collected and name rule, line and operator. Claims never block: a pack that guarantees nothing is admitted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from habeas.domain import vocabulary as v
from habeas.domain.facts import FactSet
from habeas.kernel.errors import BadInput, bad, problem
from habeas.policy import engine, pack
from habeas.policy.closures import predicate
from habeas.policy.diagram import EVERYTHING, Space, TooWide, choose, leaves, path_to
from habeas.policy.pack import INVARIANTS, MANIFEST, SCHEMA_PATH, TEXTS, Claim, Manifest, Pack
from habeas.policy.schema import context_json
from habeas.policy.syntax import read_condition, read_rules
from habeas.policy.tree import Rule, RuleEffect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from habeas.kernel.errors import Problem

BINDING: Final = ("no_rule_errs", "every_rule_can_match", "higher_rank_prevails")
"""The binding invariants; a pack lists those it is held to, which is all of them."""

_CASES: Final = re.compile(r"cases/[a-z0-9-]+\.yaml")


def admit(files: Mapping[str, bytes]) -> Pack:
    """A pack's files (path within the pack → bytes) → the admitted pack, or `BadInput` with every problem."""
    problems = list(_file_problems(files))
    if problems:
        raise BadInput(problems)
    manifest = pack.read_manifest(files[MANIFEST])
    rules = _rules(files)
    texts = {language: pack.read_rule_texts(files[path], path) for language, path in TEXTS.items()}
    binding, claims = _invariants(files[INVARIANTS])
    problems = [*_id_problems(rules), *_rank_problems(manifest, rules), *_text_problems(rules, texts)]
    problems += _match_problems(rules)
    if problems or (problems := _agreement_problems(rules)):
        raise BadInput(problems)
    return Pack(manifest, rules, texts, binding, claims, pack.pack_digest(files))


def _file_problems(files: Mapping[str, bytes]) -> Iterator[Problem]:
    known = {MANIFEST, INVARIANTS, *TEXTS.values()}
    for path in sorted(known - files.keys()):
        yield problem("pack.file.missing", path)
    if not any(path.endswith(".cedar") for path in files):
        yield problem("pack.file.missing", "disclose.cedar")
    for path in sorted(files.keys() - known - {SCHEMA_PATH}):
        if not re.fullmatch(r"[a-z0-9-]+\.cedar", path) and not _CASES.fullmatch(path):
            yield problem("pack.file.unknown", "pack")


def _rules(files: Mapping[str, bytes]) -> tuple[Rule, ...]:
    """Every rule in the order of file names and lines; strictly validated by Cedar as a whole."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    for path in sorted(p for p in files if p.endswith(".cedar")):
        try:
            text = files[path].decode("utf-8")
        except UnicodeDecodeError:
            raise bad("pack.rule.syntax", path) from None
        found, wrong = read_rules(path, text)
        rules += found
        problems += wrong
    if problems:
        raise BadInput(problems)
    refused = [
        problem("pack.rule.not_valid", f"{r.file}: line {r.line}", rule=r.id)
        for r in rules
        if not engine.validates(r.text)
    ]
    if refused:
        raise BadInput(refused)
    return tuple(rules)


def _id_problems(rules: Iterable[Rule]) -> Iterator[Problem]:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            yield problem("pack.rule.id_twice", f"{rule.file}: line {rule.line}", rule=rule.id)
        seen.add(rule.id)


def _rank_problems(manifest: Manifest, rules: Iterable[Rule]) -> Iterator[Problem]:
    """A proposal's rules have no rank, a state's pack holds no federal rule, and the other way round."""
    for rule in rules:
        proposal = (rule.rank is v.Rank.PROPOSAL) == (manifest.rank is v.Rank.PROPOSAL)
        federal = rule.rank is v.Rank.PROPOSAL or rule.rank.federal == (manifest.jurisdiction == "us")
        if not proposal or not federal:
            yield problem(
                "pack.rule.rank_not_allowed", f"{rule.file}: line {rule.line}", rule=rule.id, rank=rule.rank
            )


def _text_problems(rules: Iterable[Rule], texts: Mapping[v.Language, Mapping[str, str]]) -> Iterator[Problem]:
    ids = {rule.id for rule in rules}
    for language, path in TEXTS.items():
        for rule_id in sorted(ids - texts[language].keys()):
            yield problem("pack.text.missing", path, rule=rule_id)
        for _ in texts[language].keys() - ids:
            yield problem("pack.text.of_no_rule", path)


def _match_problems(rules: Iterable[Rule]) -> list[Problem]:
    """Rules that no facts could match (a source that may not supply the fact, say), or too wide to search."""
    problems: list[Problem] = []
    for r in rules:
        place = f"{r.file}: line {r.line}"
        try:
            if Space().of_tree(r.condition) is False:
                problems.append(problem("pack.rule.never_matches", place, rule=r.id))
        except TooWide:
            problems.append(problem("pack.rule.too_wide", place, rule=r.id))
    return problems


_PROBE: Final = '@id("probe") permit (principal, action, resource);'
"""Beside forbids, something to forbid: a forbid alone can only deny, whether it matches or not."""


def _agreement_problems(rules: tuple[Rule, ...]) -> list[Problem]:
    """Cedar, the closures and the diagrams, at a point where each rule matches and one where it does not."""
    halves = [
        _disagreeing([r for r in rules if r.effect is RuleEffect.PERMIT], ""),
        _disagreeing([r for r in rules if r.effect is RuleEffect.FORBID], _PROBE),
    ]
    found = halves[0] | halves[1]
    return [
        problem("pack.rule.readings_differ", f"{r.file}: line {r.line}", rule=r.id)
        for r in rules
        if r.id in found
    ]


def _disagreeing(rules: list[Rule], probe: str) -> set[str]:
    if not rules:
        return set()
    cedar = engine.Engine("\n".join([*(r.text for r in rules), probe]))
    closures = {r.id: predicate(r.condition) for r in rules}
    wrong: set[str] = set()
    for rule in rules:
        diagram = Space().of_tree(rule.condition)
        for truth in leaves(diagram):
            point = choose(EVERYTHING, path_to(diagram, truth), FactSet())
            (answer,) = cedar.ask(context_json(point), rule.actions[:1])
            matched = rule.id in answer.rules
            if answer.incidents or not matched == truth == closures[rule.id](point):
                wrong.add(rule.id)
    return wrong


# ------------------------------------------------------------------------------------- invariants


def _invariants(data: bytes) -> tuple[tuple[str, ...], tuple[Claim, ...]]:
    table = pack.toml(data, INVARIANTS)
    if table.keys() - {"binding", "claim"} or tuple(table.get("binding", ())) != BINDING:
        raise bad("pack.invariants.binding", INVARIANTS, needed=", ".join(BINDING))
    claims = tuple(_claim(entry) for entry in table.get("claim", []))
    if len({c.id for c in claims}) != len(claims):
        raise bad("pack.invariants.malformed", INVARIANTS)
    return BINDING, claims


def _claim(entry: Any) -> Claim:  # noqa: ANN401 - one table of a TOML file
    match entry:
        case {"id": str(name), "say": say, "assume": str(assume), "effects": list(effects), **rest} if (
            not rest
        ):
            words = [v.Effect(e) for e in effects if e in list(v.Effect)]
        case _:
            raise bad("pack.invariants.malformed", INVARIANTS)
    if not words or len(words) != len(effects):
        raise bad("pack.invariants.malformed", INVARIANTS)
    condition = read_condition(INVARIANTS, assume)
    try:
        if Space().of_tree(condition) is False:
            raise bad("pack.invariants.vacuous", INVARIANTS, claim=name)
    except TooWide:
        raise bad("pack.invariants.too_wide", INVARIANTS, claim=name) from None
    return Claim(name, pack.read_text(say, INVARIANTS), assume, condition, frozenset(words))
