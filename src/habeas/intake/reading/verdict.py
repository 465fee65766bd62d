"""Pages of one paper → what it is and who issued it, and why. The order of the questions is the method.

Promises, for every paper:

1. no word alone makes it a judge's: `judicial` needs a court's caption in the head, and either a form that
   only a judge issues or a judge's own signature block or order;
2. `judicial` and signed needs something that signs on the judge's line, and a signer whose printed title is
   a judge's; a signer without a title leaves it open whether it is signed, a clerk's signature makes it
   `court_clerk_or_attorney`, anybody else's `unreadable`;
3. what contradicts itself, or shows too little, is `unreadable` and goes to a person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.intake.reading import marks
from habeas.intake.reading.forms import FORMS
from habeas.intake.reading.look import Look, look_at
from habeas.intake.reading.sheet import CAPTION, NUMBER, Caption, Match, Seen, Sheet, best_match
from habeas.intake.reading.signature import COURT_ROLES, Block, Role, signer_class, speaking

if TYPE_CHECKING:
    from collections.abc import Callable

    from habeas.intake.reading.forms import FormMark
    from habeas.intake.reading.pages import Cell

A, K, S = v.Authority, v.InstrumentKind, v.SignerClass

JUDGES: Final = frozenset({S.ARTICLE_III_JUDGE, S.MAGISTRATE_JUDGE, S.STATE_JUDGE})
_CLERKS: Final = frozenset({S.CLERK, S.GRAND_JURY_CLERK})


@attrs.frozen
class Verdict:
    """Kind, authority and signature, before the details; `confidence` per mille, `seen` the reasons."""

    kind: v.InstrumentKind
    authority: v.Authority
    confidence: int
    seen: tuple[Seen, ...] = ()
    block: Block | None = None
    form: FormMark | None = None
    signed: v.YesNo = v.YesNo.UNKNOWN
    signer: v.SignerClass = S.UNKNOWN
    proposed: bool = False
    doubtful: bool = False


def reach_verdict(paper: Sheet) -> Verdict:
    """What one paper is. Total: every paper gets a verdict."""
    look = look_at(paper)
    steps: tuple[Callable[[Look], Verdict | None], ...] = (
        _message,
        _flyer,
        _form,
        _agency_court,
        _court,
        _agency_form,
    )
    reached = next((r for step in steps if (r := step(look)) is not None), None) or _text(look)
    return _settled(look, reached)


# ----------------------------------------------------------------------------------------- messages

_MAIL_LINES: Final = 14
_MAIL_HEADS: Final = (
    re.compile(r"^(FROM|DE): \S"),
    re.compile(r"^(SENT|DATE|ENVIADO|FECHA): \S"),
    re.compile(r"^(TO|PARA): \S"),
    re.compile(r"^(SUBJECT|ASUNTO):"),
)
_MAIL_ENOUGH: Final = 3


def _message(look: Look) -> Verdict | None:
    """An e-mail, printed or saved: whatever it quotes, it is a message."""
    top = look.paper.lines[:_MAIL_LINES]
    found = [next((x for x in top if p.search(x.folded)), None) for p in _MAIL_HEADS]
    lines = [x for x in found if x is not None]
    if len(lines) < _MAIL_ENOUGH or found[0] is None or found[-1] is None:
        return None
    seen = tuple(Seen(100, x.page, x.cell) for x in lines)
    return Verdict(K.EMAIL, A.NONE, 920, seen)


_PIECES_OF_ADVICE: Final = 2


def _flyer(look: Look) -> Verdict | None:
    """A flyer that tells people what to do when a paper is shown: it explains papers and is none."""
    told = {m for x in look.paper.lines for m in marks.ADVICE.findall(x.folded)}
    pieces = [x for x in look.paper.lines if marks.ADVICE.search(x.folded)]
    if len(pieces) < _PIECES_OF_ADVICE or not told:
        return None
    if any(x.folded.startswith(("FORM I-", "DHS FORM", "ICE FORM")) for x in look.paper.lines):
        return None
    return Verdict(K.OTHER, A.NONE, 900, tuple(Seen(200, x.page, x.cell) for x in pieces[:3]))


# -------------------------------------------------------------------------------------------- forms

_SIGNERS: Final = {
    A.COURT_CLERK_OR_ATTORNEY: (Role.CLERK, Role.ATTORNEY, Role.OFFICER),
    A.ADMINISTRATIVE: (Role.OFFICER,),
    A.NONE: (Role.OFFICER,),
}
_SERVICE: Final = re.compile(r"SERV(ED|ER|ICE)|INTERPRETER|RECEIV")


def _form(look: Look) -> Verdict | None:
    """A paper that fits a form: the form says who issues it, the caption and the block must agree."""
    best = best_match(look.paper, FORMS)
    if best is None:
        return None
    form = best.form
    if form.authority in (A.JUDICIAL, A.COURT_CLERK_OR_ATTORNEY):
        return _court_form(look, best)
    if look.caption is not None and any(b.role in COURT_ROLES for b in look.found):
        return Verdict(
            form.kind, A.UNREADABLE, 500, best.seen
        )  # a court's caption and block, an agency's form
    return Verdict(form.kind, form.authority, _sure(best), best.seen, _signer(look, form), form)


def _sure(best: Match, more: int = 0) -> int:
    return min(990, 520 + best.score // 2 + more)


def _court_form(look: Look, best: Match) -> Verdict | None:
    form, caption = best.form, look.caption or _venue(look, best)
    if look.is_letter:
        return None  # a letter that quotes a court's paper
    if caption is None or look.paper.has(marks.AGENCY_COURT) or look.under_an_agency:
        return Verdict(form.kind, A.UNREADABLE, 500, best.seen)
    if _filing_first(look, best):
        return None  # an application for a warrant names the warrant in its title
    seen = (*best.seen, caption.seen)
    block = _judges_block(look, best) if form.authority is A.JUDICIAL else _signer(look, form)
    if look.proposed and (block is None or not block.is_signed):
        return Verdict(K.COURT_ORDER, A.NONE, 900, seen, block, form, proposed=True)
    if form.kind is K.CIVIL_INSPECTION_WARRANT and block is None:
        return Verdict(form.kind, A.UNREADABLE, 500, seen)
    kind = _state_kind(form, caption)
    return Verdict(kind, form.authority, _sure(best, 60), seen, block, form, proposed=look.proposed)


def _venue(look: Look, best: Match) -> Caption | None:
    """A state and county over a search warrant, where a judge's line stands under it."""
    line = next((x for x in look.paper.head if marks.VENUE.search(x.folded)), None)
    if line is None or best.form.kind is not K.AO93 or look.judge is None:
        return None
    return Caption(Seen(CAPTION, line.page, line.cell), federal=False, appellate=False)


