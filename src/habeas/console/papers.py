"""The papers of a case on screen: pages as pictures, what was read of them marked in place, the original.

Promises that every picture, text and file passes the same gate as the case; that a stranger's bytes are
never sent to be shown, only pictures made here in a process of their own; that nothing is kept in a cache;
and that what cannot be shown says so and can be downloaded.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import attrs
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from habeas.adapters.drawing_room import DrawingRoom
from habeas.console.access import line_of, needs, open_case
from habeas.console.office import desk
from habeas.console.permissions import Permission
from habeas.console.templatetags.words import day
from habeas.console.terms import term
from habeas.console.words import say
from habeas.domain.facts import SPEC
from habeas.domain.instrument import FieldName
from habeas.kernel.errors import BadInput
from habeas.usecases.ports import Viewed
from habeas.usecases.read import MESSAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from habeas.console.access import Request
    from habeas.domain.case import Case, PaperReading
    from habeas.domain.facts import Place
    from habeas.domain.instrument import Field, Instrument
    from habeas.domain.request import Attachment
    from habeas.kernel.errors import Problem
    from habeas.usecases.ports import View

WIDTH: Final = 1200
"""Pixels across of a page's picture: sharp on a screen of twice its density."""

THUMB: Final = 160
"""Pixels across of a page's small picture."""

WINDOW: Final = 8
"""Pages that the case page holds at a time."""

STRIP: Final = 24
"""Small pictures that the strip holds; a longer paper has a field to type a page's number."""

ONE_OPENING: Final = timedelta(hours=1)
"""Pictures asked for so long after a case was opened belong to that opening."""

_DRAWABLE: Final = ("application/pdf", "image/png", "image/jpeg", "image/tiff", "image/gif", "image/bmp")
_TEXT: Final = ("text/plain", "text/csv")
_TEXT_MOST: Final = 60_000

_room: Final = DrawingRoom()


# -------------------------------------------------------------------------------------------- marks


@attrs.frozen
class Mark:
    """A numbered place on a page: where it is, and what was read there.

    `key` is the fact it belongs to (the row it leads back to), "" where it is none of the rules' facts.
    """

    number: int
    place: Place
    says: tuple[str, ...]
    row: str

    @property
    def x(self) -> int:
        """Left."""
        return self._box[0]

    @property
    def y(self) -> int:
        """Top."""
        return self._box[1]

    @property
    def wide(self) -> int:
        """Width, at least wide enough to be hit."""
        return max(self._box[2] - self._box[0], 6)

    @property
    def tall(self) -> int:
        """Height, at least tall enough to be hit."""
        return max(self._box[3] - self._box[1], 6)

    @property
    def tag_x(self) -> int:
        """Left of the numbered tag, outside of the words where there is room."""
        return max(self._box[0] - 17, 0)

    @property
    def tag_mid(self) -> int:
        """Where the number stands within the tag, across."""
        return self.tag_x + 8

    @property
    def tag_base(self) -> int:
        """The line the number is written on."""
        return self.y + 10

    @property
    def _box(self) -> tuple[int, int, int, int]:
        return self.place.box or (0, 0, 0, 0)


@attrs.define
class Marks:
    """Every place that something rests on, numbered in the order in which it is first named."""

    _found: dict[tuple[str, int, tuple[int, int, int, int] | None, str], Mark] = attrs.field(factory=dict)

    def add(self, place: Place, says: str, row: str) -> Mark:
        """The mark of a place; several things that rest on one place share it."""
        key = (place.blob, place.page, place.box, "" if place.box else place.text)
        old = self._found.get(key)
        if old is None:
            mark = Mark(len(self._found) + 1, place, (says,), row)
        else:
            mark = attrs.evolve(old, says=old.says if says in old.says else (*old.says, says))
        self._found[key] = mark
        return mark

    def on(self, blob: str, page: int) -> list[Mark]:
        """The marks of one page that have a box."""
        return [
            m for m in self._found.values() if (m.place.blob, m.place.page) == (blob, page) and m.place.box
        ]

    def in_text(self, blob: str) -> list[Mark]:
        """The marks of a text, which has no pages."""
        return [m for m in self._found.values() if m.place.blob == blob and m.place.text]

    def pages(self, blob: str) -> list[int]:
        """The pages of a paper that anything rests on."""
        return sorted({m.place.page for m in self._found.values() if m.place.blob == blob})


