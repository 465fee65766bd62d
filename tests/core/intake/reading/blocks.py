"""Pages made of blocks in any order: captions, headings, texts and signature blocks that no judge signed.

Used to look for a mixture that the reader would show as signed by a judge. Words are invented here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
import typst
from hypothesis import strategies as st

from tests.core.intake.reading.sheets import INK, PICTURE, escaped

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@attrs.frozen
class Signature:
    """A signature block: what stands on its line, the label under it, the words under that."""

    over: str
    label: str
    printed: str = ""
    before: str = ""
    line: bool = True

    def markup(self) -> str:
        """The block as typst: `over` may be mark-up (ink, a picture)."""
        over = self.over if self.over.startswith("#") else escaped(self.over)
        rows = [
            escaped(self.before),
            f"#box(height: 24pt)[{over}]",
            "#line(length: 200pt, stroke: 0.5pt)" if self.line else "",
            escaped(self.label),
            escaped(self.printed),
        ]
        return "#block(breakable: false)[#set par(spacing: 3pt)\n" + "\n\n".join(r for r in rows if r) + "]"


CAPTIONS: Final = (
    "",
    "UNITED STATES DISTRICT COURT\nfor the District of Nowhere",
    "IN THE UNITED STATES DISTRICT COURT\nFOR THE DISTRICT OF NOWHERE",
    "U S D C NITED TATES ISTRICT OURT\nfor the District of Nowhere",
    "UNITED STATES BANKRUPTCY COURT\nDistrict of Nowhere",
    "DISTRICT COURT, ALDER COUNTY, COLORADO",
    "U.S. DEPARTMENT OF HOMELAND SECURITY",
    "UNITED STATES DEPARTMENT OF JUSTICE\nEXECUTIVE OFFICE FOR IMMIGRATION REVIEW\nIMMIGRATION COURT",
)
HEADINGS: Final = (
    "",
    "SEARCH AND SEIZURE WARRANT",
    "ARREST WARRANT",
    "APPLICATION FOR A SEARCH WARRANT",
    "ORDER TO PRODUCE RECORDS",
    "[PROPOSED] ORDER GRANTING APPLICATION",
    "ORDER OF THE IMMIGRATION JUDGE",
    "MOTION FOR AN ORDER TO SHOW CAUSE",
    "SUBPOENA TO TESTIFY BEFORE A GRAND JURY",
    "SUBPOENA TO PRODUCE DOCUMENTS, INFORMATION, OR OBJECTS IN A CIVIL ACTION",
    "CIVIL INSPECTION WARRANT",
    "WARRANT OF REMOVAL/DEPORTATION",
    "Warrant for Arrest of Alien",
    "MINUTE ORDER",
    "MEMORANDUM OPINION",
    "JUDGMENT IN A CIVIL ACTION",
)
TEXTS: Final = (
    "In the Matter of the Search of the records of a state office. Case No. 21-sw-00044-XY.",
    "To: Any authorized law enforcement officer",
    "I find that the affidavit(s) establish probable cause to search the records described above.",
    "YOU ARE COMMANDED to execute this warrant on or before August 14, 2021.",
    "YOU ARE COMMANDED to arrest and bring before a United States magistrate judge the person named, on a complaint.",
    "IT IS ORDERED that the agency shall produce the wage records of one person. IT IS SO ORDERED.",
    "BY THE COURT:",
    "based upon a final order by: an immigration judge; a United States District or Magistrate Court Judge",
    "Before: The Honorable Ada Q. Bell, United States District Judge",
    "Judge: Hon. Ada Q. Bell",
    "The parties ask the Honorable Ada Q. Bell, United States Magistrate Judge, to sign the order below.",
    "Civil Action No. 1:21-cv-00044",
    "inspect the premises and place of business",
    "AO 93 (Rev. 11/13)",
    "Form I-205 (Rev. 8/07)",
    "The agent said that a judge had signed it. She asked to see it, and he read one line aloud: so ordered.",
)
UNSIGNED: Final = (
    Signature("", "Judge's signature", "Ada Q. Bell, United States Magistrate Judge"),
    Signature("", "Ada Q. Bell", "United States District Judge"),
    Signature("Ada Q. Bell", "Judge's signature", "Printed name and title"),
    Signature("Ada Q. Bell", "UNITED STATES DISTRICT JUDGE"),
    Signature("", "HON. ADA Q. BELL", "UNITED STATES DISTRICT JUDGE", before="IT IS SO ORDERED.", line=False),
    Signature("", "Issuing officer's signature", "Printed name and title"),
    Signature("", "Ada Q. Bell", "District Court Judge", before="BY THE COURT:"),
)
"""A judge's blocks that nobody signed."""

