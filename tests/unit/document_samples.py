"""A unit's diagnosis of ordinary length, with every inline part."""

from orchestration.messages import Language
from orchestration.publishing.documents.model import (
    Bar,
    Block,
    Chip,
    Column,
    Document,
    Heading,
    Line,
    LineBreak,
    Listing,
    Paragraph,
    Quiet,
    Range,
    Result,
    Row,
    Series,
    Spark,
    Strong,
    Table,
    TrendChart,
)
from tests.unit.document_parts import (
    ASPECTS,
    ASPECTS_EN,
    EDGES,
    STYLES,
    chip,
    figure,
    furniture,
    points_table,
    style_of,
    trend,
)


def diagnosis(language: Language = "zh-CN") -> Document:
    """A unit's diagnosis: result, aspects, trend, change, losses, steps, absent, points."""
    zh = language == "zh-CN"

    def t(chinese: str, english: str) -> str:
        return chinese if zh else english

    return Document(
        language,
        "unit-U05",
        "unit",
        "U05",
        t(
            "经济管理学院：预警。分数86.8在蓝区，因“全面从严治党”为红，总评封顶为黄".replace("86.8", ""),
            "School of Management: Warning. The score is in Watch; a red aspect caps the total",
        ),
        furniture(language, t("单位诊断", "Diagnosis of a unit"), t("2026年上半年", "first half of 2026")),
        (
            *_result(t),
            Heading(2, t("六个方面", "Six aspects")),
            _aspects(zh),
            Heading(2, t("总评走势", "The total over eight quarters")),
            _trend_chart(t),
            Heading(2, t("较上季的变化从哪里来", "Where the change on last quarter comes from")),
            _change(t),
            Heading(2, t("失分最多的五项", "The five greatest losses"), starts_page=True),
            _losses(t),
            Heading(2, t("到下一色最少要做几步", "The fewest steps to the next colour")),
            Listing(
                (
                    (
                        t("审计问题按期整改率做到", "Audit findings mended in time, to "),
                        figure(1.0, "target", text="11/11"),
                        t("。", "."),
                    ),
                    (
                        t("整改事项按期完成率做到", "Rectifications done in time, to "),
                        figure(1.0, "target", text="13/13"),
                        t("。", "."),
                    ),
                ),
                is_numbered=True,
            ),
            Heading(2, t("本季没有量到什么", "What was not measured")),
            _absent(t),
            Paragraph(
                (
                    t(
                        "对任何一个报送数有异议，可在收到本诊断后五个工作日内提出；提出异议不扣分。",
                        "Any reported figure may be objected to within five working days; an objection costs nothing.",
                    ),
                ),
                "note",
            ),
            Heading(2, t("监测点", "Monitoring points"), starts_page=True),
            points_table(zh),
        ),
    )


def _result(t) -> tuple[Block, ...]:  # type: ignore[no-untyped-def]
    yellow, blue = STYLES["yellow"], STYLES["blue"]
    chip_ = Chip(yellow, figure(86.83, indicator="T"), has_lid=True, has_word=True)
    lines: tuple[tuple[str, Line], ...] = (
        (
            t("颜色由来：", "Why this colour: "),
            (
                t("按分数为", "by score "),
                Chip(blue, None),
                t(
                    "；按规则CAP1，任一方面为红，总评最高为",
                    "; by rule CAP1, one red aspect, the total is at most ",
                ),
                Chip(yellow, None),
                t("。", "."),
            ),
        ),
        (
            t("把握：", "Confidence: "),
            (
                t("即使全按最差计，总评仍有", "even at the worst the total has "),
                figure(82.7, "score_low", indicator="T"),
                t("分，颜色不变。", " points; the colour stays."),
            ),
        ),
    )
    return (Result(chip_, lines),)


def _aspects(zh: bool) -> Table:
    rows, edges = [], tuple(reversed(EDGES))
    for place, (name, english) in enumerate(zip(ASPECTS, ASPECTS_EN, strict=True)):
        code = "ABCDEF"[place]
        score = [95.4, 92.2, 89.97, 66.6, 79.6, 91.0][place]
        scores: list[float | None] = [88 + place, 84, None, 90.5, 92, 89.5, 94, score]
        span = Range(
            figure(score - 5, "score_low", indicator=code),
            figure(score + 1, "score_high", indicator=code),
            figure(score, indicator=code),
            style_of(score),
            (50, 100),
            edges,
        )
        line = Spark("近八季" if zh else "Eight quarters", trend(code, scores), (50, 100), edges)
        change = figure(score - 94, "change", text=f"{score - 94:+.1f}".replace("-", "−"), indicator=code)
        rows.append(
            Row(
                (
                    (f"{code} {name if zh else english}",),
                    (chip(score, code, is_certain=place not in (1, 2)),),
                    (span,),
                    (change,),
                    (line,),
                )
            )
        )
    heads = (
        ("方面", "得分", "可能范围（50～100，竖线为70、80、90）", "较上季", "近八季")
        if zh
        else (
            "Aspect",
            "Score",
            "Possible range (50 to 100; lines at 70, 80, 90)",
            "Change",
            "Eight quarters",
        )
    )
    sizes = (2.4, 1.5, 1.6, 1, 2)
    columns = tuple(
        Column(head, "right" if place == 3 else "left", size)
        for place, (head, size) in enumerate(zip(heads, sizes, strict=True))
    )
    return Table(heads[0], columns, tuple(rows))


