"""A name written by hand: the pen strokes of an invented signature.

Hides the shapes of the letters. Promises that the same name always gives the same strokes, that two
names give two different hands, and that nothing but curves comes out: a signature in ink leaves no
text on the page, as on a scanned paper.

Letters are drawn with one pen line through a few points; units are a tenth of the small letters'
height, x to the right, y up, the writing line at 0. Whole numbers only, so that the strokes pass
through canonical JSON.
"""

from __future__ import annotations

import hashlib
import math
from itertools import pairwise
from typing import Final

import attrs

Point = tuple[float, float]

_SMALL: Final = {
    "a": "8,9 3,10 0,5 3,0 7,4 9,10 9,3 12,0 15,3",
    "b": "0,2 4,14 6,22 4,24 3,16 3,4 6,0 9,4 8,9 10,9 14,8",
    "c": "7,9 3,10 0,5 3,0 7,1 11,4",
    "d": "8,9 3,10 0,5 3,0 7,4 10,16 11,23 10,14 10,3 13,0 16,3",
    "e": "0,3 5,6 7,9 4,11 1,6 3,0 7,1 11,4",
    "f": "0,2 5,12 8,23 6,24 4,14 2,-6 1,-11 3,-10 5,-2 6,3 11,4",
    "g": "8,9 3,10 0,5 3,0 7,4 9,10 8,-2 5,-11 2,-10 5,-3 13,4",
    "h": "0,2 4,14 6,22 4,24 3,14 2,0 4,7 7,10 9,7 9,2 11,0 14,3",
    "i": "0,3 3,10 3,3 5,0 9,3",
    "j": "0,3 4,10 3,-3 1,-11 -2,-10 1,-3 9,4",
    "k": "0,2 4,14 6,22 4,24 3,14 2,0 4,7 8,10 8,7 4,5 9,0 13,3",
    "l": "0,2 4,12 6,22 4,24 3,14 3,3 6,0 10,3",
    "m": "0,3 2,10 2,0 4,7 7,10 8,0 10,7 13,10 14,3 16,0 19,3",
    "n": "0,3 2,10 2,0 4,7 7,10 8,3 10,0 13,3",
    "o": "6,10 2,9 0,4 4,0 8,4 6,10 9,8 13,9",
    "p": "0,3 4,11 2,-10 4,4 8,10 11,6 8,1 5,1 13,4",
    "q": "8,9 3,10 0,5 3,0 7,4 9,10 7,-10 10,-6 14,3",
    "r": "0,3 3,11 5,9 8,9 8,3 10,0 13,3",
    "s": "0,2 5,10 7,5 5,0 1,1 6,1 11,3",
    "t": "0,3 4,12 5,20 4,8 5,1 8,0 11,3",
    "u": "0,4 2,10 2,2 5,0 8,5 9,10 9,2 12,0 15,3",
    "v": "0,4 3,10 4,3 6,0 9,6 9,10 14,8",
    "w": "0,4 2,10 3,2 5,0 8,6 8,9 9,2 11,0 14,6 14,10 18,8",
    "x": "0,3 3,10 7,0 11,4",
    "y": "0,4 2,10 3,3 6,2 8,10 7,-3 4,-11 1,-9 5,-2 12,4",
    "z": "0,8 4,10 6,8 3,1 6,1 5,-6 2,-10 1,-7 10,3",
}
_LARGE: Final = {
    "A": "-2,2 3,4 9,18 13,28 13,12 14,0 11,10 4,11 16,9 20,4",
    "B": "3,24 2,10 0,0 2,14 7,29 16,27 14,18 6,15 17,12 16,1 7,-2 1,5 18,3",
    "C": "16,24 14,29 6,25 1,13 4,1 12,-1 20,5",
    "D": "6,26 4,10 3,1 9,-1 20,8 20,22 10,30 0,25 6,20",
    "E": "15,25 9,29 4,24 9,17 3,14 0,6 5,-1 13,0 19,5",
    "F": "0,25 6,29 20,28 12,28 9,12 4,-1 0,2 8,13 17,14",
    "G": "16,24 11,29 3,20 3,7 9,2 15,10 16,14 14,-3 8,-11 5,-6 20,4",
    "H": "1,24 5,28 4,12 1,0 4,12 16,16 19,29 16,12 16,2 21,3",
    "I": "1,18 8,29 9,16 6,2 0,2 4,6 14,5",
    "J": "1,18 9,29 10,14 7,-8 2,-11 2,-4 16,5",
    "K": "1,24 5,28 4,12 1,0 5,12 17,28 6,14 13,3 19,1 22,4",
    "L": "1,16 8,24 10,30 6,26 5,10 1,1 5,3 13,-1 20,4",
    "M": "-1,2 3,8 6,28 8,12 8,2 15,28 17,14 18,1 23,3",
    "N": "-1,2 3,8 6,28 11,12 15,1 17,16 22,30",
    "O": "10,29 3,25 0,12 5,0 14,1 19,14 15,27 9,29 12,24 22,26",
    "P": "3,22 3,8 0,0 3,14 8,29 18,25 15,15 6,14 12,12 18,6",
    "Q": "10,29 2,24 0,10 6,0 15,3 18,18 12,29 7,6 14,-3 22,3",
    "R": "3,22 3,8 0,0 3,14 8,29 17,26 15,16 6,14 12,8 17,0 22,4",
    "S": "0,3 9,14 15,25 11,30 7,22 14,10 11,0 3,0 2,5 18,5",
    "T": "0,24 6,29 20,28 12,28 9,12 6,1 1,2 5,7 16,5",
    "U": "1,24 4,28 4,10 7,1 14,6 18,28 17,8 20,1 24,4",
    "V": "0,24 4,28 6,10 8,0 14,14 19,29 24,28",
    "W": "0,24 3,28 5,10 7,0 13,24 14,8 16,0 22,16 26,29",
    "X": "1,26 5,28 10,12 16,0 20,3 12,12 20,28 10,14 2,0 22,4",
    "Y": "1,24 4,28 5,18 9,14 16,28 12,4 6,-10 2,-6 18,4",
    "Z": "1,25 6,28 18,28 8,10 1,0 9,2 16,-1 21,4",
}
_DOTTED: Final = {"i": (3, 15), "j": (4, 15)}
_CROSSED: Final = {"t": (0, 14, 9, 15)}