OTHERS: Final = (
    ("Signature of Clerk or Deputy Clerk", "Tom R. Yates"),
    ("Tom R. Yates", "Deputy Clerk"),
    ("Tom R. Yates, Clerk of Court", ""),
    ("Attorney's signature", "Lena Fisk"),
    ("Lena Fisk", "Assistant United States Attorney"),
    ("Lena Fisk", "Counsel for Plaintiff"),
    ("Applicant's signature", "Pat Marrow, Special Agent"),
    ("Executing officer's signature", "Printed name and title"),
    ("(Signature of Authorized Immigration Officer)", "Pat Marrow, Deportation Officer"),
    ("Pat Marrow", "Supervisory Detention and Deportation Officer"),
    ("Rex Ulloa", "Immigration Judge"),
    ("Rex Ulloa", "Administrative Law Judge"),
    ("Judge's signature", "Pat Marrow, Supervisory Special Agent"),
    ("Judge's signature", "Tom R. Yates, Deputy Clerk"),
    ("Issuing officer's signature", "Tom R. Yates, Deputy Clerk"),
    ("Server's signature", "Printed name and title"),
    ("(Signature)", "Special Agent in Charge"),
    ("Notary Public", "Uma Sand"),
)
"""Labels of blocks that somebody signed who is no judge."""

MARKS: Final = (
    INK,
    PICTURE,
    "/s/ Pat Marrow",
    "/s/ Lena Fisk",
    "s/ Tom R. Yates",
    "Electronically signed by Lena Fisk",
)


def signatures() -> SearchStrategy[Signature]:
    """A judge's empty block, or a block that another has signed."""
    signed = st.builds(
        lambda mark, names, before: Signature(mark, names[0], names[1], before=before),
        st.sampled_from(MARKS),
        st.sampled_from(OTHERS),
        st.sampled_from(("", "Presented by:", "So stipulated:", "Attest: a true copy", "Sworn before me:")),
    )
    return st.one_of(st.sampled_from(UNSIGNED), signed)


@attrs.frozen
class Mixture:
    """One page: its head, its texts, and rows of one or two signature blocks."""

    caption: str
    headings: tuple[str, ...]
    texts: tuple[str, ...]
    rows: tuple[tuple[Signature, ...], ...]
    gap: int
    blocks_first: bool = False

    def markup(self) -> str:
        """The page as typst."""
        head = [f"#align(center)[#strong[{escaped(t)}]]" for t in (self.caption, *self.headings) if t]
        texts = [escaped(t) for t in self.texts]
        rows = [
            "#grid(columns: (1fr, 1fr), " + ", ".join(f"[{s.markup()}]" for s in row) + f")\n#v({self.gap}pt)"
            for row in self.rows
        ]
        body = [*rows, *texts] if self.blocks_first else [*texts, *rows]
        return "\n\n".join([*head, *body])


def mixtures() -> SearchStrategy[Mixture]:
    """Any head over any text over any blocks, none of them signed by a judge."""
    return st.builds(
        Mixture,
        caption=st.sampled_from(CAPTIONS),
        headings=st.lists(st.sampled_from(HEADINGS), min_size=1, max_size=2).map(tuple),
        texts=st.lists(st.sampled_from(TEXTS), min_size=2, max_size=7).map(tuple),
        rows=st.lists(st.lists(signatures(), min_size=1, max_size=2).map(tuple), min_size=1, max_size=3).map(
            tuple
        ),
        gap=st.integers(0, 30),
        blocks_first=st.booleans(),
    )


def drawn(*pages: Mixture) -> bytes:
    """The pages of one PDF."""
    head = "#set page(width: 612pt, height: 792pt, margin: 54pt)\n#set text(10.5pt)\n"
    source = head + "\n#pagebreak()\n".join(p.markup() for p in pages)
    made = typst.compile(source.encode(), ignore_system_fonts=True, format="pdf")
    assert isinstance(made, bytes)
    return made
