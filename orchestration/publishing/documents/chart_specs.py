"""Charts as Vega-Lite, built by Altair: a frame once, then the data of each chart. Nothing in them is code.

Not here: turning them into pictures (`charts`).
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from orchestration.core.inert import inert
from orchestration.publishing.documents.model import BarChart, Series, TrendChart
from orchestration.publishing.documents.small import number_of
from orchestration.publishing.look.bands import INK, BandStyle

Specification = dict[str, Any]
Point = dict[str, Any]

FONT = "Noto Sans SC"
WIDTH, HEIGHT, BAR_WIDTH, BAR_STEP = 540, 130, 400, 24
# Pixels between the names of two lines that end close together.
_APART = 15
_SECOND, _RULE, _WHITE = "#525A63", "#C9CED4", "#FFFFFF"
# Stands for the texture of grey until the picture is drawn: Vega-Lite has no textures.
GREY = "#FDFDFD"
_LINE, _DASH = 1.6, [3, 3]
_KEPT = 64

_CONFIG: Mapping[str, Any] = {
    "font": FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {"labelColor": _SECOND, "labelFontSize": 12, "domain": False, "ticks": False, "grid": False},
    "text": {"color": INK, "fontSize": 12},
    "padding": 2,
}


@lru_cache(maxsize=_KEPT)
def _trend_frame(labels: tuple[str, ...], low: float, high: float) -> Specification:
    """Lines of points with their ranges; thresholds named at the left, lines at the right. Without its data."""
    import altair as alt

    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    across = alt.Axis(title=None, labelAngle=0)
    placed = alt.Scale(type="point", domain=list(labels), padding=0.3)
    x = alt.X("label:N", sort=list(labels), scale=placed, axis=across)
    y = alt.Y("score:Q", scale=scale, axis=None)
    dash = alt.Scale(domain=["0", "1"], range=[[1, 0], _DASH])
    ground = alt.Chart(alt.NamedData(name="edges")).encode(y=y)
    base = alt.Chart(alt.NamedData(name="points")).encode(x=x, y=y)
    main, named = base.transform_filter("datum.is_main"), base.transform_filter("datum.end")
    layers = [
        ground.mark_rule(color=_RULE),
        ground.mark_text(align="right", dx=-6, color=_SECOND).encode(x=alt.value(0), text="name:N"),
        main.mark_rule(color=_SECOND).encode(y=alt.Y("low:Q", scale=scale, axis=None), y2="high:Q"),
        base.mark_line(color=_SECOND, strokeWidth=_LINE).encode(
            detail="run:N", strokeDash=alt.StrokeDash("dash:N", scale=dash, legend=None)
        ),
        main.mark_point(filled=True, opacity=1, size=60, stroke=INK, strokeWidth=1).encode(
            fill=alt.Fill("fill:N", scale=None)
        ),
        named.mark_text(align="left", dx=9, baseline="middle").encode(
            y=alt.Y("name_at:Q", scale=scale, axis=None), text="end:N"
        ),
    ]
    return _specified(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT))


@cache
def _bar_frame() -> Specification:
    """Bars from a common zero, named at the left, their figures at their ends. Without its data."""
    import altair as alt

    base = alt.Chart(alt.NamedData(name="bars")).encode(
        y=alt.Y("place:O", sort=None, axis=None), x=alt.X("value:Q", axis=None)
    )
    layers = [
        base.mark_bar(stroke=_SECOND, strokeWidth=0.6, size=14).encode(fill=alt.Fill("fill:N", scale=None)),
        base.mark_text(align="left", dx=5, baseline="middle").encode(text="shown:N"),
        base.mark_text(align="right", dx=-6, baseline="middle").encode(x=alt.value(0), text="label:N"),
    ]
    return _specified(alt.layer(*layers).properties(width=BAR_WIDTH, height=alt.Step(BAR_STEP)))


def _specified(chart: Any) -> Specification:
    specification: Specification = chart.configure(**_CONFIG).to_dict(validate=False)
    return specification


def trend_specification(chart: TrendChart) -> Specification:
    """Lines over quarters; a line is named at its end, and the main one shows its ranges."""
    labels = tuple(dict.fromkeys(inert(point.label) for one in chart.series for point in one.points))
    points = [row for place, one in enumerate(chart.series) for row in _points(one, place)]
    low = min([chart.scale[0], *(row["score"] for row in points)])
    high = max([chart.scale[1], *(row["score"] for row in points)])
    for row in points:
        # A range may be far wider than what scores do: it ends where the picture does.
        row["low"], row["high"] = max(low, row["low"]), min(high, row["high"])
    edges = [{"score": at, "name": inert(name)} for at, name in chart.thresholds if low <= at <= high]
    _name_apart([row for row in points if row["end"]], (high - low) * _APART / HEIGHT)
    return {**_trend_frame(labels, low, high), "datasets": {"edges": edges, "points": points}}


def _points(series: Series, place: int) -> list[Point]:
    """The points that have a score; `run` changes at each gap, so that no line bridges it."""
    rows: list[Point] = []
    run, shown = 0, ""
    for point in series.points:
        score = number_of(point.figure)
        if score is None or point.figure is None:
            run += 1
            continue
        low, high, shown = number_of(point.low), number_of(point.high), inert(point.figure.shown)
        rows.append(
            {
                "label": inert(point.label),
                "score": score,
                "low": score if low is None else low,
                "high": score if high is None else high,
                "run": f"{place}-{run}",
                "dash": "1" if series.is_dashed else "0",
                "is_main": not series.is_dashed,
                "fill": _fill(point.style, _WHITE),
                "end": "",
                "name_at": score,
            }
        )
    if rows:
        rows[-1]["end"] = f"{inert(series.name)} {shown}"
    return rows


def _fill(style: BandStyle | None, otherwise: str) -> str:
    if style is None:
        return otherwise
    return GREY if style.is_grey else style.fill


def _name_apart(ends: list[Point], least: float) -> None:
    """Move the names of lines that end close together apart, the higher one up."""
    ends.sort(key=lambda row: float(row["name_at"]))
    for below, above in pairwise(ends):
        if (missing := below["name_at"] + least - above["name_at"]) > 0:
            below["name_at"] -= missing / 2
            above["name_at"] += missing / 2


def bar_specification(chart: BarChart) -> Specification:
    """Bars in the order given, filled with their bands."""
    bars = [
        {
            "place": place,
            "label": inert(name),
            "value": number_of(figure) or 0.0,
            "shown": inert(figure.shown),
            "fill": _fill(style, _SECOND),
        }
        for place, (name, figure, style) in enumerate(chart.bars)
    ]
    return {**_bar_frame(), "datasets": {"bars": bars}}
