"""How fast text PDFs are read: this reader against bare text extraction of the same pages, in one process.

`python bench/reading.py` prints a table and writes bench/results/reading.{json,md}.
"""

from __future__ import annotations

import json
import platform
import statistics
import time
from importlib.metadata import version
from pathlib import Path

import pypdfium2

from habeas.demo.papers.details import PaperKind
from habeas.demo.papers.draw import paper
from habeas.demo.papers.samples import sample
from habeas.intake.reading.document import describe, read_document

RESULTS = Path(__file__).parent / "results"
ROUNDS = 5


def bare(data: bytes) -> int:
    """The text of every page, and nothing else."""
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            page.get_textpage().get_text_range()
        return len(document)


def best(run: object, data: bytes) -> float:
    """Milliseconds of CPU, the best of some rounds."""
    found = []
    for _ in range(ROUNDS):
        start = time.process_time()
        run(data)  # type: ignore[operator] # a function of bytes
        found.append(1000 * (time.process_time() - start))
    return min(found)


def main() -> None:
    """Measure every demonstration paper."""
    papers = {f"{k}-{n}": paper(k, sample(k, n)) for k in PaperKind for n in (0, 1)}
    pages = {name: bare(data) for name, data in papers.items()}
    ours = {n: best(lambda d: read_document(d, blob="b"), data) / pages[n] for n, data in papers.items()}
    peer = {n: best(bare, data) / pages[n] for n, data in papers.items()}
    right = sum(describe(data, "x")["authority"] != "unreadable" for data in papers.values())
    row = {
        "papers": len(papers),
        "pages": sum(pages.values()),
        "answered": right,
        "ms_a_page_median": round(statistics.median(ours.values()), 1),
        "ms_a_page_worst": round(max(ours.values()), 1),
        "bare_text_ms_a_page_median": round(statistics.median(peer.values()), 1),
        "ratio_median": round(statistics.median(ours[n] / peer[n] for n in papers), 1),
        "python": platform.python_version(),
        "pypdfium2": version("pypdfium2"),
        "machine": platform.machine(),
    }
    lines = [
        "# Reading text PDFs",
        "",
        "CPU time, best of 5, one process.",
        "",
        "| what | value |",
        "| --- | ---: |",
    ]
    lines += [f"| {key.replace('_', ' ')} | {value} |" for key, value in row.items()]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "reading.json").write_text(json.dumps(row, indent=2) + "\n", encoding="utf-8")
    (RESULTS / "reading.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
