"""A yearly report with chapters, a wide table, bars by band."""

from orchestration.messages import Language
from orchestration.publishing.documents.model import (
    BarChart,
    Column,
    Document,
    Heading,
    Line,
    Listing,
    Paragraph,
    Row,
    Strong,
    Table,
)
from tests.unit.document_parts import STYLES, chip, figure, furniture


def report(language: Language = "zh-CN") -> Document:
    """A yearly report: chapters, units by kind on wide rows, bars by band."""
    zh = language == "zh-CN"
    names = (
        ("总体研判", "第一章的内容", "数据质量")
        if zh
        else ("Overall judgement", "What was found", "Quality of data")
    )
    bars = BarChart(
        "各颜色的单位数" if zh else "Units by colour",
        tuple(
            (
                style.band.name_zh if zh else style.band.name_en,
                figure(float(17 - 4 * place), "units", 0),
                style,
            )
            for place, style in enumerate(STYLES.values())
        ),
        "个" if zh else "units",
    )
    return Document(
        language,
        "annual_report",
        "institution",
        "demo",
        "全校：一般关注，四成单位较上年升色" if zh else "The institution: Watch; four units in ten rose",
        furniture(language, "年度综合报告" if zh else "Annual report", "2026年" if zh else "2026"),
        (
            Paragraph(
                (
                    "全校得分" if zh else "The institution scores ",
                    chip(84.2, "T", has_word=True),
                    "，" if zh else ", ",
                    "其中最低的方面为作风建设。" if zh else "lowest in conduct.",
                ),
                "lead",
            ),
            Heading(1, names[0]),
            Heading(2, "颜色" if zh else "Colours"),
            bars,
            Heading(3, "说明" if zh else "Notes"),
            Paragraph(("排名只在同类单位之间。" if zh else "Ranks stand within a kind alone.",)),
            Heading(1, names[1], starts_page=True),
            Heading(2, "单位" if zh else "Units"),
            _wide(zh),
            Heading(1, names[2]),
            Listing(
                (
                    ("数据更正的清单。" if zh else "A list of figures mended.",),
                    (Strong("要点" if zh else "Point"), "：按期。" if zh else ": in time."),
                )
            ),
        ),
    )


def _wide(zh: bool) -> Table:
    heads = ("单位" if zh else "Unit", "总评" if zh else "Total", *"ABCDEF", "较上年" if zh else "Change")
    rows = [Row((("学院" if zh else "Schools",),), is_group=True)]
    for place in range(19):
        name = (
            f"U{place:02d} 马克思主义学院（研究院）"
            if zh
            else f"U{place:02d} School of Materials Science and Engineering"
        )
        cells: list[Line] = [(name,)]
        cells += [
            (
                chip(
                    64.0 + (place * 5 + at * 3) % 36,
                    "TABCDEF"[at],
                    is_certain=at != 2,
                    has_lid=at == 0 and place == 3,
                ),
            )
            for at in range(7)
        ]
        rows.append(Row((*cells, (figure(1.2, "change", text="+1.2", subject_code=f"U{place:02d}"),))))
    columns = tuple(
        Column(head, "right" if place == 8 else "left", 3.4 if not place else 1.2)
        for place, head in enumerate(heads)
    )
    return Table("各单位得分" if zh else "Scores of units", columns, tuple(rows), is_caption_shown=True)