_APPLICATION: Final = re.compile(r"\bAO ?(91|102|106A?|108|109)\b")
"""Forms that ask a judge: complaint, applications for warrants (AO 91, 102, 106, 108, 109)."""


def _filing_first(look: Look, best: Match) -> bool:
    """Whether a party's or an agent's own heading stands before the form's title."""
    if look.paper.find(_APPLICATION) is not None:
        return True
    filing = look.paper.heading(marks.FILING)
    if filing is None:
        return False
    title = best.title
    return title is None or _place(filing.cell) <= _place(title.cell)


def _place(cell: Cell) -> tuple[int, int]:
    return cell.box[1], cell.box[0]


def _judges_block(look: Look, best: Match) -> Block | None:
    """A warrant is signed where its form has the judge's line: on the page of its number or title.

    A judge who signed the return, or an affidavit attached, did not sign the warrant.
    """
    numbered = any(s.worth == NUMBER for s in best.seen)
    own = {s.page for s in best.seen} if numbered else {p.number for p in look.paper.pages}
    first = min(own)
    wanted = [b for b in look.of(Role.JUDGE, Role.ISSUER) if b.page in own]
    labelled = [b for b in wanted if not b.titled] or wanted
    here = [b for b in labelled if b.page == first] if numbered else labelled
    return speaking(here or labelled)


def _signer(look: Look, form: FormMark) -> Block | None:
    """The block that speaks for a form that no judge signs: of the roles that may, a signed one first."""
    wanted = [b for role in _SIGNERS[form.authority] for b in look.of(role) if not _is_service(b)]
    return next((b for b in wanted if b.is_signed), wanted[0] if wanted else None)


def _is_service(block: Block) -> bool:
    """A certificate of service is no signature of the paper."""
    return bool(_SERVICE.search(marks.folded(block.label.text)))


def _state_kind(form: FormMark, caption: Caption) -> v.InstrumentKind:
    """A search warrant under a state court's caption is a state's."""
    return form.kind if form.kind is not K.AO93 or caption.federal else K.STATE_SEARCH_WARRANT


# ------------------------------------------------------------------------------------ other papers


def _agency_court(look: Look) -> Verdict | None:
    """An immigration judge's or administrative law judge's paper: an agency's, whatever it calls itself."""
    seen = next(
        (Seen(300, x.page, x.cell) for x in look.paper.head if marks.AGENCY_COURT.search(x.folded)), None
    )
    if seen is None:
        return None
    if look.caption is not None:
        return Verdict(K.UNKNOWN, A.UNREADABLE, 500, (seen, look.caption.seen))
    own = look.of(Role.OFFICER, Role.JUDGE)
    return Verdict(K.OTHER, A.ADMINISTRATIVE, 880, (seen,), speaking(own) or _agency_judge(look))


