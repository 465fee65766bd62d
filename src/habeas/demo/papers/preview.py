"""All papers on one's own disk, to be looked at: `python -m habeas.demo.papers.preview FOLDER`.

Writes every kind in every layout as `<kind>-<layout>.pdf`, and each form, blank, as `<kind>-blank.pdf`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import attrs

from habeas.demo.papers.details import VARIANTS, WRITTEN, PaperKind
from habeas.demo.papers.draw import paper
from habeas.demo.papers.samples import sample


def preview(folder: Path) -> None:
    """Draw the sample of every kind into a folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in PaperKind:
        for variant in range(VARIANTS):
            (folder / f"{kind}-{variant}.pdf").write_bytes(paper(kind, sample(kind, variant)))
        if kind not in WRITTEN:
            blank = attrs.evolve(sample(kind), filled=False)
            (folder / f"{kind}-blank.pdf").write_bytes(paper(kind, blank))


if __name__ == "__main__":
    preview(Path(sys.argv[1]))
