"""Whoever reads a mart is an exposure in dbt, which names every mart it reads: what breaks when a mart changes."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import yaml

from tests.conventions.tree import PROJECT, files, name, python, text

MARTS = {path.stem for path in (PROJECT / "dbt_project" / "models" / "marts").glob("*.sql")}
BUNDLE = PROJECT / "docs" / "bi" / "superset"
# Dagster's graph says it of assets; these name marts as the sources of figures that `load` read.
NOT_READERS = re.compile(r"^orchestration/(?:assets/|publishing/\w+/(?!load\.py)|publishing/\w+\.py)")


def exposures() -> dict[str, dict[str, Any]]:
    path = PROJECT / "dbt_project" / "models" / "marts" / "exposures.yml"
    return {one["name"]: one for one in yaml.safe_load(text(path))["exposures"]}


def declared(exposure: dict[str, Any]) -> set[str]:
    return {re.fullmatch(r"ref\('(\w+)'\)", one)[1] for one in exposure["depends_on"]}  # type: ignore[index]


def readers() -> dict[str, set[str]]:
    """Each module that reads marts, with the marts that its strings name."""
    found: dict[str, set[str]] = {}
    for path, tree in python("orchestration"):
        said = {mart for value in strings(tree) for mart in named(value)}
        if said and not NOT_READERS.match(name(path)):
            found[name(path)] = said
    return found


def strings(tree: ast.AST) -> Iterator[str]:
    """Every string but docstrings, which are expressions of their own."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def named(value: str) -> set[str]:
    # `heat_map` alone is a publication's name as well.
    whole = {value} if value != "heat_map" else set()
    return {*re.findall(r"\bmarts\.(\w+)", value), *whole} & MARTS


def of_dashboard(path: str) -> set[str]:
    """The marts behind a dashboard's charts and filters."""
    datasets, charts = ({one["uuid"]: one for one in read(folder)} for folder in ("datasets", "charts"))
    dashboard = yaml.safe_load(text(PROJECT / path))
    uuids = {part["meta"]["uuid"] for part in dashboard["position"].values() if named_chart(part)}
    used = {charts[uuid]["dataset_uuid"] for uuid in uuids}
    used |= {uuid for uuid in re.findall(r"datasetUuid: (\S+)", text(PROJECT / path)) if uuid in datasets}
    return {
        mart
        for uuid in used
        for mart in re.findall(
            r"marts\.(\w+)", datasets[uuid]["sql"] or f"marts.{datasets[uuid]['table_name']}"
        )
    }


def read(folder: str) -> Iterator[dict[str, Any]]:
    for path in sorted((BUNDLE / folder).rglob("*.yaml")):
        yield yaml.safe_load(text(path))


def named_chart(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") == "CHART"


def test_each_names_every_mart_it_reads_and_no_other() -> None:
    found = readers()
    for exposure in exposures().values():
        meta = exposure["config"]["meta"]
        if "dashboard" in meta:
            assert declared(exposure) == of_dashboard(meta["dashboard"]), exposure["name"]
        else:
            assert declared(exposure) == set().union(*(found[path] for path in meta["readers"])), exposure[
                "name"
            ]


def test_whoever_reads_a_mart_is_one() -> None:
    known = {path for one in exposures().values() for path in one["config"]["meta"].get("readers", ())}
    assert len(known) > 8
    assert readers().keys() == known
    dashboards = {one["config"]["meta"].get("dashboard") for one in exposures().values()} - {None}
    assert dashboards == {name(path) for path in files(".yaml", under=("docs/bi/superset/dashboards",))}


def test_every_kind_of_publication_is_one() -> None:
    """By the name of its folder in `publishing`, whose `load` it reads."""
    kinds = {path.parent.name for path in (PROJECT / "orchestration" / "publishing").glob("*/load.py")}
    read = {
        path.split("/")[2]
        for one in exposures().values()
        for path in one["config"]["meta"].get("readers", ())
        if path.startswith("orchestration/publishing/")
    }
    assert read == kinds
    assert {"annual", "diagnosis", "heat_map", "warning_board"} <= kinds
