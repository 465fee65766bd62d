"""Letters on the page: what is sent is what was read, kept as sent, and shown to nobody else."""

from __future__ import annotations

import hashlib
import re
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from habeas.domain.vocabulary import CaseState, EventKind, Outcome
from tests.console import acts
from tests.console.acts import APPROVER, AUDITOR, CLERK, COUNSEL, ELSEWHERE, REVIEWER, case_of, html, text
from tests.console.browser import in_each_look
from tests.console.office import NOW, at_once

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpResponse

    from tests.console.conftest import Visit
    from tests.console.office import Office


def refused(office: Office) -> None:
    """A case that was refused and waits for its letter."""
    acts.check_facts(office, "i205")
    acts.decide(office, "i205", Outcome.REFUSE, reason="no judge signed it")


def looked_at(answer: HttpResponse) -> str:
    """The version of the letter that the page shows."""
    found = re.search(r'name="looked_at" value="([0-9a-f]{64})"', html(answer))
    assert found
    return found.group(1)


def form(office: Office, person: str = CLERK, **said: str) -> dict[str, Any]:
    """The form of the answer, filled in from its page."""
    seen = looked_at(acts.get(office, person, "i205", "letters/new/", kind="answer", language="en"))
    return {"kind": "answer", "language": "en", "means": "mail", "when": "now", "looked_at": seen} | said


def pdf_text(data: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    return re.sub(r"\s+", " ", " ".join(p.get_textpage().get_text_bounded() for p in document))


# ---------------------------------------------------------------------------------- reading, sending


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Request for records: refused"), ("es", "Solicitud de registros: rechazada")],
)
def test_the_page_says_what_the_pdf_says(office: Office, language: str, title: str) -> None:
    refused(office)
    page = acts.get(office, CLERK, "i205", "letters/new/", kind="answer", language=language)
    assert f'<article class="d-sheet" lang="{language}" aria-label="{title}">' in html(page)
    pdf = acts.get(office, CLERK, "i205", "letters/preview.pdf", kind="answer", language=language)
    assert pdf["Content-Type"] == "application/pdf"
    assert hashlib.sha256(pdf.content).hexdigest() == looked_at(page)
    printed = pdf_text(pdf.content).replace(" ", "")
    sheet = html(page).partition("<article")[2].partition("</article>")[0]
    sentences = [s for s in re.findall(r"<(?:p|li|h\d)>([^<]{25,})<", sheet) if "habeas receipt" not in s]
    assert len(sentences) > 6
    missing = [s for s in sentences if s.replace("&#x27;", "'").replace(" ", "") not in printed]
    assert missing == []


def test_what_was_read_is_sent_kept_and_closes_the_case(office: Office) -> None:
    refused(office)
    said = form(office)
    version = case_of(office, "i205").version
    sent = acts.post(office, CLERK, "i205", "letters/new/", expected_version=version, **said)
    assert (sent.status_code, sent["Location"]) == (303, f"/cases/{office.ref('i205')}/")
    case = case_of(office, "i205")
    (notice,) = case.notices
    assert (case.state, notice.means, notice.language) == (CaseState.CLOSED, "mail", "en")
    assert notice.sha256 == said["looked_at"]
    kept = acts.get(office, CLERK, "i205", "letters/1.pdf")
    assert hashlib.sha256(kept.content).hexdigest() == notice.sha256
    assert kept["Content-Disposition"].startswith("inline; ")
    listed = text(acts.get(office, CLERK, "i205", ""))
    for part in ("Refusal", "(English)", "October 15, 2020, 13:00", "By mail", "W. Tanaka", notice.sha256):
        assert part in listed
    again = acts.post(office, CLERK, "i205", "letters/new/", expected_version=version, **said)
    assert again.status_code == 409
    assert len(case_of(office, "i205").notices) == 1


def test_two_people_sending_at_the_same_moment_send_one_letter(office: Office) -> None:
    refused(office)
    said = form(office) | {"expected_version": case_of(office, "i205").version}
    path = f"/cases/{office.ref('i205')}/letters/new/"
    clients = [office.client(p) for p in (CLERK, REVIEWER)]
    answers = at_once(*[lambda c=c: c.post(path, said) for c in clients])
    assert sorted(a.status_code for a in answers) == [303, 409]
    assert acts.kinds(office, "i205").count(EventKind.NOTICE_SENT) == 1


