"""Pictures of an office document: charts and small lines as PNG, each with its figures as alternative text.

Not here: how charts are drawn (`charts`), the geometry of small lines (`small`).
"""

from dataclasses import dataclass, field
from functools import lru_cache

from orchestration.publishing.documents.charts import chart_png, svg_png
from orchestration.publishing.documents.docx_xml import attribute
from orchestration.publishing.documents.model import BarChart, Spark, TrendChart
from orchestration.publishing.documents.small import spark_shape
from orchestration.publishing.documents.words import DocumentWords
from orchestration.publishing.look.bands import INK

# English metric units: a chart 13 cm wide, a pixel of a small line.
_CHART_WIDTH, _PIXEL = 4_680_000, 9525
_SCALE, _KEPT = 4.0, 512
_SECOND, _RULE, _WHITE = "#525a63", "#c9ced4", "#ffffff"


@dataclass
class Pictures:
    """The pictures of one document, in order; equal ones once."""

    contents: list[bytes] = field(default_factory=list)
    drawn: int = 0

    @property
    def names(self) -> list[str]:
        """The files of the pictures."""
        return [f"chart{place}.png" for place in range(1, len(self.contents) + 1)]

    def chart(self, chart: TrendChart | BarChart, words: DocumentWords) -> str:
        """A chart, as a run."""
        png = chart_png(chart)
        wide, high = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
        return self._run(png, _CHART_WIDTH, _CHART_WIDTH * high // wide, words.chart(chart))

    def spark(self, spark: Spark, words: DocumentWords) -> str:
        """A small line, as a run."""
        shape = spark_shape(spark)
        told = f"{spark.label} {words.points(spark.points)}"
        return self._run(_spark_png(spark), shape.width * _PIXEL, shape.height * _PIXEL, told)

    def _run(self, png: bytes, wide: int, high: int, told: str) -> str:
        if png not in self.contents:
            self.contents.append(png)
        self.drawn += 1
        picture = self.contents.index(png) + 1
        drawing = _DRAWING.format(id=self.drawn, picture=picture, cx=wide, cy=high, told=attribute(told))
        return f"<w:r>{drawing}</w:r>"


@lru_cache(maxsize=_KEPT)
def _spark_png(spark: Spark) -> bytes:
    shape, style = spark_shape(spark), spark.points[-1].style if spark.points else None
    fill = style.fill if style else _WHITE
    dot = (
        f'<circle cx="{shape.x}" cy="{shape.y}" r="3.2" fill="{fill}" stroke="{INK}"/>'
        if shape.has_dot
        else ""
    )
    size = f'width="{shape.width}" height="{shape.height}"'
    return svg_png(
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}><g fill="none" stroke-linecap="round">'
        f'<path stroke="{_RULE}" stroke-width=".8" stroke-dasharray="1 2" d="{shape.grid}"/>'
        f'<path stroke="{_SECOND}" stroke-width="1.3" stroke-linejoin="round" d="{shape.path}"/></g>{dot}</svg>',
        _SCALE,
    )


_DRAWING = (
    '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{cx}" cy="{cy}"/>'
    '<wp:docPr id="{id}" name="chart {id}" descr={told}/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:nvPicPr><pic:cNvPr id="{id}" name="chart{picture}.png"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="chart{picture}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing>"
)
