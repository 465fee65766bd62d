"""Cedar text → typed rules: the accepted subset, and a refusal by rule, line and operator for the rest.

Hides Cedar's own syntax tree (parsing is Cedar's). Promises that what it lets through is a `tree.Rule`,
whose condition cannot err, and that a refusal says where and why.

The facts are finite word lists (`domain.facts`), so the subset is narrower than Cedar: `permit` and
`forbid`, the action named, `when` / `unless`, `&& || !`, `if then else`, `== !=`, `in` a literal list,
a literal set's `contains`, `true` and `false`. Numbers, texts, dates, tags, records, `has`, `like`,
extension types, templates, and a constraint on principal or resource are refused.

No rule may name the word `unknown`: what nobody established is handled by trying every completion
(`completion.py`), and a rule that could test for ignorance would undo that.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NoReturn

import attrs

from habeas.domain import vocabulary as v
from habeas.kernel.errors import BadInput, problem
from habeas.policy import engine
from habeas.policy.schema import ACTIONS, ATTRIBUTES, DUTIES, PRINCIPAL, RESOURCE
from habeas.policy.tree import (
    Always,
    Both,
    DutyStart,
    Either,
    IfElse,
    Negation,
    OneOf,
    Rule,
    RuleEffect,
    Tree,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from habeas.kernel.errors import Problem
    from habeas.policy.schema import Attribute

MAX_DEPTH: Final = 100
"""Nesting of a condition, and of brackets in a rule's text; deeper is refused."""

MAX_JOINTS: Final = 300
"""Operators and dots of one rule."""

MAX_TEXT: Final = 20_000
"""Characters of one rule. Cedar's parser recurses on the machine's stack, and a text that nests too deeply
ends the process: all three are measured before it sees the text."""


# ------------------------------------------------------------------------------------- splitting text


@attrs.frozen
class Chunk:
    """One rule's text and the line its first word stands on (from 1)."""

    line: int
    text: str


_PASSED_OVER: Final = r"""//[^\n\r]*|"(?:\\.|[^"\\])*\""""
"""Comments (which a carriage return ends too) and texts: nothing in them counts."""

_TOKEN: Final = re.compile(rf"{_PASSED_OVER}|;", re.DOTALL)
_NESTING: Final = re.compile(rf"{_PASSED_OVER}|[()\[\]{{}}]|&&|\|\||[!.+*-]|\bif\b", re.DOTALL)
_COMMENT: Final = re.compile(r"\s*(?://[^\n\r]*(?:[\n\r]|\Z)\s*)*")


def split(text: str) -> tuple[Chunk, ...]:
    """Cedar text → one chunk a rule: rules end at a `;` outside texts and comments."""
    chunks: list[Chunk] = []
    start = 0
    for token in _TOKEN.finditer(text):
        if token.group() == ";":
            chunks.append(_chunk(text, start, token.end()))
            start = token.end()
    if not _COMMENT.fullmatch(text, start):
        chunks.append(_chunk(text, start, len(text)))
    return tuple(chunks)


def _chunk(text: str, start: int, end: int) -> Chunk:
    lead = _COMMENT.match(text, start, end)
    first = lead.end() if lead else start
    return Chunk(text.count("\n", 0, first) + 1, text[first:end])


def _too_deep(text: str) -> bool:
    if len(text) > MAX_TEXT:
        return True
    depth = joints = 0
    for token in _NESTING.finditer(text):
        first = token.group()[0]
        if first in "([{":
            depth += 1
        elif first in ")]}":
            depth -= 1
        elif first not in '/"':
            joints += 1
        if depth > MAX_DEPTH or joints > MAX_JOINTS:
            return True
    return False


# ------------------------------------------------------------------------------------- reading a rule


@attrs.frozen
class _Reader:
    """Where we are: for refusals that name file, line, rule and operator.

    Words are looked for from `start` on, so that an `==` of a condition is not taken for the scope's.
    """

    file: str
    chunk: Chunk
    rule: str
    start: int = 0

    def line(self, word: str = "") -> int:
        """The line of the word's first occurrence in the rule, else the rule's own."""
        at = self.chunk.text.find(word, self.start) if word else -1
        return self.chunk.line + (self.chunk.text.count("\n", 0, at) if at > 0 else 0)

    def at_condition(self) -> _Reader:
        """The same, looking in the rule's conditions only."""
        return attrs.evolve(self, start=max(self.chunk.text.find("{"), 0))

    def refuse(self, code: str, word: str = "", **detail: object) -> NoReturn:
        """Refuse the rule."""
        raise BadInput(problem(code, f"{self.file}: line {self.line(word)}", rule=self.rule, **detail))


