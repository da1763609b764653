"""Schools written down shortly: rows of a catalogue, and cells by unit and item. Not here: any school."""

from collections.abc import Iterable, Mapping, Sequence

from tests.integration.method.case import CellKey, Figure, Row, Tables
from tests.integration.method.dice import named, row
from tests.integration.small_catalogue import BANDS

SCHOOL, DEPARTMENT = "§a", "records"
Cell = tuple[float | None, ...] | tuple[float | None, float | None, str | None]
ROLES = {"ratio": ("numerator", "denominator"), "count_ratio": ("value", "denominator")}
BLANK = (
    "direction", "target", "lower", "upper", "floor", "max_deduction", "grave", "unit_of_measure", "definition",
    "source_system",
)  # fmt: skip
STEP, OVERRIDE = ("item", "upper_bound", "score"), ("institution", "item", "applies_to", "target", "weight")


def catalogue(
    nodes: Sequence[Row],
    items: Sequence[Row],
    units: Iterable[Row],
    *,
    frameworks: Mapping[str, str] | None = None,
    bands: Sequence[tuple[str, int, str, float]] = BANDS,
    **more: list[Row],
) -> Tables:
    """The files of a school; `frameworks`: code → kind of subject; `more`: rows of other files."""
    return {
        "institutions": [named(SCHOOL)],
        "frameworks": [
            named(code, subject_kind=kind, sort="") for code, kind in (frameworks or {"tree": "unit"}).items()
        ],
        "departments": [named(DEPARTMENT, sort=""), named("others", sort="")],
        "units": list(units),
        "posts": [],
        "indicators": list(nodes),
        "items": [{column: cell for column, cell in one.items() if column != "roles"} for one in items],
        "bands": [band(*one) for one in (*bands, ("grey", 9, "", ""))],
        "item_steps": [],
        "item_overrides": [],
        "colour_caps": [],
        **more,
        "extract_columns": [
            *(one for item in items for one in columns(item)),
            *more.get("extract_columns", []),
        ],
    }


def tree(framework: str, *nodes: tuple[object, ...]) -> list[Row]:
    """Nodes as (code, parent, weight) or with an aggregation behind; parents first."""
    levels: dict[object, int] = {"": -1}
    rows = []
    for code, parent, weight, *aggregation in nodes:
        levels[code] = levels[parent] + 1
        rows.append(
            named(
                str(code),
                framework=framework,
                parent=parent,
                level=levels[code],
                weight=weight,
                aggregation=aggregation[0] if aggregation else "",
                lead_unit="",
                sort="",
            )
        )
    return rows


def item(code: str, point: str, method: str = "ratio", **more: object) -> Row:
    """A positive item of weight 1 in `tree`, or one that counts cases; `roles` are its columns'."""
    blank = dict.fromkeys(BLANK, "")
    deducts = method == "count_deduct"
    return named(
        code,
        **{
            **blank,
            "framework": "tree",
            "point": point,
            "method": method,
            "polarity": "negative" if deducts else "positive",
            "weight": "" if deducts else 1,
            "deduct_per_case": 5 if deducts else "",
            "applies_to": "",
            "department": DEPARTMENT,
            "roles": " ".join(ROLES.get(method, ("value",))),
            **more,
        },
    )


def columns(one: Row, department: str = "", roles: str = "") -> list[Row]:
    """The item's columns, in its own department unless another is named."""
    return [
        row(
            department=department or one["department"],
            header=f"{one['code']} {role}",
            item=one["code"],
            role=role,
        )
        for role in (roles or one["roles"]).split()
    ]


def band(code: str, rank: int, alarm: str, least: object) -> Row:
    """A colour; grey has no least score."""
    return named(
        code, rank=rank, alarm=alarm, colour_zh="色", min_score=least, hex="#FFFFFF", mark="●",
        action_zh="", action_en="", deadline_workdays="",
    )  # fmt: skip


def unit(code: str, kind: str = "office", weight: object = "", school: str = SCHOOL) -> Row:
    return named(code, institution=school, kind=kind, weight=weight, reports_as="", sort="")


def post(code: str, level: str, school: str = SCHOOL) -> Row:
    return named(code, institution=school, post_level=level, unit="")


def cap(code: str, at_most: str, level: object = "", when: str = "", **more: object) -> Row:
    """A cap on nodes of a level, or on grave cases where there is none."""
    kind = "node" if level else "grave_item"
    blank = {"framework": "tree", "needs_confirmation": ""}
    return row(
        **{**blank, "code": code, "when": kind, "when_level": level, "when_band": when,
           "at_most_band": at_most, **more}
    )  # fmt: skip


def rows(names: Sequence[str], *cells: Sequence[object]) -> list[Row]:
    """Rows of one file by its columns."""
    return [row(**dict(zip(names, one, strict=True))) for one in cells]


def cells(
    subjects: Mapping[str, Mapping[str, Cell]], framework: str = "tree", school: str = SCHOOL
) -> dict[CellKey, Figure]:
    """What arrived: subject → item → (x), (x, b) or (x, b, why it is missing)."""
    return {
        (school, framework, subject, code): (*cell, None, None)[:3]  # type: ignore[misc]
        for subject, own in subjects.items()
        for code, cell in own.items()
    }


def percents(scores: Mapping[str, float | None]) -> dict[str, Cell]:
    """Ratios that score as they are said; None is not received."""
    return {code: (score, 100.0) for code, score in scores.items() if score is not None}