@attrs.frozen
class Stroke:
    """One movement of the pen: Bézier pieces, thickness, all in hundredths of a point."""

    width: int
    path: tuple[tuple[int, ...], ...]
    """First `(x, y)`, then `(x1, y1, x2, y2, x, y)` per piece; y grows downward, as on a page."""

    def as_json(self) -> dict[str, object]:
        """The stroke as whole numbers for the template."""
        return {"w": self.width, "p": [list(piece) for piece in self.path]}


@attrs.frozen
class _Hand:
    """How one person writes: slant, size, how far letters flatten, how the end flies off."""

    slant: float
    scale: float
    flat: float
    wide: float
    weight: float
    flourish: int
    noise: tuple[int, ...]

    @classmethod
    def of(cls, name: str) -> _Hand:
        b = hashlib.sha256(name.encode()).digest()
        return cls(
            slant=0.10 + b[0] / 640,
            scale=0.62 + b[1] / 1400,
            flat=0.10 + b[2] / 500,
            wide=0.85 + b[3] / 700,
            weight=0.8 + b[4] / 500,
            flourish=b[5] % 3,
            noise=tuple(b[6:]),
        )

    def tremor(self, index: int) -> float:
        """Between -0.5 and 0.5, the same for the same name and place."""
        return self.noise[index % len(self.noise)] / 255 - 0.5


def _points(shape: str) -> list[Point]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in shape.split())]


