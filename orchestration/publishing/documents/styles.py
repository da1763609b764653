"""The bands that a document draws, found in its parts. Not here: how a band is drawn (`look.bands`)."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from orchestration.publishing.documents.model import Chip, Document
from orchestration.publishing.look.bands import BandStyle


def styles_in(document: Document) -> tuple[BandStyle, ...]:
    """Each band style of the document once, in the catalogue's order."""
    found = {part.css: part for part in parts_of(document.blocks) if isinstance(part, BandStyle)}
    return tuple(sorted(found.values(), key=lambda style: (style.band.rank, style.css)))


def has_doubt(document: Document) -> bool:
    """Whether a hollow mark stands in the document."""
    return any(isinstance(part, Chip) and not part.is_certain for part in parts_of(document.blocks))


def has_lid(document: Document) -> bool:
    """Whether a lid stands in the document."""
    return any(isinstance(part, Chip) and part.has_lid for part in parts_of(document.blocks))


def parts_of(part: object) -> Iterator[object]:
    """A part and all that stands in it, in reading order."""
    if isinstance(part, tuple | list):
        for one in part:
            yield from parts_of(one)
        return
    yield part
    if is_dataclass(part) and not isinstance(part, BandStyle):
        for field in fields(part):
            yield from parts_of(getattr(part, field.name))