def read_rules(file: str, text: str) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
    """Every rule of a `.cedar` file, and what is wrong with the others."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    for chunk in split(text):
        try:
            rules.append(read_rule(file, chunk))
        except BadInput as refused:
            problems += refused.problems
    return tuple(rules), tuple(problems)


def read_rule(file: str, chunk: Chunk) -> Rule:
    """One chunk → its rule, or `BadInput` naming rule, line and operator."""
    policy = _only_policy(file, chunk)
    notes = policy.get("annotations", {})
    rule_id = notes.get("id") or ""
    reader = _Reader(file, chunk, rule_id if _ID.fullmatch(rule_id) else "?")
    if reader.rule == "?":
        reader.refuse("pack.rule.no_id", "@id")
    _scope(reader, policy)
    actions = _actions(reader, policy["action"])
    return Rule(
        id=rule_id,
        effect=RuleEffect(policy["effect"]),
        actions=actions,
        condition=_condition(reader.at_condition(), policy["conditions"]),
        text=chunk.text,
        file=file,
        line=chunk.line,
        **_notes(reader, notes, actions),
    )


def read_condition(file: str, text: str) -> Tree:
    """A bare Cedar condition (as in `invariants.toml`) → its tree, or `BadInput`."""
    chunk = Chunk(1, f'@id("claim") permit (principal, action, resource) when {{ {text} }};')
    policy = _only_policy(file, chunk)
    return _condition(_Reader(file, chunk, "claim").at_condition(), policy["conditions"])


def _only_policy(file: str, chunk: Chunk) -> dict[str, Any]:
    place = f"{file}: line {chunk.line}"
    if _too_deep(chunk.text):
        raise BadInput(problem("pack.rule.too_deep", place, rule="?", limit=MAX_DEPTH))
    try:
        found = engine.syntax_tree(chunk.text)
    except BadInput:
        raise BadInput(problem("pack.rule.syntax", place)) from None
    policies = list(found["staticPolicies"].values())
    if len(policies) != 1:
        raise BadInput(problem("pack.rule.template", place))
    return dict(policies[0])


def _scope(reader: _Reader, policy: Mapping[str, Any]) -> None:
    """Principal and resource stand free: a constraint on them is silently void where one is missing."""
    for name, (type_name, _) in (("principal", PRINCIPAL), ("resource", RESOURCE)):
        scope = policy[name]
        plain = scope["op"] == "All" or (scope["op"] == "is" and scope["entity_type"] == type_name)
        if not plain or "in" in scope:
            reader.refuse("pack.rule.scope_refused", name, operator=f"{name} {scope['op']}")


def _actions(reader: _Reader, scope: Mapping[str, Any]) -> tuple[str, ...]:
    match scope:
        case {"op": "==", "entity": entity}:
            entities = [entity]
        case {"op": "in", "entity": entity}:
            entities = [entity]
        case {"op": "in", "entities": many}:
            entities = list(many)
        case _:
            reader.refuse("pack.rule.action_open", "action")
    names = tuple(str(e["id"]) for e in entities)
    if not names or any(e["type"] != "Action" or e["id"] not in ACTIONS for e in entities):
        reader.refuse("pack.rule.action_unknown", "Action::", known=", ".join(ACTIONS))
    if any(n in DUTIES for n in names) and len(names) > 1:
        reader.refuse("pack.rule.duty_not_alone", "Action::")
    return names


# ------------------------------------------------------------------------------------- annotations

_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NEEDED: Final = frozenset({"id", "rank", "cite", "verified"})
_OPTIONAL: Final = frozenset({"order", "since"})
_OF_A_DUTY: Final = frozenset({"starts", "days", "day_kind"})
_DAY_KINDS: Final = frozenset({"calendar", "business"})
_YES_NO: Final = {"true": True, "false": False}


def _notes(reader: _Reader, notes: Mapping[str, str | None], actions: tuple[str, ...]) -> dict[str, Any]:
    duty = actions[0] in DUTIES
    allowed = _NEEDED | _OPTIONAL | (_OF_A_DUTY if duty else frozenset())
    for name in sorted(notes.keys() - allowed):
        reader.refuse("pack.rule.annotation_unknown", f"@{name}", annotation=name)
    for name in sorted(
        (_NEEDED | ({"starts"} if duty else set())) - {n for n, text in notes.items() if text}
    ):
        reader.refuse("pack.rule.annotation_missing", "", annotation=name)
    return {
        "cite": notes["cite"],
        "rank": _word(reader, notes, "rank", {str(r): r for r in v.Rank}),
        "verified": _word(reader, notes, "verified", _YES_NO),
        "order": _number(reader, notes, "order") or 0,
        "since": _date(reader, notes),
        "starts": _word(reader, notes, "starts", {str(s): s for s in DutyStart}) if duty else None,
        "days": _number(reader, notes, "days"),
        "day_kind": _word(reader, notes, "day_kind", {d: d for d in _DAY_KINDS}, "calendar"),
    }


def _word(
    reader: _Reader,
    notes: Mapping[str, str | None],
    name: str,
    words: Mapping[str, Any],
    default: str | None = None,
) -> Any:  # noqa: ANN401 - a member of whichever word list the annotation has
    text = notes.get(name, default) or ""
    if text not in words:
        reader.refuse("pack.rule.annotation_word", f"@{name}", annotation=name, allowed=", ".join(words))
    return words[text]


def _number(reader: _Reader, notes: Mapping[str, str | None], name: str) -> int | None:
    text = notes.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", text):
        reader.refuse("pack.rule.annotation_word", f"@{name}", annotation=name, allowed="0 to 9999")
    return int(text)


def _date(reader: _Reader, notes: Mapping[str, str | None]) -> date | None:
    text = notes.get("since")
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        reader.refuse("pack.rule.annotation_word", "@since", annotation="since", allowed="YYYY-MM-DD")


# ------------------------------------------------------------------------------------- conditions


def _condition(reader: _Reader, clauses: list[dict[str, Any]]) -> Tree:
    trees = [
        _tree(reader, c["body"], 0) if c["kind"] == "when" else Negation(_tree(reader, c["body"], 0))
        for c in clauses
    ]
    if not trees:
        return Always(value=True)
    whole, *rest = trees
    for tree in rest:
        whole = Both(whole, tree)
    return whole


def _tree(reader: _Reader, node: dict[str, Any], depth: int) -> Tree:
    if depth > MAX_DEPTH:
        reader.refuse("pack.rule.too_deep", "", limit=MAX_DEPTH)
    deeper = depth + 1
    match node:
        case {"Value": bool(value)}:
            return Always(value)
        case {"!": {"arg": arg}}:
            return Negation(_tree(reader, arg, deeper))
        case {"&&": {"left": left, "right": right}}:
            return Both(_tree(reader, left, deeper), _tree(reader, right, deeper))
        case {"||": {"left": left, "right": right}}:
            return Either(_tree(reader, left, deeper), _tree(reader, right, deeper))
        case {"if-then-else": {"if": test, "then": yes, "else": no}}:
            return IfElse(*(_tree(reader, part, deeper) for part in (test, yes, no)))
        case _:
            return _atom(reader, node)


def _atom(reader: _Reader, node: dict[str, Any]) -> Tree:
    match node:
        case {"==": {"left": left, "right": right}}:
            return _equal(reader, left, right)
        case {"!=": {"left": left, "right": right}}:
            return Negation(_equal(reader, left, right))
        case {"in": {"left": left, "right": {"Set": list(words)}}}:
            return _one_of(reader, "in", left, words)
        case {"in": {"left": left, "right": right}}:
            return _one_of(reader, "in", left, [right])
        case {"contains": {"left": {"Set": list(words)}, "right": right}}:
            return _one_of(reader, "contains", right, words)
        case _:
            return _refuse_operator(reader, node)


def _refuse_operator(reader: _Reader, node: dict[str, Any]) -> NoReturn:
    operator = str(next(iter(node), "?"))
    shown = _SHOWN.get(operator, operator)
    reader.refuse("pack.rule.operator_refused", shown, operator=shown)


_SHOWN: Final = {
    ".": "an attribute that is not compared",
    "Value": "a number or text",
    "Var": "a whole entity",
}
"""Cedar's names of nodes that no author would recognise."""


