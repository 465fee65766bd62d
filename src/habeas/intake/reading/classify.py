"""One paper's verdict and fields → the `Instrument`: what it reaches, whether it is filled, to whom it goes.

A verdict of which the reader is not sure enough (`THRESHOLD`) is `unreadable`: a person must look.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.facts import Place
from habeas.domain.instrument import FORMS, THRESHOLD, Evidence, FieldName, Instrument, unreadable
from habeas.intake.reading import marks
from habeas.intake.reading.fields import read_fields
from habeas.intake.reading.pages import ENOUGH_LETTERS
from habeas.intake.reading.sheet import sheet
from habeas.intake.reading.verdict import reach_verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.domain.instrument import Field
    from habeas.intake.reading.pages import Page
    from habeas.intake.reading.sheet import Line, Sheet
    from habeas.intake.reading.verdict import Verdict

A, K = v.Authority, v.InstrumentKind


def classify(pages: tuple[Page, ...], blob: str, agency_names: tuple[str, ...]) -> Instrument:
    """What one paper is. `agency_names` are the names by which a paper may be addressed to the agency."""
    paper = sheet(pages)
    first, last = pages[0].number, pages[-1].number
    if sum(len(x.folded) for x in paper.lines) < ENOUGH_LETTERS:
        return unreadable(first, last)  # a filing header alone, or a picture
    reached = reach_verdict(paper)
    fields = tuple(read_fields(pages, blob))
    if reached.authority is A.UNREADABLE or reached.confidence < THRESHOLD:
        return attrs.evolve(unreadable(first, last), confidence=reached.confidence, fields=fields)
    addressed, places = _addressed(paper, fields, agency_names, blob)
    return attrs.evolve(
        _instrument(paper, reached, fields),
        addressed_to_us=addressed,
        evidence=(*_evidence(reached, blob), *places),
    )


def _instrument(paper: Sheet, reached: Verdict, fields: tuple[Field, ...]) -> Instrument:
    form = FORMS[reached.kind]
    process = reached.authority in (A.JUDICIAL, A.COURT_CLERK_OR_ATTORNEY)
    unsigned = process and reached.signed is not v.YesNo.YES
    unsure = v.UNKNOWN in (reached.signer, reached.signed)
    return Instrument(
        kind=reached.kind,
        authority=reached.authority,
        signer_class=reached.signer,
        signed=reached.signed,
        filled=_filled(reached, fields),
        compulsion=v.Compulsion.VOLUNTARY if reached.authority is A.NONE else form.compulsion,
        nature=_nature(paper, reached),
        reaches=_reaches(paper, reached),
        proposed=v.YesNo.YES if reached.proposed else v.YesNo.NO,
        first_page=paper.pages[0].number,
        last_page=paper.pages[-1].number,
        confidence=reached.confidence,
        needs_person=unsigned or unsure or reached.doubtful or paper.pictured,
        fields=fields,
    )


_CRIMINAL: Final = re.compile(
    r"\bCASE NO\.? [\d:]*\d\d-?CR-|\bCRIMINAL (CASE|ACTION) NO|\d\d-CR-\d|\b\d{4} ?CR ?\d"
)
_CIVIL: Final = re.compile(r"\bCIVIL (ACTION|CASE) NO|\d\d-(CV|MC)-\d|\b\d{4} ?CV ?\d|\bBANKRUPTCY\b")


def _nature(paper: Sheet, reached: Verdict) -> v.Nature:
    if reached.form is not None and reached.form.nature is not v.Nature.UNKNOWN:
        return reached.form.nature
    if paper.has(_CRIMINAL):
        return v.Nature.CRIMINAL
    return v.Nature.CIVIL if paper.has(_CIVIL) else v.Nature.UNKNOWN


_PRODUCE: Final = re.compile(r"\b(PRODUCE|PRODUCTION OF|DISCLOSE|PROVIDE|FURNISH|RELEASE|TURN OVER)\b")
_BRING: Final = re.compile(r"\bBRING WITH YOU\b[^:]*: ?[A-Z0-9]|\bPRODUCTION:")
_ORDERS: Final = (K.COURT_ORDER, K.STATE_COURT_ORDER, K.MINUTE_ORDER)
_TESTIMONY: Final = (K.AO88, K.AO88A, K.AO89)


def _reaches(paper: Sheet, reached: Verdict) -> v.Reaches:
    """An order reaches records where it orders some produced; a subpoena to testify also by its documents."""
    if reached.kind in _ORDERS:
        return v.Reaches.RECORDS if paper.has(_PRODUCE) else v.Reaches.UNKNOWN
    own = reached.form.reaches if reached.form is not None else None
    if reached.kind in _TESTIMONY and paper.has(_BRING):
        return v.Reaches.RECORDS
    return own or FORMS[reached.kind].reaches


_FILLED_IN: Final = frozenset(
    {
        FieldName.CASE_NUMBER,
        FieldName.PERSON,
        FieldName.ADDRESSEE,
        FieldName.ITEM,
        FieldName.OFFENSE,
        FieldName.ISSUED_ON,
        FieldName.EXECUTE_BY_ON,
        FieldName.RETURN_ON,
    }
)
"""What stands on a form only when somebody filled it in."""


def _filled(reached: Verdict, fields: tuple[Field, ...]) -> v.YesNo:
    """Whether a form's blanks are filled in; what is written has none."""
    if reached.form is None and reached.kind is not K.OTHER:
        return v.YesNo.YES
    return v.YesNo.YES if any(f.name in _FILLED_IN for f in fields) else v.YesNo.NO