def marks_of(case: Case) -> Marks:
    """Every place that a fact of the case rests on: the request's facts, then each item's, in table order."""
    marks = Marks()
    for name in SPEC:
        for place in case.facts[name].evidence:
            marks.add(place, term("fact", name), f"fact-{name}")
    for item in case.items:
        for name in SPEC:
            for place in case.facts_of(item.item_id)[name].evidence:
                marks.add(place, term("fact", name), f"fact-{item.item_id}-{name}")
    return marks


# ------------------------------------------------------------------------------------------- papers


@attrs.frozen
class PageShown:
    """A page of the window: its size in points, its marks."""

    number: int
    width: int
    height: int
    marks: list[Mark]


@attrs.frozen
class Part:
    """One legal paper within a file: what it is, who issued it, on which pages, by which page it begins."""

    title: str
    authority: str
    signed: str
    first: int
    last: int
    doubtful: bool
    fields: tuple[tuple[str, str, int], ...] = ()


@attrs.frozen
class PaperShown:
    """One file. `form` says how it is shown: `pages`, `text`, `hand` (must be opened by hand)."""

    number: int
    filename: str
    media_type: str
    size: int
    form: str
    parts: tuple[Part, ...]
    problem: str = ""
    count: int = 0
    first: int = 1
    pages: tuple[PageShown, ...] = ()
    strip: tuple[int, ...] = ()
    marked: tuple[int, ...] = ()
    text: str = ""

    @property
    def last(self) -> int:
        """The last page of the window."""
        return self.first + len(self.pages) - 1

    @property
    def before(self) -> int:
        """The first page of the window before; 0 where there is none."""
        return max(self.first - WINDOW, 1) if self.first > 1 else 0

    @property
    def after(self) -> int:
        """The first page of the window after; 0 where there is none."""
        return self.last + 1 if self.last < self.count else 0


@attrs.frozen
class Shelf:
    """The papers of a case: a line for each, and the one that is shown."""

    lines: tuple[PaperShown, ...]
    shown: PaperShown | None


def shelf(case: Case, marks: Marks, number: int, page: int) -> Shelf:
    """The papers of a case, the one numbered `number` opened where `page` lies.

    Where no such number is asked for, it is the one that speaks for the request.
    """
    lines = tuple(_line(case, n, a) for n, a in enumerate(case.request.attachments, 1))
    if not lines:
        return Shelf((), None)
    chosen = lines[number - 1] if 1 <= number <= len(lines) else lines[_speaking(case) - 1]
    attachment = case.request.attachments[chosen.number - 1]
    return Shelf(lines, _opened(case, chosen, attachment, marks, page))


def _speaking(case: Case) -> int:
    """The number of the paper with the instrument that speaks for the request; the first where none does."""
    blobs = [a.blob for a in case.request.attachments]
    papers = case.read.papers if case.read else ()
    found = (blobs.index(p.blob) + 1 for p in papers if case.instrument in p.instruments and p.blob in blobs)
    return next(found, 1)


def place_of(case: Case, place: Place) -> int:
    """The number of the paper that a place is on; 0 for the message."""
    found = (n for n, a in enumerate(case.request.attachments, 1) if a.blob == place.blob)
    return next(found, 0)


def _line(case: Case, number: int, attachment: Attachment) -> PaperShown:
    reading = _reading(case, attachment)
    drawable = attachment.media_type in _DRAWABLE
    form = "pages" if drawable else "text" if attachment.media_type in _TEXT else "hand"
    parts = tuple(_part(i) for i in reading.instruments) if reading else ()
    return PaperShown(
        number, attachment.filename, attachment.media_type, attachment.size, form, parts,
        problem=_code_words(reading.problem) if reading else "",
    )  # fmt: skip


def _reading(case: Case, attachment: Attachment) -> PaperReading | None:
    papers = case.read.papers if case.read else ()
    return next((p for p in papers if p.blob == attachment.blob), None)


def _part(instrument: Instrument) -> Part:
    return Part(
        title=term("paper", instrument.kind),
        authority=term("authority", instrument.authority),
        signed=term("signed", instrument.signed),
        first=instrument.first_page,
        last=instrument.last_page,
        doubtful=instrument.needs_person,
        fields=tuple(_fields(instrument)),
    )