def _written(name: str, hand: _Hand) -> tuple[list[list[Point]], float]:
    """The pen lines of a name and where the pen ends, before slant and scale."""
    lines: list[list[Point]] = []
    marks: list[list[Point]] = []
    x = 0.0
    for word in name.split():
        line: list[Point] = []
        for place, letter in enumerate(word):
            shape = _SMALL.get(letter) or _LARGE.get(letter.upper())
            if shape is None:
                continue
            small = letter in _SMALL
            flat = max(0.35, 1 - hand.flat * place / 2) if small else 1.0
            drawn = [(x + px * hand.wide, py * flat) for px, py in _points(shape)]
            line += drawn[1:] if line else drawn
            if letter in _DOTTED:
                dx, dy = _DOTTED[letter]
                marks.append([(x + dx + 2, dy + 1), (x + dx + 4, dy + 2.5)])
            if letter in _CROSSED:
                x0, y0, x1, y1 = _CROSSED[letter]
                marks.append([(x + x0 - 1, y0 * flat + 1), (x + x1 + 3, y1 * flat + 2)])
            x = line[-1][0] - 2
        lines.append(line)
        x += 8
    return lines + marks, x


def _flourish(lines: list[list[Point]], end: float, hand: _Hand) -> list[list[Point]]:
    """How the pen leaves the paper: a rising tail, a line under the name, or nothing more."""
    if hand.flourish == 0 or not lines:
        return lines
    if hand.flourish == 1:
        lines[0] = [(lines[0][0][0] - 12, 6), *lines[0]]
        return lines
    under = [(end, 2.0), (end + 6, -4.0), (end * 0.5, -9.0), (end * 0.18, -11.0), (end * 0.75, -6.5)]
    return [*lines, under]


def _placed(line: list[Point], hand: _Hand, size: float) -> list[Point]:
    """Slant, tremble and scale to points; y turned downward."""
    placed: list[Point] = []
    for i, (x, y) in enumerate(line):
        wobble_x, wobble_y = hand.tremor(i * 7 + 3), hand.tremor(i * 5 + len(line))
        px = (x + y * hand.slant + wobble_x) * size
        placed.append((px, -(y + wobble_y) * size))
    return placed


def _smooth(line: list[Point]) -> list[tuple[Point, Point, Point, Point]]:
    """A line through points as cubic pieces (Catmull-Rom, tension ½)."""
    ends = [line[0], *line, line[-1]]
    pieces = []
    for before, (start, stop), after in zip(ends, pairwise(line), ends[3:], strict=False):
        one = (start[0] + (stop[0] - before[0]) / 6, start[1] + (stop[1] - before[1]) / 6)
        two = (stop[0] - (after[0] - start[0]) / 6, stop[1] - (after[1] - start[1]) / 6)
        pieces.append((start, one, two, stop))
    return pieces


def _pressure(piece: tuple[Point, Point, Point, Point], hand: _Hand) -> int:
    """Hundredths of a point: the pen is heavier on the way down."""
    (x0, y0), _, _, (x1, y1) = piece
    down = (y1 - y0) / (math.hypot(x1 - x0, y1 - y0) or 1)
    return round(hand.weight * (75 + 30 * max(0.0, down)))


def _strokes(line: list[Point], hand: _Hand) -> list[Stroke]:
    """One pen line as strokes, a new one wherever the pressure changes."""
    made: list[Stroke] = []
    path: list[tuple[int, ...]] = []
    width = 0
    for piece in _smooth(line):
        now = _pressure(piece, hand) // 12 * 12
        hundredths = [round(100 * number) for point in piece for number in point]
        if now != width:
            if path:
                made.append(Stroke(width, tuple(path)))
            width, path = now, [tuple(hundredths[:2])]
        path.append(tuple(hundredths[2:]))
    return [*made, Stroke(width, tuple(path))] if path else made


def signature(name: str, at_most: int = 160) -> tuple[Stroke, ...]:
    """The strokes of a name, the writing line at y = 0 and the pen starting near x = 0.

    Small letters are about 6 points high, smaller where the name would be longer than `at_most`
    points. A name without any letter of the alphabet gives no strokes.
    """
    hand = _Hand.of(name)
    lines, end = _written(name, hand)
    lines = _flourish([line for line in lines if len(line) > 1], end, hand)
    unit = min(hand.scale, at_most / (end or 1))
    return tuple(stroke for line in lines for stroke in _strokes(_placed(line, hand, unit), hand))