def _equal(reader: _Reader, left: dict[str, Any], right: dict[str, Any]) -> OneOf:
    if "." in right:
        left, right = right, left
    return _one_of(reader, "==", left, [right])


def _one_of(reader: _Reader, operator: str, left: dict[str, Any], words: list[dict[str, Any]]) -> OneOf:
    match left:
        case {".": {"left": {"Var": "context"}, "attr": str(name)}} if name in ATTRIBUTES:
            attribute = ATTRIBUTES[name]
        case {".": {"attr": str(name)}}:
            reader.refuse("pack.rule.attribute_unknown", name, operator=operator)
        case _:
            reader.refuse("pack.rule.operator_refused", operator, operator=operator)
    return OneOf(attribute, tuple(_literal(reader, operator, attribute, word) for word in words))


def _literal(reader: _Reader, operator: str, attribute: Attribute, node: dict[str, Any]) -> str:
    match node:
        case {"Value": {"__entity": {"type": str(type_name), "id": str(word)}}}:
            return _known_word(reader, attribute, type_name, word)
        case _:
            return reader.refuse("pack.rule.operator_refused", operator, operator=f"{operator} and no word")


@cache
def _words(attribute: Attribute) -> frozenset[str]:
    return frozenset(attribute.words)


def _known_word(reader: _Reader, attribute: Attribute, type_name: str, word: str) -> str:
    if type_name != attribute.type_name or word not in _words(attribute):
        code = "pack.rule.unknown_tested" if word == v.UNKNOWN else "pack.rule.word_unknown"
        reader.refuse(code, f'"{word}"', attribute=attribute.name, type=attribute.type_name)
    return word
