"""The legend, which carries the counts: each band with its threshold and its units, now and before. Pure."""

from collections import Counter
from dataclasses import dataclass

from orchestration.publishing.heat_map.cells import Drawing
from orchestration.publishing.look import numbers
from orchestration.publishing.look.bands import BandStyle


@dataclass(frozen=True)
class LegendBand:
    """A band, its threshold, and how many units show it now and showed it before."""

    style: BandStyle
    name: str
    threshold: str
    count: int
    unit: str
    before: str


def legend(drawing: Drawing) -> tuple[LegendBand, ...]:
    """Every band of the catalogue, best first, the grey one last."""
    words, counts = drawing.words, count_bands(drawing)
    before = count_bands(drawing, before=True)
    found, better = [], ""
    for band in drawing.heat_map.bands:
        if band.min_score is None:
            threshold = words.say("legend.coverage", value=numbers.percent(words.min_coverage))
        elif band == drawing.heat_map.judged[-1] and better:
            threshold = words.say("legend.below", value=better)
        else:
            better = numbers.shown(band.min_score, 0, words.thresholds)
            threshold = words.say("legend.from", value=better)
        unit = words.say("legend.unit" if counts[band.code] == 1 else "legend.units")
        was = words.say("legend.before", count=before[band.code]) if before else ""
        style = drawing.styles[band.code]
        found.append(LegendBand(style, words.name(band), threshold, counts[band.code], unit, was))
    return tuple(found)


def count_bands(drawing: Drawing, *, before: bool = False) -> Counter[str]:
    """How many units show each band at the root, this quarter or the one before."""
    rows = drawing.heat_map.then if before else drawing.heat_map.now
    root = drawing.heat_map.root.code
    shown = (rows.get((unit.code, root)) for unit in drawing.heat_map.units)
    return Counter(row.band for row in shown if row and row.band)
