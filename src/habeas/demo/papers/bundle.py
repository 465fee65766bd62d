"""The one request that ships with Habeas for the guided tour: `python -m habeas.demo.papers.bundle`.

An agent of Homeland Security Investigations asks the Unemployment Insurance Fraud Unit for one
person's wages, says that it serves an active criminal investigation, and encloses an administrative
subpoena, Form I-138, signed by a supervisory agent: court-enforceable only, by no judge. The command
writes the file; a test holds the committed file against `bundled_request()`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

import attrs

from habeas.demo.papers.bodies import Ask, html, subject, text
from habeas.demo.papers.details import PaperDetails, PaperKind, Person
from habeas.demo.papers.draw import paper
from habeas.demo.papers.mail import Attachment, Mailbox, MailDetails, email
from habeas.demo.papers.phrases import Claim
from habeas.demo.papers.samples import sample

BUNDLED: Final = Path(__file__).parents[1] / "bundled" / "request.eml"
"""Where the request lies in the installed package."""

_SENT_AT: Final = datetime(2020, 10, 14, 12, 5, tzinfo=timezone(timedelta(hours=-6)))
_PERSON: Final = Person("Emerson Valdivia Holt", date(1986, 7, 19))
_ITEMS: Final = (
    "Wage history, by quarter and employer, from the first quarter of 2018 to the present",
    "Name and address of the current employer",
)


def bundled_paper() -> PaperDetails:
    """What stands on the enclosed Form I-138."""
    return attrs.evolve(
        sample(PaperKind.I138),
        case_number="DV13PR20DV0042",
        reference="HSI-DV-2020-000588",
        title="Criminal investigation",
        persons=(_PERSON,),
        items=_ITEMS,
        offense="identity document fraud",
        statute="18 U.S.C. § 1028",
        checked=("produce", "criminal"),
        issued_on=date(2020, 10, 13),
        return_on=date(2020, 10, 28),
    )


def bundled_request() -> bytes:
    """The e-mail with the paper, sent October 14, 2020, 18:05 UTC."""
    drawn = bundled_paper()
    ask = Ask(
        sender=drawn.officer,
        recipient=drawn.holder_unit,
        claims=(Claim.CRIMINAL,),
        items=drawn.items,
        persons=drawn.persons,
        offense=drawn.offense,
        statute=drawn.statute,
        case_number=drawn.case_number,
        due_on=drawn.return_on,
        enclosed="an administrative subpoena (Form I-138)",
    )
    return email(
        MailDetails(
            sender=Mailbox(drawn.officer.email, drawn.officer.name),
            to=(Mailbox("ui-fraud@labor.state.example", "Unemployment Insurance Fraud Unit"),),
            subject=subject(ask),
            sent_at=_SENT_AT,
            text=text(ask),
            html=html(ask),
            attachments=(Attachment(f"I-138_{drawn.reference}.pdf", paper(PaperKind.I138, drawn)),),
        )
    )


if __name__ == "__main__":
    BUNDLED.parent.mkdir(exist_ok=True)
    BUNDLED.write_bytes(bundled_request())
