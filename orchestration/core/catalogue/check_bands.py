"""Structural checks of the colours: the scale, the words of grey, fills and their contrast, caps.

Not here: which band a score gets.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from orchestration.core.catalogue.check_tree import DEEPEST
from orchestration.core.catalogue.faults import Fault, at, stems
from orchestration.core.catalogue.lookup import Lookup
from orchestration.core.catalogue.models import Band, ColourCap

# look.md section 4: text on a fill is ink or white, whichever contrasts more.
INK, WHITE = "#1B1F24", "#FFFFFF"
LEAST_CONTRAST = 4.5
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours `#RRGGBB`, 1..21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(fill: str) -> str:
    """The colour of text on the fill `#RRGGBB`: ink or white, whichever contrasts more."""
    return max((INK, WHITE), key=lambda text: contrast(fill, text))


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def scale(look: Lookup) -> Iterator[Fault]:
    """Ranks differ, thresholds fall with the rank, and exactly one band, the worst, reaches down to 0."""
    bands = sorted(
        (row for row in look.catalogue.bands if row.min_score is not None), key=lambda row: row.rank
    )
    if not bands:
        yield Fault(f"{stems()[Band]}.csv", None, "bands_absent")
        return
    for row in bands:
        if row.min_score is not None and row.min_score > 100:
            yield at(row, "score_out_of_range", column="min_score", found=row.min_score)
    for better, worse in pairwise(bands):
        if better.rank == worse.rank:
            yield at(worse, "band_rank_twice", found=worse.rank, other=better.code)
        elif (better.min_score or 0) <= (worse.min_score or 0):
            yield at(worse, "band_order_bad", found=worse.min_score, other=better.code)
    yield from _lowest(bands)


def _lowest(bands: Sequence[Band]) -> Iterator[Fault]:
    reaching = [row for row in bands if row.min_score is not None and row.min_score <= 0]
    if not reaching:
        yield at(bands[-1], "band_lowest_above_zero", found=bands[-1].min_score)
    for row in reaching[1:]:
        yield at(row, "band_lowest_twice", found=row.code, other=reaching[0].code)


def grey(look: Lookup) -> Iterator[Fault]:
    """Exactly one row without a threshold gives grey its words, and it ranks below the colours."""
    rows = [row for row in look.catalogue.bands if row.min_score is None]
    worst = max((row.rank for row in look.catalogue.bands if row.min_score is not None), default=0)
    if not rows:
        yield Fault(f"{stems()[Band]}.csv", None, "grey_absent")
    for row in rows[1:]:
        yield at(row, "grey_twice", other=rows[0].code)
    for row in rows:
        if row.rank <= worst:
            yield at(row, "grey_rank_bad", found=row.rank, expected=worst)


def fills(look: Lookup) -> Iterator[Fault]:
    """A fill is `#RRGGBB`, and ink or white can be read on it."""
    for row in look.catalogue.bands:
        if not _HEX.fullmatch(row.hex):
            yield at(row, "hex_bad", found=row.hex)
        elif (ratio := contrast(row.hex, text_on(row.hex))) < LEAST_CONTRAST:
            yield at(row, "contrast_low", found=row.hex, ratio=round(ratio, 2), expected=LEAST_CONTRAST)


def caps(look: Lookup) -> Iterator[Fault]:
    """A cap names a known framework and known colours, and where it watches nodes, their level and colour."""
    for row in look.catalogue.colour_caps:
        if row.framework not in look.subject_kinds:
            yield at(row, "framework_unknown", found=row.framework)
        yield from _cap_band(look, row, "at_most_band", row.at_most_band)
        if row.when == "node":
            if row.when_level is None or not 1 <= row.when_level <= DEEPEST:
                yield at(row, "cap_level_bad", expected=DEEPEST)
            if row.when_band is None:
                yield at(row, "cap_band_absent")
            else:
                yield from _cap_band(look, row, "when_band", row.when_band)


def _cap_band(look: Lookup, row: ColourCap, column: str, code: str) -> Iterator[Fault]:
    if code not in look.bands:
        yield at(row, "band_unknown", column=column, found=code)
    elif look.bands[code].min_score is None:
        yield at(row, "band_is_grey", column=column, found=code)
