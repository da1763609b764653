"""Made-up figures, bands, chips and furniture for documents to draw."""

from orchestration.core.catalogue.models import Band
from orchestration.messages import Language
from orchestration.publishing.documents.figures import Figure
from orchestration.publishing.documents.model import (
    Chip,
    Column,
    Furniture,
    Inline,
    Line,
    Row,
    Table,
    TrendPoint,
)
from orchestration.publishing.look.bands import BandStyle, band_styles
from orchestration.publishing.look.numbers import shown

EDGES = (90.0, 80.0, 70.0)
_ROWS = [
    ("green", 1, "良好", "Good", "绿", 90.0, "#DEF3E3", "●"),
    ("blue", 2, "一般关注", "Watch", "蓝", 80.0, "#C0D7F7", "▲"),
    ("yellow", 3, "预警", "Warning", "黄", 70.0, "#EFB700", "◆"),
    ("red", 4, "重点督办", "Serious", "红", 0.0, "#A81C10", "■"),
    ("insufficient", 9, "数据不足", "Insufficient data", "灰", None, "#FFFFFF", "▨"),
]
STYLES = band_styles(
    [
        Band(
            code=code,
            rank=rank,
            alarm="true" if rank in (3, 4) else "",
            name_zh=zh,
            name_en=en,
            colour_zh=colour,
            min_score=low,
            hex=fill,
            mark=mark,
            valid_from="",
            valid_to="",
        )
        for code, rank, zh, en, colour, low, fill, mark in _ROWS
    ]
)
QUARTERS = ("2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2")
ASPECTS = [
    "严明政治纪律政治规矩",
    "贯彻党的路线方针政策",
    "领导班子建设",
    "全面从严治党",
    "选人用人",
    "作风建设",
]
ASPECTS_EN = [
    "Political discipline",
    "Carrying out the line",
    "Leadership teams",
    "Strict self-governance",
    "Choosing people",
    "Conduct",
]


def figure(
    value: float | None, column: str = "score", decimals: int = 1, text: str | None = None, **key: str
) -> Figure:
    """A figure of a made-up row; the key always begins with the same three columns."""
    known = {"institution": "demo", "quarter": "2026Q2", "subject_code": "U05", **key}
    return Figure(
        "fct_indicator_score", column, tuple(known.items()), value, text or shown(value, decimals, EDGES)
    )


def style_of(score: float) -> BandStyle:
    return next(
        style
        for style in STYLES.values()
        if style.band.min_score is not None and score >= style.band.min_score
    )


def chip(score: float, node: str, **marks: bool) -> Chip:
    return Chip(style_of(score), figure(score, indicator=node), **marks)


def trend(node: str, scores: list[float | None], *, with_range: bool = False) -> tuple[TrendPoint, ...]:
    points = []
    for quarter, score in zip(QUARTERS, scores, strict=True):
        if score is None:
            points.append(TrendPoint(quarter, None, None))
            continue
        low = figure(score - 2.5, "score_low", quarter=quarter, indicator=node) if with_range else None
        high = figure(score + 1.5, "score_high", quarter=quarter, indicator=node) if with_range else None
        points.append(
            TrendPoint(quarter, figure(score, quarter=quarter, indicator=node), style_of(score), low, high)
        )
    return tuple(points)


def furniture(language: Language, title: str, period: str) -> Furniture:
    zh = language == "zh-CN"
    return Furniture(
        owner="清源大学 · 政治生态评估" if zh else "Qingyuan University · Political ecology",
        title=title,
        period=period,
        is_draft=True,
        data_on="2026年7月15日" if zh else "15 July 2026",
        catalogue_hash="7c1e04" + "ab" * 29,
        score_versions=("2026H1-0123456789abcdef", "2026Q2-fedcba9876543210"),
        foot="阈值由本校设定，是配置，不是标准。"
        if zh
        else "Thresholds are set by this institution; they are not a standard.",
    )


def points_table(zh: bool) -> Table:
    rows: list[Row] = []
    for place in range(28):
        if place % 14 == 0:
            rows.append(
                Row(
                    ((f"{'AB'[place // 14]} {ASPECTS[place // 14] if zh else ASPECTS_EN[place // 14]}",),),
                    is_group=True,
                )
            )
        code, score = f"M{place + 1:02d}", 62.0 + (place * 7) % 39
        name = f"{code} 主体责任清单与廉政风险点防控" if zh else f"{code} Lists of duties and points of risk"
        mark: Inline = chip(score, code, is_certain=place % 5 != 0, has_lid=place == 8)
        if place == 20:
            mark = Chip(STYLES["insufficient"], figure(91.0, indicator=code, decimals=0))
        change = figure(-1.0, "change", text="−1.0" if place % 3 else "±0", indicator=code)
        covered: Line = (figure(0.67, "coverage", text="67%", indicator=code),) if place % 6 == 0 else ("",)
        rows.append(Row(((name,), (mark,), (change,), covered)))
    heads = ("监测点", "得分", "较上季", "覆盖") if zh else ("Point", "Score", "Change", "Coverage")
    sides = ("left", "left", "right", "right")
    columns = tuple(
        Column(head, side, share) for head, side, share in zip(heads, sides, (4, 1.6, 1, 1), strict=True)
    )  # type: ignore[arg-type]
    return Table(heads[0], columns, tuple(rows), halves=True)
