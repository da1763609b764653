"""Catalogues small enough to compute by hand, as rows of text like those of the CSV files."""

from collections.abc import Mapping, Sequence

from tests.integration.scored import Row, Tables

SCHOOL, TREE, DEPARTMENT = "school", "tree", "records"
BANDS = (("green", 1, "", 90), ("blue", 2, "", 80), ("yellow", 3, "true", 70), ("red", 4, "true", 0))
NAMES = {"name_zh": "名", "name_en": "name"}


def small(
    nodes: Mapping[str, tuple[str, float]],
    items: Sequence[Mapping[str, object]],
    units: Mapping[str, str],
    caps: Sequence[Mapping[str, object]] = (),
) -> Tables:
    """One school with one tree. `nodes`: code → (parent, weight), parents first; `units`: code → weight or blank.

    An item names code, point and method, and whatever its method needs; it is positive unless it counts cases.
    """
    levels: dict[str, int] = {}
    for code, (parent, _) in nodes.items():
        levels[code] = levels[parent] + 1 if parent else 0
    return {
        "institutions": [{"code": SCHOOL, **NAMES}],
        "frameworks": [{"code": TREE, "subject_kind": "unit", **NAMES}],
        "departments": [{"code": DEPARTMENT, **NAMES}],
        "units": [
            {"institution": SCHOOL, "code": code, "kind": "office", "weight": weight, **NAMES}
            for code, weight in units.items()
        ],
        "posts": [],
        "indicators": [
            row(
                framework=TREE,
                code=code,
                parent=parent,
                level=levels[code],
                weight=weight,
                aggregation="",
                **NAMES,
            )
            for code, (parent, weight) in nodes.items()
        ],
        "items": [item(**given) for given in items],
        "item_steps": [],
        "item_overrides": [],
        "extract_columns": [],
        "bands": [
            row(
                code=code,
                rank=rank,
                alarm=alarm,
                min_score=least,
                colour_zh="色",
                hex="#FFFFFF",
                mark="●",
                **NAMES,
            )
            for code, rank, alarm, least in (*BANDS, ("grey", 9, "", ""))
        ],
        "colour_caps": [row(framework=TREE, **cap) for cap in caps],
    }


def item(**given: object) -> Row:
    """A row of items.csv; blank where nothing is given."""
    blank = dict.fromkeys(
        (
            "direction",
            "target",
            "lower",
            "upper",
            "floor",
            "weight",
            "deduct_per_case",
            "max_deduction",
            "grave",
        ),
        "",
    )
    polarity = "negative" if given["method"] == "count_deduct" else "positive"
    row_given = {
        "framework": TREE,
        "polarity": polarity,
        "applies_to": "all",
        "department": DEPARTMENT,
        **given,
    }
    return row(**{**NAMES, **blank, **row_given})


def row(**cells: object) -> Row:
    """Cells as text; None is blank."""
    return {column: "" if cell is None else str(cell) for column, cell in cells.items()}