def test_a_letter_that_changed_since_it_was_read_is_shown_again_not_sent(office: Office) -> None:
    refused(office)
    said = form(office)
    acts.decide(office, "i205", Outcome.NO_RECORDS)
    late = acts.post(office, CLERK, "i205", "letters/new/", **said)
    assert late.status_code == 409
    assert "The letter is no longer the one you looked at. It was not sent." in text(late)
    assert "The agency has no records of this kind to give." in text(late)
    assert looked_at(late) != said["looked_at"]
    assert 'value="mail" selected' in html(late)
    assert case_of(office, "i205").notices == ()
    nothing_seen = said | {"looked_at": ""}
    assert acts.post(office, CLERK, "i205", "letters/new/", **nothing_seen).status_code == 409


def test_a_letter_that_went_out_another_day_is_shown_with_that_day_first(office: Office) -> None:
    refused(office)
    office.clock.set(NOW + timedelta(days=2))
    said = form(office, when="earlier", day="2020-10-15", time="13:30")
    first = acts.post(office, CLERK, "i205", "letters/new/", **said)
    assert first.status_code == 409
    assert "October 15, 2020" in text(first)
    assert 'value="2020-10-15"' in html(first)
    sent = acts.post(office, CLERK, "i205", "letters/new/", **(said | {"looked_at": looked_at(first)}))
    assert sent.status_code == 303
    (notice,) = case_of(office, "i205").notices
    assert notice.sent_at == datetime(2020, 10, 15, 19, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"means": ""}, "means", "Say how the letter goes out."),
        ({"means": "pigeon"}, "means", "Say how the letter goes out."),
        ({"when": "earlier", "day": "2020-10-16", "time": "09:00"}, "day", "This time has not come yet."),
        ({"when": "earlier", "day": "2020-10-15", "time": "12:59"}, "day", "cannot go out before"),
        ({"when": "earlier", "day": "", "time": ""}, "day", "Give the day and the time"),
        ({"when": "earlier", "day": "tomorrow", "time": "9"}, "day", "Give the day and the time"),
    ],
)
def test_what_is_wrong_with_the_sending_is_said_at_its_field(
    office: Office, said: dict[str, str], field: str, words: str
) -> None:
    refused(office)
    answer = acts.post(office, CLERK, "i205", "letters/new/", **form(office, **said))
    assert answer.status_code == 422
    assert f'href="#{field}"' in html(answer)
    found = re.search(rf'id="{field}-trouble">([^<]+)<', html(answer))
    assert found
    assert words in found.group(1)
    assert case_of(office, "i205").notices == ()


# ------------------------------------------------------------------------------------ kinds of letter


@pytest.mark.parametrize(
    ("case", "kind", "says"),
    [("subpoena", "holding", "is looking at it"), ("mail", "missing", "papers listed here")],
)
def test_a_letter_that_decides_nothing_leaves_the_case_open(
    office: Office, case: str, kind: str, says: str
) -> None:
    page = acts.get(office, CLERK, case, "letters/new/", kind=kind)
    assert says in text(page)
    assert "With this letter the case stays open." in text(page)
    said = {"kind": kind, "language": "en", "means": "e-mail", "looked_at": looked_at(page)}
    assert acts.post(office, CLERK, case, "letters/new/", **said).status_code == 303
    now = case_of(office, case)
    assert (now.state, [n.kind for n in now.notices]) == (CaseState.READ, [kind])


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (None, "Not every part is decided yet."),
        (Outcome.COUNSEL, "Some parts are with counsel"),
        (Outcome.RELEASE, "A second person must approve this first."),
    ],
)
def test_an_answer_that_cannot_go_out_yet_says_why(office: Office, outcome: Outcome | None, why: str) -> None:
    acts.check_facts(office, "i138")
    if outcome:
        acts.decide(office, "i138", outcome)
    page = acts.get(office, CLERK, "i138", "letters/new/", kind="answer")
    assert page.status_code == 422
    assert why in text(page)
    assert '<form method="post" action="/cases/' not in html(page)
    said = {"kind": "answer", "language": "en", "means": "mail", "looked_at": "0" * 64}
    assert acts.post(office, CLERK, "i138", "letters/new/", **said).status_code == 422
    assert acts.get(office, CLERK, "i138", "letters/preview.pdf", kind="answer").status_code == 404
    assert case_of(office, "i138").notices == ()