_FIELD_ORDER: Final = tuple(FieldName)


def _fields(instrument: Instrument) -> Iterator[tuple[str, str, int]]:
    for field in sorted(instrument.fields, key=lambda f: _FIELD_ORDER.index(f.name)):
        yield say(f"case.field.{field.name}"), _told(field), field.place.page


_DATES: Final = (FieldName.ISSUED_ON, FieldName.EXECUTE_BY_ON, FieldName.RETURN_ON)


def _told(field: Field) -> str:
    """What a field says; a date is written out, one in another form is shown as it was read."""
    if field.name not in _DATES:
        return field.value
    try:
        return day(date.fromisoformat(field.value))
    except ValueError:
        return field.value


def _code_words(problem: str) -> str:
    """The stored line of a reading's problem without its place and code, which are for a terminal."""
    told = problem.split(": ", 1)[-1].rsplit(" [", 1)[0]
    return told[:1].upper() + told[1:]


def _opened(case: Case, paper: PaperShown, attachment: Attachment, marks: Marks, page: int) -> PaperShown:
    if paper.form == "text":
        return attrs.evolve(paper, text=_plain(case, attachment))
    if paper.form != "pages":
        return paper
    try:
        sizes = _room.sizes(attachment.blob, fetcher(case, attachment))
    except BadInput as error:
        return attrs.evolve(paper, form="hand", problem=said(error.problems[0]))
    at = min(max(page, 1), len(sizes))
    first = (at - 1) // WINDOW * WINDOW + 1
    numbers = range(first, min(first + WINDOW, len(sizes) + 1))
    return attrs.evolve(
        paper,
        count=len(sizes),
        first=first,
        pages=tuple(PageShown(n, *sizes[n - 1], marks.on(attachment.blob, n)) for n in numbers),
        strip=tuple(_strip(len(sizes), at)),
        marked=tuple(p for p in marks.pages(attachment.blob) if 1 <= p <= len(sizes)),
    )


