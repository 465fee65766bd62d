"""One text in both languages of the house."""

from __future__ import annotations

import attrs

from habeas.domain.vocabulary import Language


@attrs.frozen
class Text:
    """A sentence in English and in Spanish."""

    en: str
    es: str

    def of(self, language: Language) -> str:
        """The text in one language."""
        return self.en if language is Language.EN else self.es

    def as_json(self) -> dict[str, str]:
        """`{en, es}`."""
        return {"en": self.en, "es": self.es}
