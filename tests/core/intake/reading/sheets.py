"""Papers for the reader's tests, drawn here in words of their own: caption, heading, text, signature block."""

from __future__ import annotations

from typing import Final

import attrs
import typst

INK: Final = "#curve(stroke: 1pt, curve.move((0pt, 12pt)), curve.cubic((10pt, -8pt), (14pt, 22pt), (26pt, 4pt)), curve.cubic((40pt, -6pt), (44pt, 20pt), (60pt, 8pt)), curve.cubic((72pt, 0pt), (80pt, 16pt), (96pt, 6pt)))"
"""A pen's stroke."""

PICTURE: Final = "#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='90' height='24'><path d='M2 20 C 20 0 30 24 50 6 S 80 22 88 4' stroke='black' fill='none'/></svg>\"), format: \"svg\", width: 90pt)"


@attrs.frozen
class Sheet:
    """One page. `over` is what stands on the signature's line; `label` below it, `printed` below that.

    `over` and `heading` are typst where they begin with `#`.
    """

    caption: str = ""
    heading: str = ""
    text: str = ""
    over: str = ""
    label: str = ""
    printed: str = ""
    header: str = ""
    footer: str = ""
    line: bool = True


def escaped(text: str) -> str:
    """The text as typst shows it, mark-up characters and all."""
    return "".join(f"\\{c}" if c in "\\#$*_`@<>[]~/'\"=-+" else c for c in text).replace("\n", " \\ ")


def markup(sheet: Sheet) -> str:
    """A sheet as typst."""
    parts = [f"#align(center)[#text(9pt)[{escaped(sheet.header)}]]"] if sheet.header else []
    if sheet.caption:
        parts.append(f"#align(center)[#strong[{escaped(sheet.caption)}]]\n#v(18pt)")
    if sheet.heading:
        heading = sheet.heading if sheet.heading.startswith("#") else escaped(sheet.heading)
        parts.append(f"#align(center)[#strong[{heading}]]\n#v(12pt)")
    parts.append(escaped(sheet.text))
    if sheet.label or sheet.printed:
        line = "#line(length: 220pt, stroke: 0.5pt)" if sheet.line else ""
        over = sheet.over if sheet.over.startswith("#") else escaped(sheet.over)
        rows = [f"#box(height: 26pt)[{over}]", line, escaped(sheet.label), escaped(sheet.printed)]
        parts.append(
            "#v(40pt)\n#align(right)[#block(width: 230pt)[#set par(spacing: 3pt)\n"
            + "\n\n".join(r for r in rows if r)
            + "]]"
        )
    parts.append(f"#v(1fr)\n#text(8pt)[{escaped(sheet.footer)}]")
    return "\n\n".join(parts)


def pdf(*sheets: Sheet) -> bytes:
    """The sheets as pages of one PDF."""
    source = (
        "#set page(width: 612pt, height: 792pt, margin: 54pt)\n#set text(11pt)\n"
        + "\n#pagebreak()\n".join(map(markup, sheets))
    )
    made = typst.compile(source.encode(), ignore_system_fonts=True, format="pdf")
    assert isinstance(made, bytes)
    return made


BODY: Final = "This paper concerns certain records kept by the agency named below. The records are described in the attached list, and whoever holds them is to act within the time stated. Dated this 3rd day of August, 2021."

WARRANT: Final = Sheet(
    caption="UNITED STATES DISTRICT COURT\nfor the District of Nowhere",
    heading="SEARCH AND SEIZURE WARRANT",
    text="In the Matter of the Search of the records of a state office. Case No. 21-sw-00044-XY. To: Any authorized law enforcement officer. I find that the affidavit(s) establish probable cause. YOU ARE COMMANDED to execute this warrant on or before August 14, 2021.",
    over=INK,
    label="Judge's signature",
    printed="Ada Q. Bell, United States Magistrate Judge",
    footer="AO 93 (Rev. 11/13)",
)
ORDER: Final = Sheet(
    caption="IN THE UNITED STATES DISTRICT COURT\nFOR THE DISTRICT OF NOWHERE",
    heading="ORDER TO PRODUCE RECORDS",
    text="Case No. 1:21-mc-00044. Upon the petition, IT IS ORDERED that the agency shall produce the wage records of one person. SO ORDERED.",
    over=INK,
    label="Ada Q. Bell",
    printed="United States District Judge",
)
CIVIL_SUBPOENA: Final = Sheet(
    caption="UNITED STATES DISTRICT COURT\nfor the District of Nowhere",
    heading="SUBPOENA TO PRODUCE DOCUMENTS, INFORMATION, OR OBJECTS IN A CIVIL ACTION",
    text="Civil Action No. 1:21-cv-00044. YOU ARE COMMANDED to produce the following documents at the time set forth below.",
    over=INK,
    label="Attorney's signature",
    footer="AO 88B (Rev. 02/14)",
)
I200: Final = Sheet(
    caption="U.S. DEPARTMENT OF HOMELAND SECURITY",
    heading="Warrant for Arrest of Alien",
    text="I have determined that there is probable cause to believe that the person named is removable from the United States. YOU ARE COMMANDED to arrest and take into custody the above-named alien.",
    over=INK,
    label="(Signature of Authorized Immigration Officer)",
    printed="(Printed Name and Title of Authorized Immigration Officer)",
    footer="Form I-200 (Rev. 09/16)",
)
I205: Final = Sheet(
    caption="U.S. Department of Homeland Security",
    heading="WARRANT OF REMOVAL/DEPORTATION",
    text="To any immigration officer: the person named is subject to removal, based upon a final order by: an immigration judge in removal proceedings; a designated official; the Board of Immigration Appeals; a United States District or Magistrate Court Judge.",
    over=INK,
    label="(Signature of immigration officer)",
    printed="(Title of immigration officer)",
    footer="ICE Form I-205 (8/07)",
)
I138: Final = Sheet(
    caption="DEPARTMENT OF HOMELAND SECURITY",
    heading="IMMIGRATION ENFORCEMENT SUBPOENA",
    text="8 U.S.C. § 1225(d), 8 C.F.R. § 287.4. Failure to comply with this subpoena may subject you to an order of contempt by a federal District Court. CBP, ICE or USCIS Official. Records required to be produced for inspection: payroll of one person.",
    over=INK,
    label="(Signature)",
    printed="Supervisory Special Agent",
    footer="DHS Form I-138 (6/09)",
)
CUSTOMS: Final = Sheet(
    caption="DEPARTMENT OF HOMELAND SECURITY",
    heading="SUMMONS TO APPEAR AND/OR PRODUCE RECORDS",
    text="19 U.S.C. § 1509. To ascertain the correctness of entries. Failure to comply will render you liable to proceedings in a U.S. District Court to enforce compliance.",
    over=INK,
    label="(Signature of Commissioner or delegate)",
    footer="DHS Form 3115 (6/09)",
)
LETTER: Final = Sheet(
    text="Dear Records Officer: I write to ask for the home address of one person. A warrant signed by a judge may follow; a subpoena could be issued by the United States District Court. Sincerely,",
    printed="Pat Marrow, Special Agent",
    line=False,
)
