"""A case made into another whose figures must follow: renamed, weighed anew, completed, with a school beside it.

Not here: scoring them, what must follow.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from tests.integration.method.case import Case, CellKey, Figure, Row, Tables
from tests.integration.method.dice import row

Rename = Callable[[str], str]
_NAMES = (
    "code",
    "name_zh",
    "name_en",
    "framework",
    "parent",
    "point",
    "item",
    "kind",
    "post_level",
    "header",
)
_MEANT = ("department", "applies_to")
_KEPT = frozenset({"", "all"})


def renamed(case: Case) -> tuple[Case, Rename]:
    """Every name another, in the reverse order, and every file and delivery turned over; and new name → old.

    Colours and caps keep theirs: where two caps are as strict, the name decides.
    """
    tables = {name: rows for name, rows in case.tables.items() if name not in ("bands", "colour_caps")}
    told = {
        one[column]
        for rows in tables.values()
        for one in rows
        for column in (*_NAMES, *_MEANT)
        if column in one
    }
    names = sorted(name for name in told - _KEPT if not name.startswith("§"))
    new = {name: f"n{len(names) - place:04d}" for place, name in enumerate(names)}

    def rename(name: str) -> str:
        return new.get(name, name)

    def turned(name: str, rows: list[Row]) -> list[Row]:
        columns = ("framework",) if name == "colour_caps" else () if name == "bands" else (*_NAMES, *_MEANT)
        return [
            {column: rename(cell) if column in columns else cell for column, cell in one.items()}
            for one in reversed(rows)
        ]

    def keyed(given: Mapping[CellKey, Figure]) -> dict[CellKey, Figure]:
        return {tuple(map(rename, key)): value for key, value in reversed(given.items())}  # type: ignore[misc]

    other = Case(
        tables={name: turned(name, rows) for name, rows in case.tables.items()},
        cells=keyed(case.cells),
        decisions=keyed(case.decisions),  # type: ignore[arg-type]
        confirmations={
            (school, rename(framework), kind, rename(subject)): band
            for (school, framework, kind, subject), band in case.confirmations.items()
        },
        silent=frozenset((school, rename(one)) for school, one in case.silent),
        superseded=frozenset((school, rename(one)) for school, one in case.superseded),
        refused=frozenset((school, rename(one)) for school, one in case.refused),
    )
    old = {name: was for was, name in new.items()}
    return other, lambda name: old.get(name, name)


def weighed_anew(case: Case) -> Case:
    """The weights of each group times a number of the group's own: children, items of a point, units."""
    points = {one["code"]: (one["framework"], one["point"]) for one in case.tables["items"]}
    groups = {group: 3.0 + place for place, group in enumerate(dict.fromkeys(points.values()))}
    parents = {(one["framework"], one["parent"]) for one in case.tables["indicators"]}
    families = {family: 0.3 * (1 + place) for place, family in enumerate(sorted(parents))}

    def times(one: Row, factor: float, blank: str = "") -> Row:
        weight = one["weight"] or blank
        return one | {"weight": repr(float(weight) * factor) if weight else ""}

    tables = case.tables
    return case.with_tables(
        indicators=[times(one, families[one["framework"], one["parent"]]) for one in tables["indicators"]],
        items=[times(one, groups[points[one["code"]]]) for one in tables["items"]],
        item_overrides=[times(one, groups[points[one["item"]]]) for one in tables["item_overrides"]],
        units=[times(one, 0.7, "1") for one in tables["units"]],
    )


def levelled(case: Case, level: float) -> Case:
    """Every item that arrived scores `level`, and no case was counted."""
    methods = {one["code"]: one["method"] for one in case.tables["items"]}

    def ratio(one: Row) -> Row:
        blank = dict.fromkeys(("target", "direction", "floor", "lower", "upper"), "")
        return one if one["method"] == "count_deduct" else one | {"method": "ratio"} | blank

    def cell(key: CellKey, figure: Figure) -> Figure:
        x, _, why = figure
        if x is None:
            return None, None, why or "blank"
        return (0.0, None, None) if methods[key[3]] == "count_deduct" else (level, 100.0, why)

    columns = {(one["department"], one["item"]): one for one in case.tables["extract_columns"]}
    return replace(
        case.with_tables(
            items=[ratio(one) for one in case.tables["items"]],
            item_steps=[],
            item_overrides=[one | {"target": ""} for one in case.tables["item_overrides"]],
            extract_columns=[
                row(department=department, header=code, item=code, role="value")
                for department, code in columns
            ],
        ),
        cells={key: cell(key, figure) for key, figure in case.cells.items()},
    )


def with_school(case: Case, code: str, copies: int) -> Case:
    """The same beside another school of as many times the first one's units, which fares otherwise."""
    first = case.institutions[0]

    def moved(one: Row, copy: int) -> Row:
        own = f"x{copy}-" if copy else ""
        names = {column: own + one[column] for column in ("code", "name_zh", "name_en") if column in one}
        return one | names | {"institution": code}

    def all_moved(name: str, times: int) -> list[Row]:
        ours = [one for one in case.tables[name] if one["institution"] == first]
        return [*case.tables[name], *(moved(one, copy) for copy in range(times) for one in ours)]

    cells = dict(case.cells)
    for (school, framework, subject, item), (x, b, why) in case.cells.items():
        if school == first:
            for copy in range(copies):
                name = f"x{copy}-{subject}" if copy else subject
                cells[code, framework, name, item] = (None if x is None else x / (2 + copy), b, why)
    tables: Tables = {
        "institutions": [*case.tables["institutions"], row(code=code, name_zh=code, name_en=code)],
        "units": all_moved("units", copies),
        "posts": all_moved("posts", copies),
        "item_overrides": all_moved("item_overrides", 1),
    }
    return replace(case.with_tables(**tables), cells=cells)