def _agency_judge(look: Look) -> Block | None:
    """A block for the signature of an agency's judge, known by the title alone."""
    for line in look.paper.lines:
        if marks.AGENCY_JUDGE.fullmatch(line.folded.strip(" ,.()")):
            return Block(
                Role.OFFICER, v.YesNo.UNKNOWN, line.page, line.cell, title=line.cell.text, titled=True
            )
    return None


def _court(look: Look) -> Verdict | None:
    """A paper under a court's caption that is no known form, by its first heading."""
    if look.caption is None:
        return None
    seen = look.caption.seen
    if look.is_letter or look.under_an_agency:
        return Verdict(K.UNKNOWN, A.UNREADABLE, 500, (seen,))
    for line in look.paper.headings():
        text = line.folded.strip(" .:*")
        mark = Seen(300, line.page, line.cell)
        if mark.cell is seen.cell:
            continue
        if marks.MINUTES.match(text):
            return Verdict(K.MINUTE_ORDER, A.JUDICIAL, 880, (mark, seen), look.judge)
        if marks.ORDER.match(text):
            return _order(look, (mark, seen))
        if marks.FILING.match(text):
            return _filing(look, (mark, seen))
        if re.search(r"\bSUBPOENA\b", text):
            return _subpoena(look, (mark, seen))
        if marks.OPINION.match(text) and look.of(Role.JUDGE):
            return Verdict(K.OTHER, A.JUDICIAL, 840, (mark, seen), look.judge)
    return _untitled(look, seen)


def _untitled(look: Look, seen: Seen) -> Verdict:
    minutes = next((x for x in look.paper.lines if x.folded.startswith("MINUTE ORDER")), None)
    if minutes is not None:
        return Verdict(
            K.MINUTE_ORDER, A.JUDICIAL, 880, (Seen(300, minutes.page, minutes.cell), seen), look.judge
        )
    if look.proposed:
        return Verdict(K.COURT_ORDER, A.NONE, 900, (seen,), look.judge, proposed=True)
    opinion = look.caption is not None and look.caption.appellate and look.of(Role.JUDGE)
    if look.judge_signed or opinion:
        return Verdict(K.OTHER, A.JUDICIAL, 840, (seen,), look.judge)
    forms = (
        b
        for b in look.of(Role.CLERK, Role.ATTORNEY, Role.ISSUER)
        if b.role is not Role.ATTORNEY or not b.titled
    )
    block = speaking(forms)
    if block is not None:
        return Verdict(K.OTHER, A.COURT_CLERK_OR_ATTORNEY, 850, (seen,), block)
    return Verdict(K.UNKNOWN, A.UNREADABLE, 500, (seen,), look.judge)


def _filing(look: Look, seen: tuple[Seen, ...]) -> Verdict:
    """What somebody filed with a court is not the court's; if a judge signed it too, a person must look."""
    if look.judge_signed:
        return Verdict(K.OTHER, A.UNREADABLE, 500, seen, look.judge)
    return Verdict(K.OTHER, A.NONE, 880, seen, speaking(look.of(Role.ATTORNEY, Role.OFFICER)))


def _subpoena(look: Look, seen: tuple[Seen, ...]) -> Verdict:
    federal = look.caption is not None and look.caption.federal
    kind = K.OTHER_COURT_SUBPOENA if federal else K.STATE_SUBPOENA
    if look.judge_signed:
        return Verdict(kind, A.JUDICIAL, 860, seen, look.judge)
    block = speaking(look.of(Role.CLERK, Role.ATTORNEY, Role.ISSUER)) or speaking(look.found)
    return Verdict(kind, A.COURT_CLERK_OR_ATTORNEY, 860, seen, block)


def _order(look: Look, seen: tuple[Seen, ...]) -> Verdict:
    federal = look.caption is not None and look.caption.federal
    kind = K.COURT_ORDER if federal else K.STATE_COURT_ORDER
    judge, clerk = look.judge, speaking(look.of(Role.CLERK))
    if look.judge_signed:
        return Verdict(kind, A.JUDICIAL, 930, seen, judge, proposed=look.proposed, doubtful=look.proposed)
    if look.proposed or look.struck:
        return Verdict(kind, A.NONE, 940, seen, judge, proposed=True)
    if clerk is not None and (clerk.is_signed or judge is None):
        return Verdict(kind, A.COURT_CLERK_OR_ATTORNEY, 880, seen, clerk)
    if not look.paper.has(marks.ORDERED):
        return Verdict(kind, A.UNREADABLE, 600, seen, judge)
    if judge is not None:
        return Verdict(kind, A.JUDICIAL, 930, seen, judge)
    if look.paper.has(marks.BY_THE_COURT):
        return Verdict(kind, A.JUDICIAL, 860, seen)
    return Verdict(kind, A.UNREADABLE, 600, seen)


