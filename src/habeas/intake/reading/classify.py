"""Pages → instruments: kind by form, authority by form and signature block, signed by the block alone.

Promises that no word alone makes a paper a judge's: `judicial` needs the form or caption of a court and
either a form that only a judge issues or a judge's block; a paper whose marks contradict each other,
or are too few, is `unreadable` and goes to a person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.facts import Place
from habeas.domain.instrument import FORMS as SORTED
from habeas.domain.instrument import THRESHOLD, Evidence, FieldName, Instrument, unreadable
from habeas.intake.reading import marks
from habeas.intake.reading.fields import read_fields
from habeas.intake.reading.signature import Block, blocks, signer_class

if TYPE_CHECKING:
    from habeas.domain.instrument import Field
    from habeas.intake.reading.marks import FormMark
    from habeas.intake.reading.pages import Cell, Page

A, K = v.Authority, v.InstrumentKind

_HEADING_LINES: Final = 60
"""Cells of the first page among which a heading may stand."""


@attrs.frozen
class Seen:
    """A mark that was found: what it is worth and where it stands."""

    worth: int
    page: int
    cell: Cell


@attrs.frozen
class Match:
    """How well a paper fits a form: 0…1000, the heading first among what was seen."""

    form: FormMark
    score: int
    seen: tuple[Seen, ...]


@attrs.frozen
class Sheet:
    """The pages of one paper with their folded text, filing headers left out."""

    pages: tuple[Page, ...]
    cells: tuple[tuple[int, Cell, str], ...]
    text: str
    squeezed: str


def sheet(pages: tuple[Page, ...]) -> Sheet:
    """Fold the text of some pages."""
    cells = tuple(
        (p.number, c, f)
        for p in pages
        for c in p.cells
        if not marks.FILING_HEADER.search(f := marks.folded(c.text))
    )
    text = " ".join(f for _, _, f in cells)
    return Sheet(pages, cells, text, re.sub(r"[^A-Z0-9]", "", text))


def classify(pages: tuple[Page, ...], blob: str, agency_names: tuple[str, ...]) -> Instrument:
    """What one paper is."""
    paper = sheet(pages)
    first, last = pages[0].number, pages[-1].number
    if sum(len(f) for _, _, f in paper.cells) < 60:
        return unreadable(first, last)
    matches = sorted((m for form in marks.FORMS if (m := _match(form, paper))), key=lambda m: -m.score)
    found = _verdict(paper, matches)
    fields = tuple(read_fields(paper.pages, blob))
    return _instrument(paper, found, fields, blob, agency_names)


@attrs.frozen
class Verdict:
    """Kind, authority and why, before the details."""

    kind: v.InstrumentKind
    authority: v.Authority
    confidence: int
    seen: tuple[Seen, ...]
    block: Block | None = None
    form: FormMark | None = None
    proposed: bool = False


def _match(form: FormMark, paper: Sheet) -> Match | None:
    """How well a paper fits a form: heading 450, form number 300, each phrase 130 (at most three)."""
    heading = _heading(form.titles, paper)
    number = next(
        (Seen(300, n, c) for n, c, f in paper.cells if any(re.search(p, f) for p in form.numbers)), None
    )
    if heading is None and number is None:
        return None
    phrases = [_phrase(p, paper) for p in form.phrases]
    found = [s for s in phrases if s is not None][:3]
    if heading is None and not found:
        return None
    seen = tuple(s for s in (heading, number, *found) if s is not None)
    needed = not form.phrases or bool(found) or (heading is not None and number is not None)
    return Match(form, sum(s.worth for s in seen) if needed else 0, seen)


def _heading(titles: tuple[str, ...], paper: Sheet) -> Seen | None:
    """A title that stands as a cell of its own, or over two cells, near the top of a page."""
    patterns = [re.compile(rf"(DHS |ICE |U\.S\. )?{t}(\s*\(.*\))?") for t in titles]
    counted: dict[int, int] = {}
    previous: tuple[int, Cell, str] | None = None
    for number, cell, folded in paper.cells:
        counted[number] = counted.get(number, 0) + 1
        if counted[number] <= _HEADING_LINES and len(folded) <= 130 and _is_heading(cell):
            text = re.sub(
                r"^(DHS|ICE|AO|CBP)? ?(FORM )?[A-Z]{1,4}-? ?\d+[A-Z]? (\(.*?\) ?)?", "", folded
            ).strip(" .:*[]")
            joined = f"{previous[2]} {folded}" if previous and previous[0] == number else ""
            if any(p.fullmatch(text) or p.fullmatch(folded.strip(" .:*[]")) for p in patterns):
                return Seen(450, number, cell)
            if joined and len(joined) < 150 and any(p.fullmatch(joined) for p in patterns):
                return Seen(450, number, cell)
        previous = (number, cell, folded)
    return None


def _is_heading(cell: Cell) -> bool:
    """Whether a cell is written as a heading: capitals, or every word of weight capitalized."""
    letters = [c for c in cell.text if c.isalpha()]
    if not letters:
        return False
    upper = sum(c.isupper() for c in letters) / len(letters)
    words = [w for w in re.findall(r"[A-Za-z][\w'-]*", cell.text) if len(w) > 3]
    titled = words and all(w[0].isupper() for w in words)
    return upper > 0.7 or bool(titled)


def _phrase(pattern: str, paper: Sheet) -> Seen | None:
    compiled = re.compile(pattern)
    for number, cell, folded in paper.cells:
        if compiled.search(folded):
            return Seen(130, number, cell)
    if compiled.search(paper.text) and paper.cells:
        start = compiled.search(paper.text)
        at = 0
        for number, cell, folded in paper.cells:
            at += len(folded) + 1
            if start and at > start.start():
                return Seen(130, number, cell)
    return None


# ----------------------------------------------------------------------------------- the verdict


def _verdict(paper: Sheet, matches: list[Match]) -> Verdict:
    found = blocks(paper.pages)
    caption = _caption(paper)
    proposed = _proposed(paper)
    best = matches[0] if matches and matches[0].score >= 500 else None
    if best is not None:
        return _form_verdict(paper, best, found, caption, proposed)
    return _free_verdict(paper, found, caption, proposed)


def _caption(paper: Sheet) -> Seen | None:
    """A court's caption among the first cells of the first page (a cell of its own)."""
    page = paper.pages[0].number
    head = [(n, c, f) for n, c, f in paper.cells if n == page][:40]
    joined = ""
    for number, cell, folded in head:
        tight = re.sub(r"[^A-Z]", "", folded)
        if len(folded) <= 90 and (
            any(tight.startswith(c) or tight == c for c in marks.FEDERAL_COURT)
            or re.sub(r"[^A-Z]", "", joined + folded) in marks.FEDERAL_COURT
            or (marks.STATE_COURT.match(folded) and _is_heading(cell))
        ):
            return Seen(300, number, cell)
        joined = folded
    return None


