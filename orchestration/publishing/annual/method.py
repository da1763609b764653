"""Method and limits in plain sentences: what a year's score is, whose thresholds these are, what is not measured.

The formulas are the methodology page's. Not here: how robust the results are (`audit`).
"""

from orchestration.publishing.annual.drafting import Yearly
from orchestration.publishing.documents.model import Block, Heading, Line, Listing

_SENTENCES = ("year", "coverage", "bounds", "caps", "history", "ranks", "group", "limits")


def method(yearly: Yearly) -> tuple[Block, ...]:
    """Sentences on the method; the versions that the year rests on stand at the document's foot."""
    least = yearly.words.scores.coverage(yearly.data.base.frame.min_coverage)
    lines: list[Line] = [_thresholds(yearly)]
    for key in _SENTENCES:
        lines.append(yearly.line(f"method.{key}", **({"least": least} if key == "coverage" else {})))
    return (Heading(1, yearly.say("chapter.method")), Listing(tuple(lines)))


def _thresholds(yearly: Yearly) -> Line:
    """Where each colour begins, the worst colour's own start left out, and that the institution set it."""
    parts = [
        yearly.line(
            "method.threshold", band=yearly.drafting.band_chip(band.code), score=yearly.threshold(band)
        )
        for band in yearly.data.base.frame.judged[:-1]
    ]
    return yearly.line("method.thresholds", thresholds=yearly.words.listed(parts))
