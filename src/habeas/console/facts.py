"""Facts on screen: what is known, who says so, who has read it, where it stands.

Promises that a row never shows a fact as checked that nobody checked, that it leads to every place the fact
rests on, that what was typed stays when something is refused (`confirming` takes the form), and that a court
clerk's number comes from the directory by the court's id: never from the browser, never from the paper.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs

from habeas.console import timeline
from habeas.console.acting import may
from habeas.console.office import desk
from habeas.console.papers import place_of
from habeas.console.permissions import Permission
from habeas.console.terms import term
from habeas.console.words import say
from habeas.domain import vocabulary as v
from habeas.domain import workflow
from habeas.domain.facts import SPEC, Scope
from habeas.domain.instrument import FieldName
from habeas.kernel.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from habeas.console.access import Opened, Request
    from habeas.console.papers import Mark, Marks
    from habeas.domain.case import Case
    from habeas.domain.determination import Evaluation
    from habeas.domain.facts import Fact, FactSpec, Place
    from habeas.domain.request import Court, Person

OWN: Final = frozenset({"custodian_kind"})
"""What the directory says and nobody at a desk changes."""

CALLED: Final = "court_called"
_LISTED: Final = "court_listed"
"""How the record names a call to the directory's number: nobody can choose or type this word."""

_HOWS: Final = (CALLED, "docket", "court_visited", "agency_called", "other")
"""Ways to check something elsewhere; a number or address belongs to each."""

ANOTHER: Final = "-"
"""Chosen in place of a court: a number that is not in the directory. No id has this form."""

_WORDS: Final = re.compile(r"\w+")

_LONGEST: Final = 200


# --------------------------------------------------------------------------------------- what is shown


@attrs.frozen
class Choice:
    """One choice of a list."""

    value: str
    word: str
    chosen: bool = False


@attrs.frozen
class Spot:
    """Where a fact stands: marks on one page, or the words in a text. `paper` is 0 for the message.

    `marks` are those that can be pointed at; `text` are the words of the first place that has no box.
    """

    paper: int
    page: int
    marks: tuple[Mark, ...]
    text: str


@attrs.frozen
class Row:
    """One fact: meaning, value, who says so, where it stands, and what it may be changed to.

    `checked` is whether a person has read it too; `used` whether the rules' answer rests on it, `asked`
    whether it waits for it.
    """

    row: str
    name: str
    item: str
    meaning: str
    value: str
    known: bool
    source: str
    checked: bool
    used: bool
    asked: bool
    spots: tuple[Spot, ...]
    values: tuple[Choice, ...] = ()
    sources: tuple[Choice, ...] = ()
    touched: bool = False
    problem: str = ""

    @property
    def field(self) -> str:
        """The end of the names of its fields in the form."""
        return field_name(self.name, self.item)

    @property
    def fixed(self) -> bool:
        """Whether it cannot be changed here."""
        return not self.values


