"""How a band of the catalogue is drawn: fill, text colour, solid and hollow mark. Any number of bands.

The fill comes from the catalogue; the colour of text on it is computed. Not here: what a band means.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestration.core.catalogue.models import Band

INK, WHITE = "#1B1F24", "#FFFFFF"
# A mark with no hollow twin here is drawn with an outline round it instead.
HOLLOW = {"●": "○", "▲": "△", "◆": "◇", "■": "□", "▼": "▽", "★": "☆"}
# One-letter classes keep a page of 1,500 cells small; x is grey, o hollow, l a lid, k a corner.
_LETTERS = "abcdefghjmnpqrsuvwyz"


@dataclass(frozen=True)
class BandStyle:
    """One band as drawn; colours as `#RRGGBB`."""

    band: Band
    css: str
    fill: str
    text: str
    hollow: str
    is_grey: bool

    @property
    def mark(self) -> str:
        """The solid mark; a dash where the catalogue gives none."""
        return self.band.mark or "—"

    @property
    def has_hollow_twin(self) -> bool:
        """Whether doubt has a glyph of its own; otherwise the mark is outlined."""
        return self.mark in HOLLOW

    @property
    def is_dark(self) -> bool:
        """Whether text on the fill is white."""
        return self.text == WHITE


def band_styles(bands: Sequence[Band]) -> Mapping[str, BandStyle]:
    """A style for each band by code, in the order given."""
    judged = [band for band in bands if band.min_score is not None]
    styles = {}
    for band in bands:
        is_grey = band.min_score is None
        css = "x" if is_grey else _letter(judged.index(band))
        fill = band.hex.upper() if re.fullmatch(r"#[0-9A-Fa-f]{6}", band.hex) else WHITE
        styles[band.code] = BandStyle(
            band, css, fill, text_on(fill), HOLLOW.get(band.mark, band.mark), is_grey
        )
    return styles


def text_on(fill: str) -> str:
    """Ink or white, whichever contrasts more with `fill`."""
    return max((INK, WHITE), key=lambda colour: contrast(colour, fill))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1..21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def css_string(text: str) -> str:
    """`text` as a CSS string in quotes that can end neither the string nor the style element."""
    safe = "".join(c if c.isalnum() or c in " .%-·，、：；（）" else f"\\{ord(c):x} " for c in text)
    return f'"{safe}"'


def _letter(index: int) -> str:
    return _LETTERS[index] if index < len(_LETTERS) else f"b{index}"


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