def _is_federal(caption: Seen | None) -> bool:
    return caption is not None and "UNITEDSTATES" in re.sub(
        r"[^A-Z]", "", marks.folded(caption.cell.text)
    ).replace("USDCNITEDTATESISTRICTOURT", "UNITEDSTATES")


def _proposed(paper: Sheet) -> bool:
    return any(
        re.search(r"\[ ?PROPOSED ?\]|^PROPOSED |\(PROPOSED\)", f)
        for n, _, f in paper.cells
        if n == paper.pages[0].number
    )


def _form_verdict(
    paper: Sheet,
    best: Match,
    found: tuple[Block, ...],
    caption: Seen | None,
    proposed: bool,  # noqa: FBT001 - a fact of the page
) -> Verdict:
    form = best.form
    confidence = min(990, 520 + best.score // 2)
    seen = best.seen
    if form.authority in (A.JUDICIAL, A.COURT_CLERK_OR_ATTORNEY):
        if caption is None and not _any_court(paper):
            return Verdict(form.kind, A.UNREADABLE, 500, seen, form=form)
        if caption is not None:
            seen = (*seen, caption)
            confidence = min(990, confidence + 60)
    elif caption is not None and form.authority is A.ADMINISTRATIVE and caption.worth and _court_block(found):
        return Verdict(
            form.kind, A.UNREADABLE, 500, seen, form=form
        )  # a court's caption over an agency's form
    block = _speaking(form, found)
    kind = _state_kind(form, caption, paper)
    if proposed and block is not None and block.signed is not v.YesNo.YES:
        return Verdict(K.COURT_ORDER, A.NONE, 900, seen, block, form, proposed=True)
    authority = form.authority
    if form.kind is K.CIVIL_INSPECTION_WARRANT and not _court_block(found):
        authority = A.UNREADABLE
    return Verdict(kind, authority, confidence, seen, block, form, proposed)


def _any_court(paper: Sheet) -> bool:
    return bool(
        re.search(
            r"UNITEDSTATES(DISTRICT|BANKRUPTCY)COURT|USDCNITEDTATESISTRICTOURT|DISTRICTCOURT|SUPERIORCOURT|COUNTYCOURT",
            paper.squeezed,
        )
    )


def _court_block(found: tuple[Block, ...]) -> bool:
    return any(b.role.startswith(("judge", "clerk")) for b in found)


def _state_kind(form: FormMark, caption: Seen | None, paper: Sheet) -> v.InstrumentKind:
    """A search warrant under a state court's caption is a state's."""
    if form.kind is not K.AO93 or _is_federal(caption):
        return form.kind
    state = re.search(
        r"\bSTATE OF\b|\bCOUNTY OF\b|\bCOUNTY, (COLORADO|[A-Z]+)\b|\bTHE PEOPLE OF THE STATE\b", paper.text
    )
    return K.STATE_SEARCH_WARRANT if state or (caption and not _is_federal(caption)) else form.kind


_ROLES: Final = {
    A.JUDICIAL: ("judge", "issuer", "judge_title", "clerk", "clerk_title"),
    A.COURT_CLERK_OR_ATTORNEY: ("clerk", "attorney", "clerk_title", "judge", "judge_title", "officer"),
    A.ADMINISTRATIVE: ("officer",),
    A.NONE: ("officer",),
}


def _speaking(form: FormMark, found: tuple[Block, ...]) -> Block | None:
    """The block that speaks for a form: of the roles that may sign it, a signed one first."""
    wanted = [b for role in _ROLES.get(form.authority, ()) for b in found if b.role == role]
    if form.authority is A.ADMINISTRATIVE:
        wanted = [b for b in wanted if not _is_service(b)]
    signed = [b for b in wanted if b.signed is v.YesNo.YES]
    return next(iter(signed or wanted), None)


def _is_service(block: Block) -> bool:
    """A certificate of service is no signature of the paper."""
    return bool(re.search(r"SERV(ED|ER|ICE)|INTERPRETER|RECEIV", marks.folded(block.label.text)))


def _free_verdict(paper: Sheet, found: tuple[Block, ...], caption: Seen | None, proposed: bool) -> Verdict:  # noqa: FBT001 - as above
    """A paper that is no known form: an order, a state court's paper, another court paper, a letter, a text."""
    if caption is not None:
        return _court_verdict(paper, found, caption, proposed)
    if _dhs_form(paper):
        cell = next((Seen(300, n, c) for n, c, f in paper.cells if "HOMELAND SECURITY" in f), None)
        return Verdict(K.OTHER, A.ADMINISTRATIVE, 860, (cell,) if cell else ())
    if re.search(
        r"\bSUBPOENA\b|\bWARRANT\b", " ".join(f for _, c, f in paper.cells[:12] if _is_heading(c))
    ) and _command(paper):
        return Verdict(K.UNKNOWN, A.UNREADABLE, 400, ())
    if _is_picture(paper):
        return Verdict(K.UNKNOWN, A.UNREADABLE, 300, ())  # the words are a layer over a scan
    head = Seen(200, *paper.cells[0][:2])
    closing = next((b for b in found if b.role == "officer"), None)
    return Verdict(K.LETTER if _is_letter(paper) else K.OTHER, A.NONE, 900, (head,), closing)


def _is_picture(paper: Sheet) -> bool:
    """Whether the first page is mostly one picture, with little text over it."""
    page = paper.pages[0]
    large = any((b[2] - b[0]) * (b[3] - b[1]) > 0.4 * page.width * page.height for b in page.images)
    return large and sum(len(c.text) for c in page.cells) < 1500


def _command(paper: Sheet) -> bool:
    return bool(re.search(r"YOU ARE (HEREBY )?(COMMANDED|SUMMONED|ORDERED|DIRECTED|REQUIRED)", paper.text))


def _dhs_form(paper: Sheet) -> bool:
    return (
        bool(re.search(r"\bFORM [A-Z]{1,3}-?\d+", paper.text))
        and "DEPARTMENT OF HOMELAND SECURITY" in paper.text
    )


def _is_letter(paper: Sheet) -> bool:
    return bool(
        re.search(
            r"\bDEAR\b|\bTO WHOM IT MAY CONCERN\b|\bSINCERELY\b|\bRE:|\bESTIMAD[OA]|\bATENTAMENTE\b|\bRESPECTFULLY\b",
            paper.text,
        )
    )


_ORDER: Final = re.compile(
    r"^(\[PROPOSED\] )?((STIPULATED |AMENDED |INTERIM |PRELIMINARY |TEMPORARY |AGREED )?(ORDER|INJUNCTION|DECREE)\b.*|.*\bORDER( FOR| TO| RE:?.*| GRANTING.*| DENYING.*)?$|PRELIMINARY INJUNCTION.*)"
)
_ORDERED: Final = re.compile(
    r"IT IS (SO |HEREBY |THEREFORE |FURTHER )*ORDERED|\bSO ORDERED\b|THE COURT (HEREBY )?ORDERS|\bORDERS? (AS FOLLOWS|THAT|THE [A-Z]+)\b|BY THE COURT|IT IS (HEREBY )?(ADJUDGED|DECREED)|FOR THE COURT|\bIS (GRANTED|DENIED|DIRECTED)\b|\bMUST (SHOW CAUSE|FILE)\b"
)


def _court_verdict(paper: Sheet, found: tuple[Block, ...], caption: Seen, proposed: bool) -> Verdict:  # noqa: FBT001 - as above
    head = [(n, c, f) for n, c, f in paper.cells if n == paper.pages[0].number and _is_heading(c)]
    order = next((Seen(300, n, c) for n, c, f in head if _ORDER.match(f.strip(" .:")) and len(f) < 160), None)
    minute = next(
        (
            Seen(300, n, c)
            for n, c, f in head
            if re.search(r"\bMINUTE ORDER\b|^MINUTES?\b|COURTROOM MINUTES", f)
        ),
        None,
    )
    minute = minute or next(
        (Seen(300, n, c) for n, c, f in paper.cells if f.startswith("MINUTE ORDER")), None
    )
    subpoena = next((Seen(300, n, c) for n, c, f in head if re.search(r"\bSUBPOENA\b", f)), None)
    federal = _is_federal(caption)
    ends = [b for b in found if b.role.startswith(("judge", "clerk", "issuer", "attorney"))]
    signed = [b for b in ends if b.signed is v.YesNo.YES]
    block = next(iter(reversed(signed or ends)), None)
    if minute is not None:
        return Verdict(K.MINUTE_ORDER, A.JUDICIAL, 880, (minute, caption), _judge(ends))
    if subpoena is not None and order is None:
        kind = K.OTHER_COURT_SUBPOENA if federal else K.STATE_SUBPOENA
        authority = A.COURT_CLERK_OR_ATTORNEY
        if block is not None and block.role.startswith("judge") and block.signed is v.YesNo.YES:
            authority = A.JUDICIAL
        return Verdict(kind, authority, 860, (subpoena, caption), block)
    if order is not None and _ORDERED.search(paper.text):
        return _order_verdict(paper, order, caption, ends, proposed=proposed, federal=federal)
    judge = _judge(ends)
    if judge is not None and judge.signed is v.YesNo.YES:
        return Verdict(K.OTHER, A.JUDICIAL, 840, (caption,), judge)
    if block is not None and block.role.startswith(("clerk", "attorney", "issuer")):
        return Verdict(K.OTHER, A.COURT_CLERK_OR_ATTORNEY, 850, (caption,), block)
    return Verdict(K.UNKNOWN, A.UNREADABLE, 500, (caption,), block)


def _judge(ends: list[Block]) -> Block | None:
    judges = [b for b in ends if b.role.startswith("judge")]
    signed = [b for b in judges if b.signed is v.YesNo.YES]
    return next(iter(reversed(signed or judges)), None)


def _order_verdict(
    paper: Sheet,
    order: Seen,
    caption: Seen,
    ends: list[Block],
    *,
    proposed: bool,
    federal: bool,
) -> Verdict:
    kind = K.COURT_ORDER if federal else K.STATE_COURT_ORDER
    judge = _judge(ends)
    clerk = next((b for b in reversed(ends) if b.role.startswith("clerk")), None)
    if proposed and (judge is None or judge.signed is not v.YesNo.YES):
        return Verdict(K.COURT_ORDER, A.NONE, 940, (order, caption), judge, proposed=True)
    if (
        clerk is not None
        and clerk.signed is v.YesNo.YES
        and (judge is None or judge.signed is not v.YesNo.YES)
    ):
        return Verdict(kind, A.COURT_CLERK_OR_ATTORNEY, 890, (order, caption), clerk)
    if clerk is not None and judge is None:
        return Verdict(kind, A.COURT_CLERK_OR_ATTORNEY, 870, (order, caption), clerk)
    if judge is not None:
        return Verdict(kind, A.JUDICIAL, 930, (order, caption), judge, proposed=proposed)
    if re.search(r"\bBY THE COURT\b|\bBEFORE:? .*\bJUDGES?\b", paper.text):
        return Verdict(kind, A.JUDICIAL, 860, (order, caption))
    return Verdict(kind, A.UNREADABLE, 600, (order, caption))


# ------------------------------------------------------------------------------------ the details


def _instrument(
    paper: Sheet, found: Verdict, fields: tuple[Field, ...], blob: str, agency_names: tuple[str, ...]
) -> Instrument:
    if found.authority is A.UNREADABLE or found.confidence < THRESHOLD:
        base = unreadable(paper.pages[0].number, paper.pages[-1].number)
        return attrs.evolve(base, confidence=found.confidence, fields=fields)
    signed, signer = _signed(paper, found)
    if found.authority is A.JUDICIAL and signer in _CLERKS:
        found = attrs.evolve(found, authority=A.COURT_CLERK_OR_ATTORNEY)  # a clerk may sign an AO 442
    form = SORTED[found.kind]
    reaches = found.form.reaches if found.form and found.form.reaches else form.reaches
    addressed, addressed_at = _addressed(paper, agency_names, blob)
    unsigned = signed is not v.YesNo.YES and found.authority in (A.JUDICIAL, A.COURT_CLERK_OR_ATTORNEY)
    return Instrument(
        kind=found.kind,
        authority=found.authority,
        signer_class=signer,
        signed=signed,
        filled=_filled(fields),
        compulsion=v.Compulsion.VOLUNTARY if found.authority is A.NONE else form.compulsion,
        nature=_nature(paper, found),
        reaches=_reaches(paper, found, reaches),
        addressed_to_us=addressed,
        proposed=v.YesNo.YES if found.proposed else v.YesNo.NO,
        first_page=paper.pages[0].number,
        last_page=paper.pages[-1].number,
        confidence=found.confidence,
        needs_person=unsigned or signer is v.SignerClass.UNKNOWN or signed is v.YesNo.UNKNOWN,
        fields=fields,
        evidence=(*_evidence(found, signed, signer, blob), *addressed_at),
    )


def _signed(paper: Sheet, found: Verdict) -> tuple[v.YesNo, v.SignerClass]:
    block = found.block
    if block is None:
        signed = (
            v.YesNo.NO
            if found.kind in (K.MINUTE_ORDER, K.OTHER, K.LETTER) or found.authority is A.JUDICIAL
            else v.YesNo.UNKNOWN
        )
        return signed, v.SignerClass.NONE if signed is v.YesNo.NO else v.SignerClass.UNKNOWN
    if block.signed is not v.YesNo.YES:
        if block.signed is v.YesNo.NO or found.proposed or found.kind is K.MINUTE_ORDER:
            return v.YesNo.NO, v.SignerClass.NONE
        return v.YesNo.UNKNOWN, v.SignerClass.UNKNOWN
    federal = bool(
        re.search(r"UNITEDSTATES(DISTRICT|BANKRUPTCY|COURTOFAPPEALS)|USDCNITEDTATES", paper.squeezed)
    )
    signer = signer_class(block, grand_jury=found.kind is K.AO110, federal=federal)
    if found.authority is A.JUDICIAL and signer not in _JUDGES | _CLERKS:
        return v.YesNo.UNKNOWN, v.SignerClass.UNKNOWN  # somebody signed, and nothing says that it was a judge
    return v.YesNo.YES, signer


_JUDGES: Final = frozenset(
    {v.SignerClass.ARTICLE_III_JUDGE, v.SignerClass.MAGISTRATE_JUDGE, v.SignerClass.STATE_JUDGE}
)
_CLERKS: Final = frozenset({v.SignerClass.CLERK, v.SignerClass.GRAND_JURY_CLERK, v.SignerClass.ATTORNEY})


def _nature(paper: Sheet, found: Verdict) -> v.Nature:
    if found.form is not None and found.form.nature is not v.Nature.UNKNOWN:
        return found.form.nature
    if re.search(
        r"\bCASE NO\.? [\d:]*\d\d-?CR-|\bCRIMINAL (CASE|ACTION) NO|\d\d-CR-\d|\b\d{4}CR\d", paper.text
    ):
        return v.Nature.CRIMINAL
    if re.search(r"\bCIVIL (ACTION|CASE) NO|\d\d-(CV|MC)-\d|\b\d{4}CV\d|\bBANKRUPTCY\b", paper.text):
        return v.Nature.CIVIL
    return v.Nature.UNKNOWN


def _reaches(paper: Sheet, found: Verdict, reaches: v.Reaches) -> v.Reaches:
    """An order reaches records where it orders some produced; a subpoena to testify also by its documents."""
    if found.kind in (K.COURT_ORDER, K.STATE_COURT_ORDER, K.MINUTE_ORDER):
        produce = re.search(
            r"\b(PRODUCE|PRODUCTION OF|DISCLOSE|PROVIDE|FURNISH|RELEASE|TURN OVER)\b", paper.text
        )
        return v.Reaches.RECORDS if produce else v.Reaches.UNKNOWN
    if found.kind in (K.AO88, K.AO88A, K.AO89):
        brings = re.search(r"\bBRING WITH YOU\b[^:]*: ?[A-Z0-9]|\bPRODUCTION:", paper.text)
        return v.Reaches.RECORDS if brings else reaches
    return reaches


_PREPRINTED: Final = frozenset(
    {FieldName.FORM_NUMBER, FieldName.COURT, FieldName.AGENCY, FieldName.STATUTE, FieldName.NONDISCLOSURE}
)


def _filled(fields: tuple[Field, ...]) -> v.YesNo:
    """Whether anything but what the form prints by itself stands on it."""
    return v.YesNo.YES if {f.name for f in fields} - _PREPRINTED else v.YesNo.NO


def _addressed(paper: Sheet, names: tuple[str, ...], blob: str) -> tuple[v.YesNo, tuple[Evidence, ...]]:
    """Whether one of the agency's names stands on the paper, outside a caption's parties."""
    for name in names:
        wanted = marks.folded(name)
        if len(wanted) < 4:
            continue
        for number, cell, folded in paper.cells:
            if wanted in folded:
                place = Place(blob, number, cell.box, cell.text)
                return v.YesNo.YES, (Evidence("addressed_to_us", "yes", place),)
    other = re.search(
        r"\b(TO|FOR):? .*(COUNTY|DEPARTMENT|SHERIFF|POLICE|UNIVERSITY|COMPANY|BANK|CLERK AND RECORDER)",
        paper.text,
    )
    return (v.YesNo.NO if other and names else v.YesNo.UNKNOWN), ()


def _evidence(found: Verdict, signed: v.YesNo, signer: v.SignerClass, blob: str) -> tuple[Evidence, ...]:
    made = [
        Evidence(claim, str(value), Place(blob, s.page, s.cell.box, s.cell.text))
        for s in found.seen
        for claim, value in (("authority", found.authority), ("kind", found.kind))
    ]
    block = found.block
    if block is not None:
        label = Place(blob, block.page, block.label.box, block.label.text)
        proof = Place(blob, block.page, block.proof_box or block.label.box, block.proof or block.label.text)
        made.append(Evidence("authority", str(found.authority), label))
        made.append(Evidence("signer_class", str(signer), label))
        made.append(Evidence("signed", str(signed), proof))
    return tuple(made)
