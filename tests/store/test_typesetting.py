"""Typesetting: letters and reports as PDF/UA-1 and PDF/A-2a, where no text can act as mark-up."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Final

import attrs
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.adapters.typesetting import TEMPLATES, TypstTypesetter, spelled, visible
from habeas.domain import vocabulary as v
from habeas.domain.request import Officer, Requester
from habeas.kernel.errors import BadInput, BrokenInvariant
from habeas.letter.compose import TEMPLATE as LETTER
from habeas.letter.compose import compose, kind_of
from habeas.report.page import TEMPLATE as REPORT
from habeas.report.page import page
from tests.core.letter.samples import (
    AT,
    CITATIONS,
    CONTESTED,
    CUSTODIAN,
    FORBIDDEN,
    NOT_SHOWN,
    OPEN,
    RELEASED,
    REQUEST,
    Answer,
    case_of,
    evaluated,
)
from tests.core.report.samples import report_of, small_log

if TYPE_CHECKING:
    from habeas.letter.compose import Letter

TYPESETTER: Final = TypstTypesetter()

KINDS: Final[dict[v.LetterKind, list[Answer]]] = {
    v.LetterKind.REFUSAL: [FORBIDDEN, NOT_SHOWN],
    v.LetterKind.RELEASE: [RELEASED],
    v.LetterKind.MIXED: [RELEASED, FORBIDDEN, CONTESTED],
    v.LetterKind.MISSING: [OPEN],
    v.LetterKind.HOLDING: [OPEN],
}


def _letter(kind: v.LetterKind, language: v.Language = v.Language.EN, **requester: Any) -> Letter:
    answers = KINDS[kind]
    e = evaluated(answers, missing=("paper_signed", "consent"))
    request = attrs.evolve(REQUEST, requester=Requester(**requester)) if requester else REQUEST
    case = case_of(answers, e, request)
    return compose(case, CUSTODIAN, e, language, kind, citations=CITATIONS, demo=True)


def _pdf(data: dict[str, Any], template: str = LETTER) -> bytes:
    return TYPESETTER.pdf(template, data, AT)


def _text(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(p.get_textpage().get_text_bounded() for p in document)


def _flat(text: str) -> str:
    """The text without what line breaking puts in."""
    return "".join(text.replace("\ufffe", "").split())


def _language(document: pypdfium2.PdfDocument) -> str:
    size = pdfium.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFCatalog_GetLanguage(document, buffer, size)
    return bytes(buffer).decode("utf-16-le").rstrip("\0")


def _roles(document: pypdfium2.PdfDocument) -> set[str]:
    """The kinds of element that the tags of the document name."""
    found: set[str] = set()
    for one in document:
        tree = pdfium.FPDF_StructTree_GetForPage(one)
        waiting = [
            pdfium.FPDF_StructTree_GetChildAtIndex(tree, i)
            for i in range(pdfium.FPDF_StructTree_CountChildren(tree))
        ]
        while waiting:
            element = waiting.pop()
            if element:
                found.add(_type(element))
                count = pdfium.FPDF_StructElement_CountChildren(element)
                waiting += [pdfium.FPDF_StructElement_GetChildAtIndex(element, i) for i in range(count)]
        pdfium.FPDF_StructTree_Close(tree)
    return found


def _type(element: Any) -> str:
    size = pdfium.FPDF_StructElement_GetType(element, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDF_StructElement_GetType(element, buffer, size)
    return buffer.raw.decode("utf-16-le").rstrip("\0")


@pytest.mark.parametrize("language", v.Language)
@pytest.mark.parametrize("kind", v.LetterKind)
def test_every_letter_is_tagged_titled_in_its_language_and_says_what_it_should(
    kind: v.LetterKind, language: v.Language
) -> None:
    letter = _letter(kind, language)
    made = _pdf(letter.as_json())
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in made
    with pypdfium2.PdfDocument(made) as document:
        assert pdfium.FPDFCatalog_IsTagged(document)
        assert _language(document) == language
        assert document.get_metadata_dict()["Title"] == letter.title
        assert {"H1", "L", "LI", "P"} <= _roles(document)
    said = _flat(_text(made))
    wanted = [
        letter.agency,
        letter.title,
        letter.opening,
        letter.demonstration,
        letter.check,
        letter.reference,
    ]
    wanted += [*letter.recipient, *letter.closing.points]
    for group in letter.groups:
        wanted += [group.text, *group.items, *(c.cite for c in group.citations)]
    wanted += [*(letter.papers.points if letter.papers else ())]
    wanted += [*(letter.conditions.points if letter.conditions else ())]
    for text in wanted:
        assert _flat(text) in said, text


@pytest.mark.parametrize("language", v.Language)
def test_the_report_is_tagged_with_table_headers_and_labelled_on_every_page(language: v.Language) -> None:
    data = page(report_of(small_log()), language)
    made = _pdf(data, REPORT)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    with pypdfium2.PdfDocument(made) as document:
        assert pdfium.FPDFCatalog_IsTagged(document)
        assert _language(document) == language
        assert document.get_metadata_dict()["Title"] == data["title"]
        assert {"H1", "H2", "Table", "TH", "TD", "TR"} <= _roles(document)
        assert len(document) > 2
        for one in document:
            said = _flat(one.get_textpage().get_text_bounded())
            assert _flat(data["demonstration"]) in said
            assert _flat(data["proof_short"]) in said
    said = _flat(_text(made))
    for text in (data["period"], data["law"], *data["proof"], *data["limits"], *data["notes"]):
        assert _flat(text) in said, text


def test_the_first_page_of_the_report_leads_with_the_two_numbers() -> None:
    made = _pdf(page(report_of(small_log()), v.Language.EN), REPORT)
    with pypdfium2.PdfDocument(made) as document:
        first = document[0].get_textpage().get_text_bounded()
    before, _, _ = first.partition("How the requests ended")
    assert "Requests from DHS and ICE" in before
    assert "Granted, in whole or in part" in before


def test_every_table_of_the_report_stands_over_its_proof() -> None:
    data = page(report_of(small_log()), v.Language.EN)
    said = _flat(_text(_pdf(data, REPORT)))
    tables = [t for s in data["sections"] for t in s["tables"]]
    for table in tables:
        assert _flat(table["title"]) in said
    with pypdfium2.PdfDocument(_pdf(data, REPORT)) as document:
        pages = len(document)
    assert said.count(_flat(data["proof_short"])) == len(tables) + pages


@pytest.mark.parametrize(
    "text",
    [
        '#panic("boom")',
        "*bold* _it_ `raw`",
        "$ x^2 $",
        '#import "@preview/x:1.0.0"',
        "= Heading",
        "@label <label>",
        '"; }] #{ sys.exit() }',
        "\\u{41}",
        "//comment",
        "https://x.example",
        "a -- b --- c ... 'd' \"e\"",
        "{n} of {total}",
        "</rdf:RDF>&amp;<x>",
    ],
)
@pytest.mark.parametrize("kind", [v.LetterKind.REFUSAL, v.LetterKind.MIXED])
def test_markup_in_any_field_stays_text(text: str, kind: v.LetterKind) -> None:
    letter = _letter(kind, organisation_name=text, officer=Officer(name=text, title=text, address=text))
    said = _flat(_text(_pdf(letter.as_json())))
    assert said.count(_flat(text)) >= 4


def test_markup_in_every_text_of_letter_and_report_stays_text() -> None:
    poison = "#panic()*$x$"
    letter = _poisoned(_letter(v.LetterKind.MIXED).as_json(), poison)
    report = _poisoned(page(report_of(small_log()), v.Language.EN), poison)
    for data, template in ((letter, LETTER), (report, REPORT)):
        assert _flat(poison) in _flat(_text(_pdf(data, template)))


_KEPT: Final = frozenset({"schema", "kind", "language", "lang", "dated_on", "labels", "permille"})


def _poisoned(data: Any, poison: str) -> Any:
    if isinstance(data, dict):
        return {k: x if k in _KEPT else _poisoned(x, poison) for k, x in data.items()}
    if isinstance(data, list | tuple):
        return [_poisoned(x, poison) for x in data]
    return data + poison if isinstance(data, str) else data


def test_a_control_character_is_shown_not_obeyed_and_not_lost() -> None:
    letter = _letter(v.LetterKind.HOLDING, organisation_name="a\x00b\x1b[31mc\x85d\ud800e\ue000f\u202eg")
    assert _flat("a\ufffdb\ufffd[31mc\ufffdd\ufffde\ufffdf\ufffdg") in _flat(_text(_pdf(letter.as_json())))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Łucja Ďurišová-Nguyễn", "Łucja"),
        ("Ольга Иванова", "Ольга"),
        ("Ελένη", "Ελένη"),
        ("王小明", "[U+738B][U+5C0F][U+660E]"),
        ("Ana 😀", "[U+1F600]"),
    ],
)
def test_a_name_in_any_script_is_shown_or_spelled_out(name: str, shown: str) -> None:
    made = _pdf(_letter(v.LetterKind.HOLDING, organisation_name=name).as_json())
    assert _flat(shown) in _flat(_text(made))


def test_long_texts_run_over_pages_and_are_whole() -> None:
    long = " ".join(f"word{i}" for i in range(2500))
    unbroken = "x" * 400
    letter = _letter(v.LetterKind.REFUSAL, organisation_name=long, officer=Officer(name=unbroken))
    made = _pdf(letter.as_json())
    said = _flat(_text(made))
    assert "word2499" in said
    with pypdfium2.PdfDocument(made) as document:
        assert len(document) > 2


def test_a_letter_without_unit_and_contact_is_still_a_letter() -> None:
    e = evaluated([FORBIDDEN])
    case = case_of([FORBIDDEN], e)
    bare = attrs.evolve(CUSTODIAN, units=(), contact="")
    letter = compose(case, bare, e, v.Language.EN, kind_of(case), citations={})
    assert _flat(bare.name) in _flat(_text(_pdf(letter.as_json())))


@settings(max_examples=25)
@given(st.text(min_size=1, max_size=40))
def test_any_text_at_all_gives_a_letter(text: str) -> None:
    data = _letter(v.LetterKind.HOLDING).as_json()
    data["recipient"] = [text]
    assert _pdf(data).startswith(b"%PDF")


def test_equal_input_gives_equal_bytes_and_the_time_is_the_one_given() -> None:
    data = _letter(v.LetterKind.REFUSAL).as_json()
    assert _pdf(data) == _pdf(data)
    with pypdfium2.PdfDocument(_pdf(data)) as document:
        assert "2020101518" in document.get_metadata_dict()["CreationDate"].replace("-", "")


def test_a_template_that_is_not_ours_is_refused() -> None:
    for name in ("letter/../report/report.typ", "letter/texts.en.toml", "/etc/passwd", ""):
        with pytest.raises(BadInput, match=r"typesetting\.template\.unknown"):
            TYPESETTER.pdf(name, {}, AT)
    assert {LETTER, REPORT} == TEMPLATES


def test_data_that_does_not_fit_the_template_is_a_broken_invariant_that_shows_nothing_of_it() -> None:
    with pytest.raises(BrokenInvariant, match=r"typesetting\.document\.failed") as caught:
        _pdf({"secret": "Maribel"})
    assert "Maribel" not in str(caught.value)


@given(
    st.recursive(st.text() | st.integers() | st.none(), lambda x: st.lists(x) | st.dictionaries(st.text(), x))
)
def test_making_visible_twice_changes_nothing_and_spelling_leaves_latin_alone(data: Any) -> None:
    assert visible(visible(data)) == visible(data)
    assert spelled(spelled(data)) == spelled(data)
    assert spelled("Año 2020 “sí”, 5 €\n") == "Año 2020 “sí”, 5 €\n"
