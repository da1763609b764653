"""Charts through Altair and vl-convert: SVG to stand inside a page, PNG to stand in an office document.

Chinese is drawn with the fonts of a wheel, so that a machine without any gives the same picture. Not here: what
a chart shows (`model`), how it is specified (`chart_specs`), how a drawing is made inert (`chart_svg`).
"""

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from orchestration.publishing.documents.chart_specs import GREY, bar_specification, trend_specification
from orchestration.publishing.documents.model import BarChart, TrendChart

if TYPE_CHECKING:
    from markupsafe import Markup

Chart = TrendChart | BarChart

PNG_SCALE = 3.0
# A page and an office document show the same chart.
_KEPT = 64
_HATCH = (
    '<defs><pattern id="hatch" patternUnits="userSpaceOnUse" width="4" height="4" patternTransform="rotate(45)">'
    '<rect width="4" height="4" fill="#FFFFFF"/><rect width="1" height="4" fill="#C4C9CE"/></pattern></defs>'
)


def chart_svg(chart: Chart, label_id: str) -> "Markup":
    """The chart as an inline SVG whose name is the element `label_id`; nothing in it fetches or runs."""
    from orchestration.publishing.documents.chart_svg import bare_svg

    return bare_svg(_drawn(chart), label_id)


def chart_png(chart: Chart) -> bytes:
    """The chart as a PNG, three pixels a point."""
    return svg_png(_drawn(chart), PNG_SCALE)


def svg_png(svg: str, scale: float) -> bytes:
    """A drawing of ours as a PNG."""
    return bytes(_converter().svg_to_png(svg, scale=scale))


@lru_cache(maxsize=_KEPT)
def _drawn(chart: Chart) -> str:
    specification = trend_specification(chart) if isinstance(chart, TrendChart) else bar_specification(chart)
    drawn = str(_converter().vegalite_to_svg(specification, allowed_base_urls=[]))
    return drawn.replace(">", f">{_HATCH}", 1).replace(f'fill="{GREY}"', 'fill="url(#hatch)"')


@cache
def _converter() -> Any:  # the package has no types that mypy could follow here
    import pylopdf_fonts_zh_cn
    import vl_convert

    vl_convert.register_font_directory(str(pylopdf_fonts_zh_cn.sans_path().parent))
    return vl_convert
