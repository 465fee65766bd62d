"""The drawn papers and e-mails: real text, equal bytes for equal input, honest about being invented."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from itertools import product
from typing import Any

import attrs
import pypdfium2
import pypdfium2.raw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.demo.papers.bodies import Ask, Style, html, subject, text
from habeas.demo.papers.bundle import BUNDLED, bundled_paper, bundled_request
from habeas.demo.papers.details import (
    BOXES,
    USUAL,
    VARIANTS,
    WRITTEN,
    Contact,
    PaperDetails,
    PaperKind,
    Person,
)
from habeas.demo.papers.draw import paper
from habeas.demo.papers.ink import signature
from habeas.demo.papers.mail import Attachment, Mailbox, MailDetails, email
from habeas.demo.papers.phrases import CLAIMS, WANTED, Claim, Wanted, wanted
from habeas.demo.papers.samples import sample
from habeas.domain.vocabulary import Language
from habeas.kernel.errors import BadInput

HONEST = "DEMONSTRATION - invented paper, not a legal instrument"
PHONE = re.compile(r"(?<!\d)\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")
INVENTED_PHONE = re.compile(r"\(303\) 555-01\d\d")
EVERY = pytest.mark.parametrize(("kind", "variant"), list(product(PaperKind, range(VARIANTS))))
FORMS = [kind for kind in PaperKind if kind not in WRITTEN]

LONGEST = {PaperKind.AO93: 4, PaperKind.AO93C: 4, PaperKind.AO442: 2, PaperKind.AO89: 2, PaperKind.AO110: 2}
LONGEST |= dict.fromkeys(
    (PaperKind.AO88, PaperKind.AO88A, PaperKind.AO88B, PaperKind.AO89B, PaperKind.B2540), 3
)
LONGEST |= {PaperKind.I205: 2, PaperKind.I247A: 3}
"""Pages of a kind's sample; one where nothing is said."""


def pages_of(pdf: bytes) -> list[str]:
    """The text layer, page by page, with runs of space as one space."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [document[place].get_textpage().get_text_range() for place in range(len(document))]
    document.close()
    return [" ".join(one.split()) for one in texts]


def drawn_lines(pdf: bytes) -> int:
    """How many paths (lines, boxes, pen strokes) the first page holds."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    found = sum(1 for _ in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH]))
    document.close()
    return found


@cache
def drawn(kind: PaperKind, variant: int = 0) -> bytes:
    """The sample's bytes, drawn once for all tests."""
    return paper(kind, sample(kind, variant))


def changed(kind: PaperKind, **values: Any) -> PaperDetails:
    """The sample with some fields changed."""
    return attrs.evolve(sample(kind), **values)


# ---------------------------------------------------------------------------------------- papers


@EVERY
def test_every_kind_and_layout_is_a_pdf_of_the_expected_length(kind: PaperKind, variant: int) -> None:
    pages = pages_of(drawn(kind, variant))
    assert drawn(kind, variant).startswith(b"%PDF-")
    assert 1 <= len(pages) <= LONGEST.get(kind, 1)
    assert variant or len(pages) == LONGEST.get(kind, 1)


@EVERY
def test_the_text_layer_holds_the_numbers_and_names_printed(kind: PaperKind, variant: int) -> None:
    details, said = sample(kind, variant), " ".join(pages_of(drawn(kind, variant)))
    assert details.case_number in said or details.reference in said
    assert details.signer.name.casefold() in said.casefold()
    assert details.holder.casefold() in said.casefold() or kind in {
        PaperKind.AO442,
        PaperKind.I200,
        PaperKind.I205,
        PaperKind.I286,
    }


@EVERY
def test_every_page_says_that_it_is_invented(kind: PaperKind, variant: int) -> None:
    assert all(HONEST in page for page in pages_of(drawn(kind, variant)))


@EVERY
def test_no_telephone_number_could_be_real(kind: PaperKind, variant: int) -> None:
    for number in PHONE.findall(" ".join(pages_of(drawn(kind, variant)))):
        assert INVENTED_PHONE.fullmatch(number), number


@EVERY
def test_equal_details_give_equal_bytes(kind: PaperKind, variant: int) -> None:
    assert paper(kind, sample(kind, variant)) == drawn(kind, variant)


@pytest.mark.parametrize("kind", PaperKind)
def test_the_two_layouts_of_a_kind_differ(kind: PaperKind) -> None:
    assert pages_of(drawn(kind, 0)) != pages_of(drawn(kind, 1)) or drawn_lines(drawn(kind, 0)) != drawn_lines(
        drawn(kind, 1)
    )