def _trend_chart(t) -> TrendChart:  # type: ignore[no-untyped-def]
    main = trend("T", [89.2, 86.5, None, 88.4, 87.8, 91.9, 90.4, 86.83], with_range=True)
    beside = trend("D", [91, 88, 79, 89.7, 87, 93, 82, 66.6])
    return TrendChart(
        t(
            "竖线为可能范围；虚线为“全面从严治党”。",
            "Vertical lines are possible ranges; the dashed line is strict self-governance.",
        ),
        (Series(t("总评", "Total"), main), Series(t("D 从严治党", "D Strictness"), beside, is_dashed=True)),
        (60, 100),
        ((90, t("良好 90", "Good 90")), (80, t("一般关注 80", "Watch 80")), (70, t("预警 70", "Warning 70"))),
    )


def _change(t) -> Table:  # type: ignore[no-untyped-def]
    parts = [
        (t("数据", "Data"), t("两季都报的数变了", "figures reported in both quarters"), -3.06),
        (t("权重", "Weights"), t("指标权重调整", "weights were changed"), -0.39),
        (t("缺报", "Coverage"), t("这季缺的、上季缺的", "missing now or then"), 0.38),
    ]
    rows = [
        Row(
            (
                (name,),
                (Quiet(told),),
                (Bar(figure(value, "data", text=f"{value:+.2f}".replace("-", "−")), value / 3.06),),
            )
        )
        for name, told, value in parts
    ]
    total = figure(-3.07, "change", text="−3.07")
    rows.append(
        Row(
            ((t("合计", "Sum"),), (figure(89.9, quarter="2026Q1"), " → ", figure(86.83)), (total,)),
            is_sum=True,
        )
    )
    return Table(
        t("变化四分", "The change in parts"),
        (Column("", share=1), Column("", share=2), Column("", share=2)),
        tuple(rows),
    )


def _losses(t) -> Table:  # type: ignore[no-untyped-def]
    heads = (
        t("项目", "Item"),
        t("本季数", "Figure"),
        t("得分", "Score"),
        t("总评失分", "Lost"),
        t("来源", "Source"),
    )
    rows = []
    for place in range(5):
        name: Line = (
            Strong(f"P04{place}"),
            t(" 审计发现问题按期整改完成率", " Audit findings mended within the deadline"),
            LineBreak(),
            Quiet(t("M18 审计发现问题整改", "M18 Mending of audit findings")),
        )
        lost = figure(-1.22 + place / 5, "lost_points", text=f"−{1.22 - place / 5:.2f}", item=f"P04{place}")
        rows.append(
            Row(
                (
                    name,
                    (figure(4 / 11, "value", text="4/11", item=f"P04{place}"),),
                    (figure(36.4, "item_score", item=f"P04{place}"),),
                    (lost,),
                    (
                        t("audit.xlsx ecology!H8、I8", "audit.xlsx ecology!H8, I8"),
                        LineBreak(),
                        Quiet(t("审计报送", "from Audit")),
                    ),
                )
            )
        )
    sides = ("left", "right", "right", "right", "left")
    columns = tuple(
        Column(head, side, 3.0 if place in (0, 4) else 1.2)
        for place, (head, side) in enumerate(zip(heads, sides, strict=True))
    )  # type: ignore[arg-type]
    return Table(t("失分", "Losses"), columns, tuple(rows))


def _absent(t) -> Table:  # type: ignore[no-untyped-def]
    names = [
        "议题材料会前送达率",
        "往来款项按期清理率",
        "资产清查账实相符率",
        "议事程序记录完整率",
        "到期党组织按期换届率",
        "回避与监督记录完整率",
    ]
    rows = tuple(
        Row(
            (
                (t(f"P02{place} {name}", f"P02{place} Item number of that code"),),
                (t("未收到", "not received"),),
                (t("审计", "Audit"),),
                (t("不计分，降低覆盖", "not scored, lowers coverage"),),
            )
        )
        for place, name in enumerate(names)
    )
    heads = (t("项目", "Item"), t("原因", "Why"), t("报送部门", "Department"), t("怎样计", "Counted as"))
    return Table(
        heads[0], tuple(Column(head, share=2 if not place else 1) for place, head in enumerate(heads)), rows
    )