def _strip(count: int, at: int) -> Iterable[int]:
    """The pages whose small pictures stand in the strip: all of a short paper, those around of a long one."""
    first = min(max(at - STRIP // 2, 1), max(count - STRIP + 1, 1))
    return range(first, min(first + STRIP, count + 1))


def _plain(case: Case, attachment: Attachment) -> str:
    data = desk().ports.blobs.get(attachment.blob, case.case_id)
    return data[:_TEXT_MOST].decode("utf-8", "replace")


def said(problem: Problem) -> str:
    """A problem as a sentence."""
    told = f"{problem.message}; {problem.remedy}."
    return told[:1].upper() + told[1:]


def fetcher(case: Case, attachment: Attachment) -> Callable[[], bytes]:
    """What decrypts a paper, once somebody needs its bytes."""
    return lambda: desk().ports.blobs.get(attachment.blob, case.case_id)


# -------------------------------------------------------------------------------------------- texts


@attrs.frozen
class Run:
    """A piece of a text, with the marks that rest on it."""

    text: str
    marks: tuple[Mark, ...] = ()

    @property
    def marked(self) -> bool:
        """Whether any does."""
        return bool(self.marks)


@attrs.frozen
class Written:
    """The message as it came, with its marks; `placed` are the numbers of those found in its words."""

    subject: tuple[Run, ...]
    message: tuple[Run, ...]
    placed: frozenset[int]


def written(case: Case, marks: Marks) -> Written:
    """The subject and the message of a case, each mark in the first of the two that has its words."""
    every = marks.in_text(MESSAGE)
    subject, left = runs(case.request.subject_line, every)
    message, lost = runs(case.request.message, left)
    return Written(subject, message, frozenset({m.number for m in every} - {m.number for m in lost}))


def runs(text: str, marks: list[Mark]) -> tuple[tuple[Run, ...], list[Mark]]:
    """A text cut where marks rest on it, and the marks whose words are not in it.

    The reader joins lines, so any white space matches any. Of marks that overlap, the later ones begin where
    the first does not yet end: they share its words.
    """
    spans = [(m, _words_in(text, m.place.text)) for m in marks]
    found = sorted(((span, mark) for mark, span in spans if span), key=lambda x: (x[0], x[1].number))
    pieces: list[Run] = []
    at = 0
    for (start, end), mark in found:
        if start < at:
            pieces[-1] = attrs.evolve(pieces[-1], marks=(*pieces[-1].marks, mark))
            continue
        pieces += [Run(text[at:start]), Run(text[start:end], (mark,))]
        at = end
    pieces.append(Run(text[at:]))
    return tuple(p for p in pieces if p.text), [m for m, span in spans if span is None]


def _words_in(text: str, words: str) -> tuple[int, int] | None:
    """Where a text has some words in a row, whatever white space lies between them."""
    found = re.search(r"\s+".join(re.escape(w) for w in words.split()), text) if words.split() else None
    return found.span() if found else None


# -------------------------------------------------------------------------------------------- views


def _paper(request: Request, ref: str, n: int) -> tuple[Case, Attachment]:
    """A paper of a case that this person may see; a line in the log of views unless the case was just opened.

    A page's pictures belong to one opening and are one line; a picture asked for alone is an opening.
    """
    line = line_of(request, ref)
    ports = desk().ports
    case = ports.cases.load(line.case_id)
    if not 1 <= n <= len(case.request.attachments):
        raise Http404
    now = ports.clock.now()
    if not any(_covers(v, request.person.person_id, now) for v in ports.views.of_case(line.case_id)):
        ports.views.note(person=request.person.person_id, case_id=line.case_id, what=Viewed.PAPER, at=now)
    return case, case.request.attachments[n - 1]


def _covers(view: View, person_id: str, now: datetime) -> bool:
    """Whether an earlier opening by the same person is the one that a picture belongs to."""
    same = view.person == person_id and view.what in (Viewed.CASE, Viewed.PAPER)
    return same and now - view.at <= ONE_OPENING


def _picture(request: Request, ref: str, n: int, p: int, width: int) -> HttpResponse:
    case, attachment = _paper(request, ref, n)
    if attachment.media_type not in _DRAWABLE:
        raise Http404
    try:
        data = _room.picture(attachment.blob, fetcher(case, attachment), p, width)
    except BadInput as error:
        raise Http404 from error
    return HttpResponse(data, content_type="image/png")


@require_GET
@needs(Permission.PAPER_READ, personal=True)
def page_picture(request: Request, ref: str, n: int, p: int) -> HttpResponse:
    """A page as a picture."""
    return _picture(request, ref, n, p, WIDTH)


@require_GET
@needs(Permission.PAPER_READ, personal=True)
def page_thumb(request: Request, ref: str, n: int, p: int) -> HttpResponse:
    """A page as a small picture."""
    return _picture(request, ref, n, p, THUMB)


@require_GET
@needs(Permission.PAPER_READ, personal=True)
def page_text(request: Request, ref: str, n: int, p: int) -> HttpResponse:
    """The words on a page: a part of the case page, or a page of its own without scripts."""
    case, attachment = _paper(request, ref, n)
    if attachment.media_type not in _DRAWABLE:
        raise Http404
    try:
        text = _room.text(attachment.blob, fetcher(case, attachment), p)
    except BadInput as error:
        raise Http404 from error
    part = bool(getattr(request, "htmx", False))
    name = "console/_paper_text.html" if part else "console/case_text.html"
    return render(request, name, {"ref": ref, "n": n, "p": p, "text": text})


@require_GET
@needs(Permission.PAPER_READ, personal=True)
def original(request: Request, ref: str, n: int) -> HttpResponse:
    """The paper as it came, a file that no browser shows; a line in the log of views."""
    case = open_case(request, ref, Viewed.ORIGINAL).case
    if not 1 <= n <= len(case.request.attachments):
        raise Http404
    attachment = case.request.attachments[n - 1]
    data = desk().ports.blobs.get(attachment.blob, case.case_id)
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{ref}-{n}{_ending(attachment)}"'
    return response


_ENDINGS: Final = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "text/plain": ".txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


def _ending(attachment: Attachment) -> str:
    """By what the file is, not by the name it came under: that is a stranger's, and may hold a name."""
    return _ENDINGS.get(attachment.media_type, ".bin")
