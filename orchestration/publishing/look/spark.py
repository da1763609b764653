"""A line of a few scores as SVG path data: no axes, no smoothing, a gap where there is no score. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass

_PAD = 3.5


@dataclass(frozen=True)
class Scale:
    """The scores at the bottom and the top of every line of one set."""

    low: float
    high: float


@dataclass(frozen=True)
class Spark:
    """Path data, the last point if it has a score, and the heights of thresholds within the scale."""

    width: int
    height: int
    path: str
    x: str
    y: str
    has_dot: bool
    grid: str


def scale_of(scores: Sequence[float | None], least: float = 80.0) -> Scale:
    """One scale for a set: from `least` or the ten below the lowest score, to 100 or the ten above the highest."""
    known = [score for score in scores if score is not None]
    low = min([least, *(10.0 * (score // 10) for score in known)])
    high = max([100.0, *(-10.0 * (-score // 10) for score in known)])
    return Scale(low, high)


def spark(
    scores: Sequence[float | None], scale: Scale, width: int, height: int, thresholds: Sequence[float] = ()
) -> Spark:
    """The line of `scores`, evenly spaced; `thresholds` give dotted lines where they lie within the scale."""
    step = (width - 2 * _PAD) / max(1, len(scores) - 1)
    start = width - _PAD - step * (len(scores) - 1)  # a single quarter stands where the last one does

    def at(score: float) -> float:
        share = (score - scale.low) / (scale.high - scale.low)
        return round(height - _PAD - share * (height - 2 * _PAD), 1)

    runs: list[str] = []
    for index, score in enumerate(scores):
        if score is None:
            continue
        before = scores[index - 1] if index else None
        if before is not None:
            runs.append(f"l{_number(step)} {_number(at(score) - at(before))}")
            continue
        runs.append(f"M{_number(start + index * step)} {_number(at(score))}")
        if index + 1 == len(scores) or scores[index + 1] is None:
            runs.append("h0")  # a lone quarter is a point, not nothing
    last = scores[-1] if scores else None
    grid = "".join(f"M0 {_number(at(edge))}H{width}" for edge in thresholds if scale.low < edge < scale.high)
    x = _number(width - _PAD)
    return Spark(
        width, height, "".join(runs), x, _number(at(last)) if last is not None else "", last is not None, grid
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