def test_a_partly_granted_request_gets_a_mixed_letter(office: Office) -> None:
    from habeas.domain.determination import ItemDetermination
    from habeas.usecases.determine import determine
    from habeas.usecases.disclose import authorize

    acts.check_facts(office, "two_items")
    both = (ItemDetermination("1", Outcome.RELEASE), ItemDetermination("2", Outcome.REFUSE))
    determine(office.desk.ports, office.case_id("two_items"), office.person(REVIEWER), both)
    authorize(office.desk.ports, office.case_id("two_items"), office.person(APPROVER))
    shown = text(acts.get(office, CLERK, "two_items", "letters/new/", kind="answer"))
    assert "Request for records: answer item by item" in shown


# ------------------------------------------------------------------------------------------ who sees


@pytest.mark.parametrize(
    ("person", "status"),
    [(CLERK, 200), (COUNSEL, 200), (AUDITOR, 200), (ELSEWHERE, 404), ("i.sorensen", 403)],
)
def test_a_kept_letter_is_shown_to_whoever_may_read_papers_and_written_down(
    office: Office, person: str, status: int
) -> None:
    refused(office)
    acts.post(office, CLERK, "i205", "letters/new/", **form(office))
    before = len(list(office.desk.ports.views.of_case(office.case_id("i205"))))
    assert acts.get(office, person, "i205", "letters/1.pdf").status_code == status
    views = list(office.desk.ports.views.of_case(office.case_id("i205")))
    assert len(views) == before + (status == 200)
    if status == 200:
        assert "letter" in {str(v.what) for v in views if v.person == person}


def test_whoever_only_looks_sends_nothing(office: Office) -> None:
    refused(office)
    said = form(office)
    assert acts.get(office, AUDITOR, "i205", "letters/new/", kind="answer").status_code == 403
    assert acts.post(office, AUDITOR, "i205", "letters/new/", **said).status_code == 403
    page = acts.get(office, AUDITOR, "i205", "")
    assert page.status_code == 200
    assert "letters/new/" not in html(page)


@pytest.mark.parametrize("number", [0, 2, 99])
def test_a_letter_that_was_never_sent_is_not_there(office: Office, number: int) -> None:
    refused(office)
    acts.post(office, CLERK, "i205", "letters/new/", **form(office))
    assert acts.get(office, CLERK, "i205", f"letters/{number}.pdf").status_code == 404


# ------------------------------------------------------------------------------------- in a browser


@in_each_look
def test_the_letters_page_holds_at_every_size_in_both_languages(
    office: Office, visit: Visit, size: str, language: str
) -> None:
    refused(office)
    where = f"/cases/{office.ref('i205')}/letters/new/?kind="
    with visit(CLERK, size=size, language=language) as visitor:
        page = visitor.go(f"{where}answer&language={language}")
        visitor.check()
        page.locator("form#send button").click()
        page.locator("[role=alert]:focus").wait_for()
        visitor.said.clear()  # the browser reports every 422 as a line of its console
        visitor.check()
        visitor.go(f"{where}missing&language={language}")
        visitor.said.clear()
        visitor.check()


@pytest.mark.stored
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_refusal_goes_its_whole_way_in_the_browser(
    office: Office, visit: Visit, tmp_path: Path, language: str
) -> None:
    """A removal warrant comes by e-mail: log it, check the facts, decide, read the letter, mark it sent."""
    began = time.perf_counter()
    with visit(REVIEWER, language=language) as visitor:
        ref = acts.bring_in(office, visitor, tmp_path, 12)
        page = visitor.page
        page.locator("label[for=pick-1-refuse]").click()
        page.locator("#reason-1").fill("no judge signed it")
        page.locator("button[value=review]").click()
        page.locator("button[value=record]").click()
        page.wait_for_url("**/letters/new/**")
        other = {"en": "es", "es": "en"}[language]
        page.locator(f".d-langs a[href*='language={other}']").click()
        page.locator(f"article[lang={other}]").wait_for()
        page.locator("#means").select_option("fax")
        page.locator("form#send button").click()
        page.wait_for_url(f"**/cases/{ref}/")
        print(f"refusal, {language}: {time.perf_counter() - began:.1f} s of machine time")
        visitor.check()
        with page.expect_popup() as opened:
            page.locator("a[href$='letters/1.pdf']").first.click()
        assert opened.value.url.endswith("/letters/1.pdf")
    case = office.desk.ports.cases.load(office.desk.ports.cases.by_ref(ref))
    assert case.state is CaseState.CLOSED
    assert [(n.kind, n.language, n.means) for n in case.notices] == [("refusal", other, "fax")]