@attrs.frozen
class Group:
    """The facts of the request (`item` "") or of one item, by who has read them; then those nobody stated.

    `waiting` are what the rules ask for and nobody knows.
    """

    item: str
    title: str
    waiting: tuple[Row, ...]
    unchecked: tuple[Row, ...]
    checked: tuple[Row, ...]
    others: tuple[Row, ...]

    @property
    def sections(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """The parts that have rows, each with the key of its heading."""
        every = (("waiting", self.waiting), ("machine", self.unchecked), ("person", self.checked))
        return tuple((name, rows) for name, rows in every if rows)


@attrs.frozen
class Checked:
    """How a person says that something was checked elsewhere."""

    how: str = ""
    whom: str = ""
    court: str = ""
    number: str = ""
    found: str = ""

    @property
    def begun(self) -> bool:
        """Whether anything was said; a court may have been chosen beforehand and says nothing."""
        return any((self.how, self.whom, self.number, self.found))

    def text(self, courts: Sequence[Court]) -> str:
        """One line for the record; "" where something is wrong with it."""
        if self.wrong(courts):
            return ""
        court = self._listed(courts)
        if court is None:
            return f"{self.how}: {self.whom}; {self.number}; {self.found}"
        where = f"{court.name}; {court.source}; {court.checked_on.isoformat()}"
        return f"{_LISTED}: {self.whom}; {court.phone}; {where}"

    def wrong(self, courts: Sequence[Court]) -> str:
        """The key of what is wrong, "" where nothing is: a check half described is none.

        Whoever called a court says which one, or that it was another number; not both.
        """
        listed = self._listed(courts)
        if self.how == CALLED and courts and listed is None and self.court != ANOTHER:
            return "court"
        if listed is not None and (self.number or self.found):
            return "two_numbers"
        number = (self.number, self.found) if listed is None else ()
        return "" if self.how in _HOWS and all((self.whom, *number)) else "check"

    def _listed(self, courts: Sequence[Court]) -> Court | None:
        """The court that was called, if it is one of the directory's."""
        if self.how != CALLED:
            return None
        return next((c for c in courts if c.court_id == self.court), None)


WRONG_CHECKS: Final = frozenset({"check", "court", "two_numbers"})
"""Everything that `Checked.wrong` says."""


@attrs.frozen
class FactsPart:
    """Everything `_facts.html` shows. `form` is whether this person may say something about it now;
    `reader` the name of whoever last checked the facts; `court` the id chosen in the list of `courts`,
    `printed` the court of the list whose name the papers print.
    """

    groups: tuple[Group, ...]
    form: bool
    unchecked: int
    reader: str = ""
    checked: Checked = Checked()
    hows: tuple[Choice, ...] = ()
    courts: tuple[Court, ...] = ()
    court: str = ""
    printed: Court | None = None
    counsel: str = ""
    problems: tuple[tuple[str, str], ...] = ()

    @property
    def folded(self) -> bool:
        """Whether the table may stay shut: everything was checked, and nothing was refused."""
        return not self.unchecked and not self.problems and not any(g.waiting for g in self.groups)

    @property
    def check_open(self) -> bool:
        """Whether the description of a check stands open: begun, or asked for."""
        return self.checked.begun or any(anchor == "check" for anchor, _ in self.problems)

    @property
    def another_open(self) -> bool:
        """Whether the fields of another number stand open: needed, or begun."""
        another = self.checked.how not in ("", CALLED) or self.checked.court == ANOTHER
        return another or bool(self.checked.number or self.checked.found) or not self.courts


@attrs.frozen
class Backing:
    """What the rows point at: the marks, the numbers of those placed in the message, what the rules say."""

    marks: Marks
    placed: frozenset[int]
    found: Evaluation | None


def facts_part(
    request: Request,
    opened: Opened,
    backing: Backing,
    typed: Mapping[str, str] | None = None,
    problems: tuple[tuple[str, str], ...] = (),
) -> FactsPart:
    """The facts of a case for a person; `typed` is a form that was refused, `problems` (anchor, sentence)."""
    case = opened.case
    form = may_confirm(case, request.person)
    shower = _Shower(case, backing, form, typed or {}, dict(problems))
    groups = [shower.group("", "")]
    groups += [shower.group(i.item_id, term("fact:data_category", str(i.category))) for i in case.items]
    checked = check_of(typed or {})
    courts = tuple(desk().ports.directory.courts(case.custodian))
    printed = _printed(case, courts)
    return FactsPart(
        groups=tuple(groups),
        form=form,
        unchecked=sum(len(g.unchecked) for g in groups),
        reader=timeline.last_actor(case, v.EventKind.FACTS_CONFIRMED),
        checked=checked,
        hows=tuple(Choice(h, say(f"case.how.{h}"), h == checked.how) for h in _HOWS),
        courts=courts,
        court=checked.court if typed else printed.court_id if printed else "",
        printed=printed,
        counsel=desk().ports.directory.custodian(case.custodian).counsel,
        problems=problems,
    )


def may_confirm(case: Case, person: Person) -> bool:
    """Whether this person may say something about the facts of the case as it stands.

    An answered case could be opened again by a confirmation; no page offers that.
    """
    if case.state is v.CaseState.CLOSED or not may(person, case, Permission.FACTS_CONFIRM):
        return False
    try:
        workflow.advance(case.state, v.EventKind.FACTS_CONFIRMED)
    except BadInput:
        return False
    return True


@attrs.frozen
class _Shower:
    """Makes the rows of one case."""

    case: Case
    backing: Backing
    form: bool
    typed: Mapping[str, str]
    problems: Mapping[str, str]

    def group(self, item: str, title: str) -> Group:
        scope = Scope.ITEM if item else Scope.REQUEST
        rows = [self.row(spec, item) for spec in SPEC.values() if spec.scope is scope]
        read = [r for r in rows if r.known or r.spots]
        waiting = tuple(r for r in rows if r not in read and (r.asked or r.touched or r.problem))
        return Group(
            item,
            title,
            waiting,
            unchecked=tuple(r for r in read if not r.checked),
            checked=tuple(r for r in read if r.checked),
            others=tuple(r for r in rows if r not in read and r not in waiting),
        )

    def row(self, spec: FactSpec, item: str) -> Row:
        fact = (self.case.facts_of(item) if item else self.case.facts)[spec.name]
        key = row_key(spec.name, item)
        stated = spec.name in (self.case.facts_of(item) if item else self.case.facts).facts
        value, source = self.chosen(spec, item, fact)
        changes = self.form and spec.name not in OWN
        return Row(
            row=key,
            name=spec.name,
            item=item,
            meaning=term("fact", spec.name),
            value=term(f"fact:{spec.name}", fact.value),
            known=fact.known,
            source=term("source", fact.source) if fact.known else "",
            checked=stated and fact.reading is v.Reading.PERSON,
            used=self.names(spec.name, item, "used"),
            asked=self.names(spec.name, item, "missing"),
            spots=tuple(self.spots(fact, spec.name, key)),
            values=tuple(_values(spec, value)) if changes else (),
            sources=tuple(_sources(spec, fact, source)) if changes else (),
            touched=(value, source) != (fact.value, source_of(spec, fact)),
            problem=self.problems.get(key, ""),
        )

    def chosen(self, spec: FactSpec, item: str, fact: Fact) -> tuple[str, str]:
        """What the lists show: what was typed before, else what is known."""
        field = field_name(spec.name, item)
        value = self.typed.get(f"value-{field}", fact.value)
        return value, self.typed.get(f"source-{field}", source_of(spec, fact))

    def names(self, name: str, item: str, what: str) -> bool:
        """Whether the rules' answer rests on this fact (`used`), or waits for it (`missing`)."""
        found = self.backing.found
        items = [i for i in found.items if not item or i.item_id == item] if found else []
        if what == "used":
            return any(name in i.used for i in items)
        return any(m.fact == name for i in items for m in i.missing)

    def spots(self, fact: Fact, name: str, key: str) -> Iterator[Spot]:
        """The places of a fact, page by page."""
        pages: dict[tuple[int, int], list[Place]] = {}
        for place in fact.evidence:
            paper = place_of(self.case, place)
            pages.setdefault((paper, place.page if paper else 0), []).append(place)
        for (paper, page), places in sorted(pages.items()):
            shown = [p for p in places if p.box or not paper]
            every = [self.backing.marks.add(p, term("fact", name), key) for p in shown]
            marks = [m for m in every if paper or m.number in self.backing.placed]
            text = next((p.text for p in places if p not in shown), "")
            yield Spot(paper, page, tuple(dict.fromkeys(marks)), text)


def row_key(name: str, item: str = "") -> str:
    """The id of a fact's row on the page."""
    return f"fact-{item}-{name}" if item else f"fact-{name}"


def field_name(name: str, item: str = "") -> str:
    """The end of the names of a fact's fields in the form."""
    return f"{item}.{name}" if item else name


def _values(spec: FactSpec, chosen: str) -> Iterator[Choice]:
    for value in (*spec.domain, v.UNKNOWN):
        yield Choice(value, term(f"fact:{spec.name}", value), value == chosen)


def _sources(spec: FactSpec, fact: Fact, chosen: str) -> Iterator[Choice]:
    for source in v.Source:
        if source in spec.suppliers or (fact.known and source is fact.source):
            yield Choice(str(source), term("source", str(source)), source == chosen)


def source_of(spec: FactSpec, fact: Fact) -> str:
    """Who says so now; nobody where it is not known and whoever it stands under may not say it."""
    return str(fact.source) if fact.known or fact.source in spec.suppliers else ""


def check_of(typed: Mapping[str, str]) -> Checked:
    """The description of a check in a form."""
    return Checked(*(typed.get(f"check-{name}", "") for name in ("how", "whom", "court", "number", "found")))


def _printed(case: Case, courts: Sequence[Court]) -> Court | None:
    """The court whose name the papers print, None where that is none or not one only."""
    names = {_plain(name) for name in _captions(case)}
    found = [c for c in courts if _plain(c.name) in names]
    return found[0] if len(found) == 1 else None


def _captions(case: Case) -> Iterator[str]:
    """The courts as the papers print them: alone, and with the district that stands under the caption."""
    for paper in case.read.papers if case.read else ():
        for instrument in paper.instruments:
            district = instrument.first(FieldName.DISTRICT)
            for court in instrument.all(FieldName.COURT):
                yield court.value
                if district:
                    yield f"{court.value} {district.value}"


def _plain(name: str) -> tuple[str, ...]:
    """The words of a name: capitals and commas make no other court."""
    return tuple(_WORDS.findall(name.casefold()))
