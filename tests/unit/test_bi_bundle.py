"""The dashboards of `docs/bi` as files: whole, without a password, called as the marts are, one set a connection.

Not here: a running Superset (`tests/bi`, `make test-bi`).
"""

import csv
import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
BUNDLE = PROJECT / "docs" / "bi" / "superset"
URL = "postgresql://college:s3cr%40t-canary@127.0.0.1:5432/qingyuan"


@cache
def assets(kind: str) -> dict[str, dict[str, Any]]:
    found = {
        p.stem: yaml.load(p.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for p in (BUNDLE / kind).rglob("*.yaml")
    }
    assert found, kind
    return found


@pytest.fixture(scope="module")
def marts() -> dict[str, dict[str, str]]:
    """The columns of each mart and what the database calls them in Chinese."""
    return {
        model["name"]: {column["name"]: column["config"]["meta"]["zh"] for column in model["columns"]}
        for path in (PROJECT / "dbt_project" / "models" / "marts").glob("*.yml")
        for model in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).get("models", [])
    }


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = PROJECT / "docs" / "bi" / "import_dashboards.py"
    spec = importlib.util.spec_from_file_location("import_dashboards", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_datasets_read_marts_and_nothing_else(marts: dict[str, dict[str, str]]) -> None:
    for stem, dataset in assets("datasets").items():
        assert dataset["schema"] == "marts"
        sql = dataset["sql"]
        own = set(re.findall(r"(?:with|,)\s+(\w+) as materialized", sql))
        read = set(re.findall(r"\b(?:from|join)\s+([\w.]+)", sql)) - own
        assert read <= {f"marts.{mart}" for mart in marts}, stem


def test_columns_are_called_what_the_marts_call_them(marts: dict[str, dict[str, str]]) -> None:
    """A column that stands in the SQL as it is in a mart keeps the mart's Chinese name; all have one."""
    for stem, dataset in assets("datasets").items():
        columns = {column["column_name"]: column for column in dataset["columns"]}
        assert not [name for name, one in columns.items() if not re.search("[一-鿿]", one["verbose_name"])]
        if whole := re.fullmatch(r"select \* from marts\.(\w+)\n", dataset["sql"]):
            stored = {name: one["verbose_name"] for name, one in columns.items() if not one["expression"]}
            assert stored.items() <= marts[whole[1]].items(), stem
            continue
        aliases = {alias: mart for mart, alias in re.findall(r"from marts\.(\w+) as (\w+)", dataset["sql"])}
        for alias, column in re.findall(r"\b(\w+)\.(\w+),", dataset["sql"]):
            if alias in aliases and column in columns and columns[column]["verbose_name"] != "季度":
                assert columns[column]["verbose_name"] == marts[aliases[alias]][column], (stem, column)


def test_every_chart_is_on_a_dashboard_and_knows_its_dataset() -> None:
    datasets = {one["uuid"] for one in assets("datasets").values()}
    charts = assets("charts")
    assert {chart["dataset_uuid"] for chart in charts.values()} <= datasets
    shown = [
        part["meta"]["uuid"]
        for board in assets("dashboards").values()
        for part in board["position"].values()
        if isinstance(part, dict) and part["type"] == "CHART"
    ]
    assert sorted(shown) == sorted(chart["uuid"] for chart in charts.values())
    targets = {
        target["datasetUuid"]
        for board in assets("dashboards").values()
        for one in board["metadata"]["native_filter_configuration"]
        for target in one["targets"]
    }
    assert targets <= datasets


def test_fills_are_those_of_the_shipped_bands() -> None:
    with (PROJECT / "dbt_project" / "catalogue" / "bands.csv").open(encoding="utf-8-sig") as file:
        bands = list(csv.DictReader(file))
    hollow = str.maketrans("●▲◆■", "○△◇□")
    # Grey is white with a hatch, which the dashboards' CSS draws over a fill of its own.
    fills = {band["mark"]: band["hex"] for band in bands if band["min_score"]}
    fills |= {mark.translate(hollow): fill for mark, fill in fills.items()}
    grey = {band["mark"] for band in bands if not band["min_score"]}
    coloured = [
        chart["params"]["conditional_formatting"]
        for chart in assets("charts").values()
        if chart["params"].get("conditional_formatting")
    ]
    assert coloured
    for rules in coloured:
        drawn = {rule["targetValue"]: rule["colorScheme"] for rule in rules}
        assert {mark: fill for mark, fill in drawn.items() if mark not in grey} == fills
        assert grey <= drawn.keys()


def test_a_connection_gets_a_set_of_its_own_without_the_password(script: ModuleType) -> None:
    url, password = script.without_password(URL)
    assert password == "s3cr@t-canary"
    first, again, other = (script.bundle(name, url) for name in ("全校", "全校", "学院"))
    assert first == again
    assert "canary" not in "".join(first.values())
    assert ":XXXXXXXXXX@127.0.0.1:5432/qingyuan" in first["databases/qingyuan.yaml"]
    uuids = [
        {uuid for text in one.values() for uuid in named(yaml.load(text, yaml.CSafeLoader))}
        for one in (first, other)
    ]
    assert len(uuids[0]) == len(uuids[1])
    assert not uuids[0] & uuids[1]
    slugs = [yaml.load(one["dashboards/heat_map.yaml"], yaml.CSafeLoader)["slug"] for one in (first, other)]
    assert slugs[0] != slugs[1]


def test_references_hold_in_a_connections_own_set(script: ModuleType) -> None:
    own = {path: yaml.load(text, yaml.CSafeLoader) for path, text in script.bundle("学院", URL).items()}
    known = {one["uuid"] for one in own.values() if "uuid" in one}
    for path, one in own.items():
        assert set(named(one)) <= known, path


def named(value: Any) -> Iterator[str]:
    """Every uuid that stands in it under a key that says so."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key.lower().endswith("uuid"):
                yield part
            else:
                yield from named(part)
    elif isinstance(value, list):
        for part in value:
            yield from named(part)