@pytest.mark.parametrize("kind", [kind for kind in PaperKind if kind is not PaperKind.MINUTE_ORDER])
def test_ink_is_strokes_a_typed_signature_is_text_and_none_is_neither(kind: PaperKind) -> None:
    ink, typed, none = (paper(kind, changed(kind, signature=how)) for how in ("ink", "s", "none"))
    mark = f"/s/ {sample(kind).signer.name}"
    assert [any(mark in page for page in pages_of(pdf)) for pdf in (ink, typed, none)] == [False, True, False]
    assert drawn_lines(ink) > drawn_lines(none) + 8
    assert drawn_lines(none) - drawn_lines(typed) in {
        0,
        1,
    }  # a signed order is dated, not left a line to date


def test_a_minute_order_is_never_signed() -> None:
    signed = paper(PaperKind.MINUTE_ORDER, changed(PaperKind.MINUTE_ORDER, signature="s"))
    assert signed == drawn(PaperKind.MINUTE_ORDER)


@pytest.mark.parametrize("kind", FORMS)
def test_a_blank_form_holds_no_entry(kind: PaperKind) -> None:
    details, blank = sample(kind), paper(kind, changed(kind, filled=False))
    said = " ".join(pages_of(blank))
    entries = [
        details.signer.name,
        details.officer.name,
        details.case_number,
        details.issued_on,
        *details.items,
    ]
    entries += [details.holder, details.defendant, *(person.name for person in details.persons)]
    assert not [entry for entry in entries if isinstance(entry, str) and entry and entry in said]
    assert "/s/" not in said


@pytest.mark.parametrize("kind", sorted(WRITTEN))
def test_a_written_paper_has_no_blank(kind: PaperKind) -> None:
    with pytest.raises(BadInput) as caught:
        paper(kind, changed(kind, filled=False))
    assert caught.value.problems[0].code == "demo.paper.no_blank"


@pytest.mark.parametrize("kind", sorted(BOXES))
def test_a_tick_is_drawn_and_leaves_the_text_as_it_was(kind: PaperKind) -> None:
    none, every = (paper(kind, changed(kind, checked=boxes)) for boxes in ((), BOXES[kind]))
    assert drawn_lines(every) >= drawn_lines(none) + 2 * (len(BOXES[kind]) - 1)
    if kind not in {PaperKind.AO93, PaperKind.AO93C, PaperKind.STATE_SUBPOENA}:  # their entries follow a box
        assert pages_of(every) == pages_of(none)


def test_usual_ticks_are_boxes_of_the_form() -> None:
    assert all(set(USUAL[kind]) <= set(BOXES[kind]) for kind in USUAL)
    assert set(USUAL) == set(BOXES)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (PaperKind.I205, "a United States District or Magistrate Court Judge"),
        (PaperKind.I200, "there is probable cause to believe that"),
        (PaperKind.I200, "YOU ARE COMMANDED"),
        (PaperKind.I138, "an order of contempt by a federal District Court"),
        (PaperKind.CUSTOMS_SUMMONS, "proceedings in a U.S. District Court to enforce compliance"),
        (PaperKind.I247A, "DHS HAS DETERMINED THAT PROBABLE CAUSE EXISTS"),
        (PaperKind.PROPOSED_ORDER, "[PROPOSED] ORDER"),
        (PaperKind.PROPOSED_ORDER, "UNITED STATES DISTRICT JUDGE"),
        (PaperKind.AO88B, "UNITED STATES DISTRICT COURT"),
        (PaperKind.AO88B, "Protecting a Person Subject to a Subpoena; Enforcement."),
    ],
)
def test_the_traps_stand_on_the_paper(kind: PaperKind, words: str) -> None:
    assert words in " ".join(pages_of(drawn(kind)))


@pytest.mark.parametrize(
    "kind", [PaperKind.AO88, PaperKind.AO88A, PaperKind.AO88B, PaperKind.AO89B, PaperKind.B2540]
)
def test_the_rule_can_be_left_off_a_subpoena(kind: PaperKind) -> None:
    pages = pages_of(paper(kind, changed(kind, rule_text=False)))
    assert len(pages) == LONGEST[kind] - 1
    assert "hold in contempt" not in " ".join(pages)


