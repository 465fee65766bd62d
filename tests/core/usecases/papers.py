"""Papers of the demonstration, in e-mails to the invented desks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs

from habeas.demo.papers.draw import paper
from habeas.demo.papers.mail import Attachment, Mailbox, MailDetails, email
from habeas.demo.papers.samples import sample

if TYPE_CHECKING:
    from habeas.demo.papers.details import PaperDetails

SENT_AT = datetime(2020, 9, 14, 15, 0, tzinfo=UTC)


@cache
def drawn(kind: str, **changes: Any) -> bytes:
    """One sample paper as a PDF."""
    base: PaperDetails = sample(kind)  # type: ignore[arg-type]  # a PaperKind's value
    return paper(kind, attrs.evolve(base, **changes))


def mail(
    text: str, *papers: bytes, subject: str = "Request for records", to: str = "desk@labor.example"
) -> bytes:
    """An e-mail with papers."""
    return email(
        MailDetails(
            sender=Mailbox("rowan.whitcomb@ice.dhs.example", "Rowan T. Whitcomb"),
            to=(Mailbox(to, "Desk"),),
            subject=subject,
            sent_at=SENT_AT,
            text=text,
            attachments=tuple(Attachment(f"paper-{n}.pdf", data) for n, data in enumerate(papers, 1)),
        )
    )


def warrant_mail() -> bytes:
    """A search warrant, to be executed within two weeks of September 14, 2020."""
    warrant = drawn("ao93", issued_on=date(2020, 9, 14), execute_by=date(2020, 9, 28))
    return mail("Enclosed is a search warrant for employment records of the person named in it.", warrant)
