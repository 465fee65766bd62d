"""A page as the reader sees it: words, cells, and what is drawn, each with its box.

Hides how words become lines. A *cell* is a run of words on one line without a wide gap: in a form, one
blank or one label. Whatever made the words (a PDF's text layer, a plain text, one day a scan read by
OCR) gives the same `Page`; boxes are whole points from the page's top left corner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

Box = tuple[int, int, int, int]
"""(left, top, right, bottom) in whole points from the page's top left corner."""

ENOUGH_LETTERS: Final = 60
"""Fewer letters on a page are no text layer: a filing header over a picture has about so many."""

_TALL: Final = 40
"""Words taller than this (points) are a watermark: kept out of the lines they lie across."""

_LEVEL: Final = 0.4
_LEVEL_MOST: Final = 3.0
"""Words whose baselines are apart by less than this part of their height, and this (points), are level."""

_GAP: Final = 2.2
"""A gap wider than this many times a word's height ends a cell."""

_LEAST_HEIGHT: Final = 6
_LOOK_BACK: Final = 6
"""So many lines up may a word still belong to: tables and captions mix heights."""


@attrs.frozen
class Word:
    """A word and where it stands; `base` is the line it is written on (default: the bottom of its box)."""

    text: str
    box: Box
    base: float = attrs.Factory(lambda word: float(word.box[3]), takes_self=True)


@attrs.frozen
class Cell:
    """A run of words on one line without a wide gap."""

    text: str
    box: Box
    words: tuple[Word, ...] = ()


@attrs.frozen
class Page:
    """One page: its size in points, its cells in reading order, and what is drawn on it.

    `ink` are curved strokes (a pen signature drawn as paths, and seals), `images` the boxes of pictures,
    `pens` those of them that could show a pen's strokes, `rules` thin horizontal lines, `sealed` the boxes
    of digital signature fields that hold a signature (not verified here). `pictured` says that a picture or
    a filled area covers most of the page: words there are a layer that somebody else made, and no signature
    can be seen.
    """

    number: int
    width: int
    height: int
    cells: tuple[Cell, ...]
    ink: tuple[Box, ...] = ()
    images: tuple[Box, ...] = ()
    pens: tuple[Box, ...] = ()
    rules: tuple[Box, ...] = ()
    sealed: tuple[Box, ...] = ()
    pictured: bool = False

    @property
    def text(self) -> str:
        """The cells, one a line."""
        return "\n".join(c.text for c in self.cells)

    @property
    def letters(self) -> int:
        """How many characters stand on the page."""
        return sum(len(c.text) for c in self.cells)

    @property
    def has_text(self) -> bool:
        """Whether there is a text layer worth reading."""
        return self.letters >= ENOUGH_LETTERS


def cells_of(words: Iterable[Word]) -> Iterator[Cell]:
    """Words grouped into lines by their baselines, lines cut at wide gaps; top to bottom, left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.base, w.box[0])):
        near = reversed(lines[-_LOOK_BACK:])
        line = None if _height(word) > _TALL else next((x for x in near if _level(x[0], word)), None)
        if line is None:
            lines.append([word])
        else:
            line.append(word)
    for line in lines:
        yield from _cut(sorted(line, key=lambda w: w.box[0]))


def _height(word: Word) -> int:
    return word.box[3] - word.box[1]


def _level(one: Word, word: Word) -> bool:
    tall = max(min(_height(one), _height(word)), _LEAST_HEIGHT)
    return _height(one) <= _TALL and abs(one.base - word.base) <= min(_LEVEL * tall, _LEVEL_MOST)


def _cut(line: list[Word]) -> Iterator[Cell]:
    run: list[Word] = []
    for word in line:
        if run and word.box[0] - run[-1].box[2] > _GAP * max(_height(word), _LEAST_HEIGHT):
            yield _cell(run)
            run = []
        run.append(word)
    if run:
        yield _cell(run)


def _cell(run: list[Word]) -> Cell:
    return Cell(" ".join(w.text for w in run), around(w.box for w in run), tuple(run))


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds some boxes (at least one)."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
