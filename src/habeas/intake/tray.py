"""The tray that papers are laid in while an arrival is unwrapped.

Hides the unwrapping of archives, the naming of papers and the notes about them. Promises that no file is
lost: what no reader knows is kept as `application/octet-stream` with a note, and a message inside is
queued in `letters` for the mail reader (so that nothing here calls itself, however deep the nesting).
"""

from __future__ import annotations

import attrs

from habeas.intake.archive import entries
from habeas.intake.clean import file_name
from habeas.intake.limits import Purse, check_depth
from habeas.intake.parsed import Paper
from habeas.intake.sniff import Kind, agrees, extension, sniff
from habeas.kernel.errors import Problem, bad, problem


@attrs.frozen
class Incoming:
    """A file on its way into the tray: where it was, the name and media type it claims, its content.

    `depth` counts the parts, messages and archives around it; `packed`: one of them was an archive.
    """

    place: str
    filename: str
    data: bytes = attrs.field(repr=False)
    label: str = ""
    depth: int = 1
    packed: bool = False


@attrs.define
class Tray:
    """Papers, notes, and messages still to be read, of one arrival."""

    purse: Purse = attrs.field(factory=Purse)
    papers: list[Paper] = attrs.field(factory=list)
    letters: list[Incoming] = attrs.field(factory=list)
    notes: list[Problem] = attrs.field(factory=list)

    def note(self, note: Problem) -> None:
        """Keep a note, once."""
        if note not in self.notes:
            self.notes.append(note)

    def take(self, file: Incoming) -> None:
        """Lay a file into the tray. Whoever made the content has paid for its size."""
        check_depth(file.depth, file.place)
        if not file.data:
            self.note(problem("intake.paper.empty", file.place))
            return
        kind = sniff(file.data)
        if kind is Kind.MAIL:
            self.letters.append(file)
        elif kind is Kind.ZIP:
            self._unpack(file)
        else:
            self._lay(file, kind)

    def _unpack(self, file: Incoming) -> None:
        if file.packed:
            raise bad("intake.zip.nested", file.place)
        self.note(problem("intake.zip.unpacked", file.place))
        for number, (name, content) in enumerate(entries(file.data, file.place, self.purse), start=1):
            place = f"{file.place}/entry {number}"
            self.take(Incoming(place, name, content, depth=file.depth + 1, packed=True))

    def _lay(self, file: Incoming, kind: Kind) -> None:
        name = self.name(file.filename, extension(kind), file.place)
        if kind is Kind.OTHER:
            self.note(problem("intake.paper.unknown_kind", file.place))
        elif not agrees(kind, file.filename, file.label):
            self.note(problem("intake.paper.wrong_label", file.place, found=kind))
        self.papers.append(Paper(name, str(kind), file.data, file.place))

    def name(self, raw: str, ending: str, place: str) -> str:
        """A clean file name, with a note where it differs from the name given."""
        name, changed = file_name(raw, ending)
        if changed:
            self.note(problem("intake.filename.changed", place))
        return name
