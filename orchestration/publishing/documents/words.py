"""Words of documents' forms in one language: bands, marks, ranges. Not here: what a document says."""

from dataclasses import dataclass

from orchestration.core.catalogue.models import Band
from orchestration.messages import Language, text
from orchestration.publishing.look.bands import BandStyle


@dataclass(frozen=True)
class DocumentWords:
    """Texts of one language."""

    language: Language

    def say(self, key: str, **values: object) -> str:
        """The message `documents.<key>`."""
        return text(f"documents.{key}", self.language, **values)

    def name(self, band: Band) -> str:
        """The band's name; its code where that is blank."""
        return (band.name_en if self.language == "en" else band.name_zh) or band.code

    def colour(self, band: Band) -> str:
        """The band's colour in a word, where the language has one; otherwise its name."""
        return self.name(band) if self.language == "en" else band.colour_zh or self.name(band)

    def mark(self, style: BandStyle, *, is_certain: bool = True) -> str:
        """The mark that stands in text; blank for grey, whose texture no font of the office has."""
        if style.is_grey:
            return ""
        return style.mark if is_certain else style.hollow
