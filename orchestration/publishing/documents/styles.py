"""What a document draws scores with: bands, doubt, lids, found in its parts. Not here: how (`look.bands`)."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from orchestration.publishing.documents.figures import Figure
from orchestration.publishing.documents.model import Chip, Document
from orchestration.publishing.look.bands import BandStyle


@dataclass(frozen=True)
class Marks:
    """The band styles of a document in the catalogue's order; whether a hollow mark and a lid stand in it."""

    styles: tuple[BandStyle, ...]
    has_doubt: bool
    has_lid: bool


def marks_of(document: Document) -> Marks:
    """The marks that a document uses, each style once."""
    styles: dict[str, BandStyle] = {}
    has_doubt = has_lid = False
    for part in _parts(document.blocks):
        if isinstance(part, BandStyle):
            styles[part.css] = part
        else:
            has_doubt, has_lid = has_doubt or not part.is_certain, has_lid or part.has_lid
    return Marks(tuple(sorted(styles.values(), key=lambda one: (one.band.rank, one.css))), has_doubt, has_lid)


def _parts(part: object) -> Iterator[BandStyle | Chip]:
    """Chips and band styles in a part, whatever it is."""
    if isinstance(part, tuple):
        for one in part:
            if not isinstance(one, str | Figure):
                yield from _parts(one)
    elif isinstance(part, BandStyle):
        yield part
    elif is_dataclass(part):
        if isinstance(part, Chip):
            yield part
        for field in fields(part):
            value = getattr(part, field.name)
            if not isinstance(value, str | Figure | None):
                yield from _parts(value)