@pytest.mark.parametrize("signer_is", ["clerk", "attorney"])
def test_only_one_of_clerk_and_attorney_signs_a_civil_subpoena(signer_is: str) -> None:
    pdf = paper(PaperKind.AO88B, changed(PaperKind.AO88B, signature="s", signer_is=signer_is))
    assert sum(page.count("/s/") for page in pages_of(pdf)) == 1


def test_a_seal_can_be_missing() -> None:
    without = paper(PaperKind.AO89, changed(PaperKind.AO89, sealed=False))
    assert "(SEAL)" in pages_of(without)[0]
    assert "(SEAL)" not in pages_of(drawn(PaperKind.AO89))[0]


def test_a_long_demand_goes_to_an_attachment() -> None:
    people = tuple(Person(f"Sponsor Number {place}", date(1990, 1, place)) for place in range(1, 31))
    pages = pages_of(paper(PaperKind.I138, changed(PaperKind.I138, persons=people)))
    assert len(pages) >= 2
    assert "See Attachment A" in pages[0]
    assert all(any(person.name in page for page in pages[1:]) for person in people)


def test_a_paper_of_markup_characters_shows_them_as_they_are() -> None:
    said = "#sys.inputs *x* _y_ $z$ [a] <b> @c // d \\ e"
    assert said in " ".join(pages_of(paper(PaperKind.LETTER, changed(PaperKind.LETTER, extra=said))))


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        ("subpoena", {}, "demo.paper.kind_unknown"),
        ("i138", {"variant": 2}, "demo.paper.variant_unknown"),
        ("i138", {"checked": ("judge",)}, "demo.paper.box_unknown"),
    ],
)
def test_what_cannot_be_drawn_is_refused(kind: str, values: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as caught:
        paper(kind, changed(PaperKind.I138, **values))
    assert caught.value.problems[0].code == code


def test_a_paper_of_nothing_can_be_drawn() -> None:
    for kind in PaperKind:
        assert HONEST in pages_of(paper(kind, PaperDetails()))[0]


# ---------------------------------------------------------------------------------------- pen


@given(st.text(max_size=40))
def test_any_name_can_be_signed_within_the_line(name: str) -> None:
    strokes = signature(name)
    assert strokes == signature(name)
    numbers = [number for stroke in strokes for piece in stroke.path for number in piece]
    assert all(-6000 <= number <= 22000 for number in numbers)


def test_two_people_write_two_hands() -> None:
    assert signature("Dana K. Merrow") != signature("Dana K. Marrow")


# ---------------------------------------------------------------------------------------- e-mail

SENT_AT = datetime(2020, 9, 3, 16, 20, tzinfo=UTC)
LETTER = MailDetails(
    sender=Mailbox("rowan.whitcomb@ice.dhs.example", "Rowan T. Whitcomb"),
    to=(Mailbox("ui-fraud@labor.state.example"),),
    subject="Request: § 1028",
    sent_at=SENT_AT,
    text="Dear Custodian,\n\nplease see § 1028.\n",
)


def parsed(mail: bytes) -> EmailMessage:
    """The e-mail as the standard library reads it."""
    message = message_from_bytes(mail, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def test_an_email_reads_back_with_its_attachments_byte_for_byte() -> None:
    pdf = drawn(PaperKind.I138)
    mail = email(attrs.evolve(LETTER, html="<p>x</p>", attachments=(Attachment("I-138.pdf", pdf),)))
    message = parsed(mail)
    (enclosed,) = message.iter_attachments()
    assert enclosed.get_filename() == "I-138.pdf"
    assert enclosed.get_content_type() == "application/pdf"
    assert enclosed.get_content() == pdf
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == LETTER.text
    assert message["Subject"] == LETTER.subject
    assert message["Date"].datetime == SENT_AT


def test_an_email_is_the_same_every_time_and_differs_with_its_content() -> None:
    other = attrs.evolve(LETTER, text="Dear Custodian,\n")
    assert email(LETTER) == email(LETTER)
    assert parsed(email(LETTER))["Message-ID"] != parsed(email(other))["Message-ID"]
    assert re.fullmatch(r"<[0-9a-f]{24}@ice\.dhs\.example>", parsed(email(LETTER))["Message-ID"])


def test_another_email_can_be_enclosed_unchanged() -> None:
    inner = email(attrs.evolve(LETTER, attachments=(Attachment("a.pdf", drawn(PaperKind.I200)),)))
    outer = parsed(email(attrs.evolve(LETTER, attachments=(Attachment("fw.eml", inner, "message/rfc822"),))))
    (enclosed,) = outer.iter_attachments()
    assert enclosed.get_content().as_bytes(policy=policy.SMTP) == inner


def test_lines_of_an_email_end_as_mail_travels() -> None:
    assert b"\n" not in email(LETTER).replace(b"\r\n", b"")


# ---------------------------------------------------------------------------------------- bodies

SENDER = Contact(name="Rowan T. Whitcomb", title="Special Agent", phone="(303) 555-0117")
ASKS = st.builds(
    Ask,
    sender=st.just(SENDER),
    claims=st.lists(st.sampled_from(Claim), max_size=3, unique=True).map(tuple),
    items=st.lists(st.sampled_from(Wanted).map(wanted), max_size=3, unique=True).map(tuple),
    persons=st.lists(
        st.sampled_from((Person("Ada Quill", date(1980, 2, 3)), Person("Bo Fenn"))), max_size=2
    ).map(tuple),
    style=st.sampled_from(Style),
    language=st.sampled_from(Language),
    turn=st.integers(0, 9),
    offense=st.sampled_from(("", "wire fraud")),
    statute=st.sampled_from(("", "18 U.S.C. § 1343")),
    case_number=st.sampled_from(("", "DV13PR20DV0019")),
    born_on=st.just(date(2004, 2, 3)),
    program=st.just("the wage match under 42 U.S.C. 1320b-7"),
    client=st.just("Summit Ridge Lending Company"),
    due_on=st.sampled_from((None, date(2020, 10, 28))),
    enclosed=st.sampled_from(("", "a subpoena")),
)


@settings(max_examples=150)
@given(ASKS)
def test_a_body_says_what_is_asked_and_nothing_unfilled(ask: Ask) -> None:
    said = text(ask)
    assert said == text(ask)
    assert not set("{}") & set(said)
    assert "  " not in said
    assert SENDER.name in said
    assert all(item.casefold() in said.casefold() for item in ask.items)
    assert all(person.name in said for person in ask.persons)
    assert "\n" not in subject(ask)
    assert subject(ask)


@given(ASKS)
def test_the_html_says_the_same_as_the_text(ask: Ask) -> None:
    shown = re.sub(r"<[^>]+>", " ", html(ask)).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    plain = re.sub(r"(?m)^\d\. ", "", text(ask))
    assert shown.split() == plain.split()


@given(ASKS.filter(lambda ask: not ask.claims))
def test_a_purpose_that_is_not_claimed_is_not_said(ask: Ask) -> None:
    said = text(ask).casefold()
    assert not any(
        word in said for word in ("criminal", "removal", "immigration", "emergency", "penal", "inmigra")
    )


def test_a_chain_shows_who_wrote_first() -> None:
    first = Contact(name="Leland Osgood", title="Deportation Officer", email="leland.osgood@ice.dhs.example")
    ask = Ask(
        sender=SENDER,
        claims=(Claim.IMMIGRATION,),
        style=Style.FORWARDED,
        forwarded_from=first,
        forwarded_on=date(2020, 9, 1),
    )
    note, chain = text(ask).split("-----Original Message-----")
    assert SENDER.name in note
    assert "From: Leland Osgood <leland.osgood@ice.dhs.example>" in chain
    assert "removal" in chain


def test_every_claim_and_every_kind_of_data_has_words_in_both_languages() -> None:
    assert all(CLAIMS[language][claim] for language in Language for claim in Claim)
    assert all(WANTED[language][what] for language in Language for what in Wanted)


# ---------------------------------------------------------------------------------------- the bundle


def test_the_committed_request_is_the_one_that_is_made() -> None:
    assert BUNDLED.read_bytes() == bundled_request(), "run `python -m habeas.demo.papers.bundle`"


def test_the_bundled_request_encloses_a_signed_subpoena_for_one_person() -> None:
    message = parsed(BUNDLED.read_bytes())
    assert message["Date"].datetime.astimezone(UTC) == datetime(2020, 10, 14, 18, 5, tzinfo=UTC)
    (enclosed,) = message.iter_attachments()
    (page,) = pages_of(enclosed.get_content())
    for words in (
        "IMMIGRATION ENFORCEMENT SUBPOENA",
        "18 U.S.C. § 1028",
        "DV13PR20DV0042",
        "Emerson Valdivia Holt",
    ):
        assert words in page
    unsigned = paper(PaperKind.I138, attrs.evolve(bundled_paper(), signature="none"))
    assert drawn_lines(enclosed.get_content()) > drawn_lines(unsigned)
