"""Charts through Altair and vl-convert: SVG to stand inside a page, PNG to stand in an office document.

Chinese is drawn with the fonts of a wheel, so that a machine without any gives the same picture. Not here: what
a chart shows (`model`), how a drawing is made inert (`chart_svg`).
"""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from orchestration.core.inert import inert
from orchestration.messages import Language
from orchestration.publishing.documents.model import BarChart, Series, TrendChart
from orchestration.publishing.documents.small import number_of
from orchestration.publishing.look.bands import INK

if TYPE_CHECKING:
    from markupsafe import Markup

Chart = TrendChart | BarChart

FONT = "Noto Sans SC"
WIDTH, HEIGHT, BAR_STEP, PNG_SCALE = 540, 130, 24, 3.0
_SECOND, _RULE = "#525A63", "#C9CED4"
_LINE, _DASH = 1.6, [3, 3]
# The picture is the same whenever two documents or two forms show the same chart.
_KEPT = 256


def chart_svg(chart: Chart, language: Language, label_id: str) -> "Markup":
    """The chart as an inline SVG whose name is the element `label_id`; nothing in it fetches or runs."""
    from orchestration.publishing.documents.chart_svg import bare_svg

    return bare_svg(_svg(_specification(chart)), label_id)


def chart_png(chart: Chart) -> bytes:
    """The chart as a PNG at three pixels a point."""
    return _png(_specification(chart))


@lru_cache(maxsize=_KEPT)
def _svg(specification: str) -> str:
    return str(_converter().vegalite_to_svg(json.loads(specification), allowed_base_urls=[]))


@lru_cache(maxsize=_KEPT)
def _png(specification: str) -> bytes:
    return bytes(
        _converter().vegalite_to_png(json.loads(specification), scale=PNG_SCALE, allowed_base_urls=[])
    )


@cache
def _converter() -> Any:  # the package has no types that mypy could follow here
    import pylopdf_fonts_zh_cn
    import vl_convert

    vl_convert.register_font_directory(str(pylopdf_fonts_zh_cn.sans_path().parent))
    return vl_convert


def _specification(chart: Chart) -> str:
    """The chart as Vega-Lite, with its figures inside."""
    drawn = _trend(chart) if isinstance(chart, TrendChart) else _bars(chart)
    return json.dumps(drawn.configure(**_CONFIG).to_dict(validate=False), sort_keys=True)


_CONFIG: Mapping[str, Any] = {
    "font": FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {"labelColor": _SECOND, "labelFontSize": 12, "domain": False, "ticks": False, "grid": False},
    "text": {"color": INK, "fontSize": 12},
    "padding": 2,
}


def _trend(chart: TrendChart) -> Any:
    """Lines of points with their ranges; thresholds named at the left, lines at the right."""
    import altair as alt

    labels = list(dict.fromkeys(inert(point.label) for one in chart.series for point in one.points))
    values = [row for place, one in enumerate(chart.series) for row in _points(one, place)]
    low = min([chart.scale[0], *(row["low"] for row in values)])
    high = max([chart.scale[1], *(row["high"] for row in values)])
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    x = alt.X("label:N", sort=labels, scale=alt.Scale(domain=labels), axis=alt.Axis(title=None, labelAngle=0))
    y = alt.Y("score:Q", scale=scale, axis=None)
    edges = [{"score": at, "name": inert(name)} for at, name in chart.thresholds if low <= at <= high]
    ground = alt.Chart(alt.Data(values=edges)).encode(y=y)
    base = alt.Chart(alt.Data(values=values)).encode(x=x, y=y)
    layers = [
        ground.mark_rule(color=_RULE),
        ground.mark_text(align="right", dx=-6, color=_SECOND).encode(x=alt.value(0), text="name:N"),
        base.transform_filter("datum.is_main")
        .mark_rule(color=_SECOND)
        .encode(y=alt.Y("low:Q", scale=scale, axis=None), y2="high:Q"),
        base.mark_line(color=_SECOND).encode(
            detail="run:N",
            strokeDash=alt.StrokeDash(
                "dash:N", scale=alt.Scale(domain=["0", "1"], range=[[1, 0], _DASH]), legend=None
            ),
        ),
        base.transform_filter("datum.is_main")
        .mark_point(filled=True, opacity=1, size=60, stroke=INK, strokeWidth=1)
        .encode(
            fill=alt.Fill("fill:N", scale=None),
        ),
        base.transform_filter("datum.end")
        .mark_text(align="left", dx=9, baseline="middle")
        .encode(text="end:N"),
    ]
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)


def _points(series: Series, place: int) -> list[dict[str, Any]]:
    """The points that have a score; `run` changes at each gap, so that no line bridges it."""
    rows: list[dict[str, Any]] = []
    run = 0
    for point in series.points:
        score = number_of(point.figure)
        if score is None or point.figure is None:
            run += 1
            continue
        low, high = number_of(point.low), number_of(point.high)
        rows.append(
            {
                "label": inert(point.label),
                "score": score,
                "low": score if low is None else low,
                "high": score if high is None else high,
                "run": f"{place}-{run}",
                "dash": "1" if series.is_dashed else "0",
                "is_main": not series.is_dashed,
                "fill": point.style.fill if point.style else "#FFFFFF",
                "end": "",
                "shown": inert(point.figure.shown),
            }
        )
    if rows:
        rows[-1]["end"] = f"{inert(series.name)} {rows[-1]['shown']}"
    return rows


def _bars(chart: BarChart) -> Any:
    """Bars from a common zero, named at the left, their figures at their ends."""
    import altair as alt

    values = [
        {
            "name": f"{place:03d}",
            "label": inert(name),
            "value": number_of(figure) or 0.0,
            "shown": inert(figure.shown),
            "fill": style.fill if style and not style.is_grey else ("#FFFFFF" if style else _SECOND),
        }
        for place, (name, figure, style) in enumerate(chart.bars)
    ]
    base = alt.Chart(alt.Data(values=values)).encode(
        y=alt.Y("name:N", sort=None, axis=None), x=alt.X("value:Q", axis=None)
    )
    layers = [
        base.mark_bar(stroke=_SECOND, strokeWidth=0.6, size=14).encode(fill=alt.Fill("fill:N", scale=None)),
        base.mark_text(align="left", dx=5, baseline="middle").encode(text="shown:N"),
        base.mark_text(align="right", dx=-6, baseline="middle").encode(x=alt.value(0), text="label:N"),
    ]
    return alt.layer(*layers).properties(width=WIDTH - 140, height=alt.Step(BAR_STEP))