# -------------------------------------------------------------------------------------- addressees

_TOO_SHORT: Final = 4
_PARTY: Final = re.compile(r"^(PLAINTIFF|DEFENDANT|PETITIONER|RESPONDENT|APPELLANT|APPELLEE|INTERVENOR)")
_PARTY_BELOW: Final = 34
_NOBODY: Final = re.compile(r"ANY (AUTHORIZED|IMMIGRATION|PEACE|LAW)|CUSTODIAN OF RECORDS$|WHOM IT MAY")
_BODY: Final = re.compile(
    r"\b(COUNTY|DEPARTMENT|SHERIFF|POLICE|UNIVERSITY|COLLEGE|SCHOOL|COMPANY|BANK|CLERK AND RECORDER|AGENCY|"
    r"OFFICE|DIVISION|BUREAU|INC|LLC|HOSPITAL|CITY)\b"
)


def _addressed(
    paper: Sheet, fields: tuple[Field, ...], names: tuple[str, ...], blob: str
) -> tuple[v.YesNo, tuple[Evidence, ...]]:
    """Whether one of the agency's names stands on the paper, other than as a party of the case."""
    wanted = [re.compile(rf"\b{re.escape(marks.folded(n))}\b") for n in names if len(n) >= _TOO_SHORT]
    for pattern in wanted:
        for line in paper.lines:
            if pattern.search(line.folded) and not _is_party(line.page, line.cell.box, paper):
                place = Place(blob, line.page, line.cell.box, line.cell.text)
                return v.YesNo.YES, (Evidence("addressed_to_us", "yes", place),)
    others = [f.place for f in fields if f.name is FieldName.ADDRESSEE and _names_a_body(f.value)]
    others = others or [Place(blob, x.page, x.cell.box, x.cell.text) for x in _holders(paper)]
    if not others or not wanted:
        return v.YesNo.UNKNOWN, ()
    return v.YesNo.NO, (Evidence("addressed_to_us", "no", others[0]),)


_HOLDER: Final = re.compile(r"\b(HELD|KEPT|MAINTAINED|CONTROLLED) BY (?P<name>.+)|\bPREMISES KNOWN AS:?$")


_HOLDER_LINES: Final = 5


def _holders(paper: Sheet) -> Iterator[Line]:
    """Where a warrant names who holds what is to be searched (`Records held by …`)."""
    for at, line in enumerate(paper.lines):
        found = _HOLDER.search(line.folded)
        if found and found["name"]:
            if _names_a_body(found["name"]):
                yield line
        elif found:
            yield from (x for x in paper.lines[at + 1 : at + _HOLDER_LINES] if _names_a_body(x.folded))


def _names_a_body(value: str) -> bool:
    text = marks.folded(value)
    return bool(_BODY.search(text)) and not _NOBODY.search(text)


def _is_party(number: int, box: tuple[int, int, int, int], paper: Sheet) -> bool:
    """Whether `Plaintiff` or the like stands right below: a name in a caption."""
    return any(
        x.page == number and 0 < x.cell.box[1] - box[1] <= _PARTY_BELOW and _PARTY.match(x.folded)
        and x.cell.box[0] < box[2] + _PARTY_BELOW
        for x in paper.lines
    )  # fmt: skip


def _evidence(reached: Verdict, blob: str) -> tuple[Evidence, ...]:
    """The places of the verdict: its marks speak for kind and authority, its block for the signature."""
    made = [
        Evidence(claim, str(value), Place(blob, s.page, s.cell.box, s.cell.text))
        for s in reached.seen
        for claim, value in (("authority", reached.authority), ("kind", reached.kind))
    ]
    block = reached.block
    if block is not None:
        label = Place(blob, block.page, block.label.box, block.label.text)
        proof = Place(blob, block.page, block.proof_box or block.label.box, block.proof or block.label.text)
        made.append(Evidence("authority", str(reached.authority), label))
        made.append(Evidence("signer_class", str(reached.signer), label))
        made.append(Evidence("signed", str(reached.signed), proof))
    return tuple(made)