_DHS_NUMBER: Final = re.compile(r"\bFORM [A-Z]{1,3}-?\d+")
_DHS: Final = re.compile(r"DEPARTMENT OF HOMELAND SECURITY")


def _agency_form(look: Look) -> Verdict | None:
    """A form of the Department of Homeland Security that is no known demand."""
    seen = next((Seen(300, x.page, x.cell) for x in look.paper.head if _DHS.search(x.folded)), None)
    if seen is None or not look.paper.has(_DHS_NUMBER):
        return None
    return Verdict(K.OTHER, A.ADMINISTRATIVE, 860, (seen,), speaking(look.of(Role.OFFICER)))


_PROCESS: Final = re.compile(r"\bSUBPOENA\b|\bWARRANT\b|\bSUMMONS\b")
_TOP_LINES: Final = 12
_FULL_PAGE: Final = 1500
"""So many letters are a page of words; fewer over a picture are a scan's layer."""

_LETTER: Final = re.compile(
    r"\bDEAR\b|\bTO WHOM IT MAY CONCERN\b|\bSINCERELY\b|\bRE:|\bESTIMAD[OA]|\bATENTAMENTE\b|\bRESPECTFULLY\b"
)


def _text(look: Look) -> Verdict:
    """Running text: a letter, a flyer, an article; or process of which the court cannot be seen."""
    paper = look.paper
    titles = " ".join(x.folded for x in paper.headings() if x in paper.lines[:_TOP_LINES])
    if _PROCESS.search(titles) and paper.has(marks.COMMAND):
        return Verdict(K.UNKNOWN, A.UNREADABLE, 400)
    if paper.pictured and paper.pages[0].letters < _FULL_PAGE:
        return Verdict(K.UNKNOWN, A.UNREADABLE, 300)
    first = Seen(200, paper.lines[0].page, paper.lines[0].cell)
    kind = _letter_kind(paper) if paper.has(_LETTER) else K.OTHER
    return Verdict(kind, A.NONE, 900, (first,), next(iter(look.of(Role.OFFICER)), None))


_PRESERVES: Final = re.compile(r"\b2703 ?\(F\)")
_PRESERVE: Final = re.compile(r"\bPRESERV")
_EMERGENCY: Final = re.compile(
    r"\b(IMMINENT|IMMEDIATE) (DANGER|RISK|THREAT) OF (DEATH|SERIOUS)|\bDANGER OF DEATH OR SERIOUS\b"
)


def _letter_kind(paper: Sheet) -> v.InstrumentKind:
    """A letter that asks to preserve (18 U.S.C. 2703(f)), one that pleads an emergency, or any other."""
    if paper.has(_PRESERVES) and paper.has(_PRESERVE):
        return K.PRESERVATION_LETTER
    return K.EMERGENCY_REQUEST if paper.has(_EMERGENCY) else K.LETTER


# ------------------------------------------------------------------------------------ who signed it


def _settled(look: Look, reached: Verdict) -> Verdict:
    """The verdict with its signer, held to promise 2."""
    if reached.authority is A.UNREADABLE:
        return reached
    signed, signer = _signature(look, reached)
    if reached.authority is not A.JUDICIAL and signer in JUDGES:
        signer = S.UNKNOWN  # called a judge on a paper that is no court's
    settled = attrs.evolve(reached, signed=signed, signer=signer)
    if settled.authority is A.JUDICIAL and signed is v.YesNo.YES and look.is_lesson:
        return attrs.evolve(settled, authority=A.UNREADABLE, confidence=500)
    if settled.authority is not A.JUDICIAL or signed is not v.YesNo.YES or signer in JUDGES:
        return settled
    if signer in _CLERKS:
        return attrs.evolve(settled, authority=A.COURT_CLERK_OR_ATTORNEY)
    if signer is S.UNKNOWN:
        return attrs.evolve(
            settled, signed=v.YesNo.UNKNOWN
        )  # somebody signed; nothing says that it was a judge
    return attrs.evolve(settled, authority=A.UNREADABLE, confidence=500)


def _signature(look: Look, reached: Verdict) -> tuple[v.YesNo, v.SignerClass]:
    block = reached.block
    if block is None:
        silent = reached.authority is A.JUDICIAL or reached.kind is K.OTHER
        unseen = reached.authority is not A.NONE and (look.paper.pictured or not silent)
        return (v.YesNo.UNKNOWN, S.UNKNOWN) if unseen else (v.YesNo.NO, S.NONE)
    if block.is_signed:
        federal = look.caption is not None and look.caption.federal
        return v.YesNo.YES, signer_class(block, grand_jury=reached.kind is K.AO110, federal=federal)
    empty = block.signed is v.YesNo.NO or reached.proposed or reached.kind is K.MINUTE_ORDER
    return (v.YesNo.NO, S.NONE) if empty else (v.YesNo.UNKNOWN, S.UNKNOWN)
