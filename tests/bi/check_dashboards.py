"""The bundle of `docs/bi` in a running Superset, beside a scored school: `make test-bi`, some minutes.

Its name keeps it out of `make test`, which installs no Superset. Not here: what needs none (`tests/unit`).
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import yaml
from psycopg.conninfo import conninfo_to_dict

from tests.bi.served import BIN, PROJECT, Chart, Superset

BI = PROJECT / "docs" / "bi"
OPENED = {"institution": "demo", "quarter": "2026Q3", "framework": "ecology"}
UNIT, NAME = "C05", "经济管理学院"
HAN = re.compile(r"[一-鿿]")
# Whole figures of the institution, in which no unit is named.
NAMELESS = {"headline", "band_counts"}


@dataclass(frozen=True)
class School:
    """The sample's school, scored, in a home of its own."""

    home: Path

    def qingyuan(self, *arguments: str) -> str:
        environment = {**os.environ, "QINGYUAN_HOME": str(self.home), "QINGYUAN_LANGUAGE": "zh-CN"}
        done = subprocess.run(
            [Path(sys.executable).parent / "qingyuan", *arguments],
            env=environment,
            text=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
        )
        assert not done.returncode, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def url(self, login: str) -> str:
        return self.qingyuan("db", "url", "--role", login).strip()


@pytest.fixture(scope="module")
def school() -> Iterator[School]:
    parent = Path(tempfile.mkdtemp(prefix="qingyuan-bi-"))
    parent.chmod(0o755)  # the server's OS user must reach its own folder when root runs the tests
    made = School(parent / "home")
    made.qingyuan("demo")
    yield made
    made.qingyuan("db", "stop")
    shutil.rmtree(parent)


def add_reader(school: School) -> str:
    """A login that reads one college's rows; its URL."""
    where = ["--institution", OPENED["institution"], "--code", UNIT]
    school.qingyuan("db", "logins", "add", "college", "--role", "unit_reader", *where)
    return school.url("college")


@pytest.fixture(scope="module")
def superset() -> Iterator[Superset]:
    if not (BIN / "superset").exists():
        pytest.skip("no Superset in .venv-bi: it could not be installed here")
    home = Path(tempfile.mkdtemp(prefix="superset-"))
    served = Superset(home)
    yield served
    served.stop()
    shutil.rmtree(home)


def of(superset: Superset, slugs: list[str]) -> dict[str, Chart]:
    """The charts of both dashboards by the name of their file."""
    stems = {
        yaml.safe_load(path.read_text(encoding="utf-8"))["slice_name"]: path.stem
        for path in (BI / "superset" / "charts").glob("*.yaml")
    }
    charts = {stems[chart.title]: chart for slug in slugs for chart in superset.charts(slug).values()}
    assert charts.keys() == set(stems.values())
    return charts


@pytest.fixture(scope="module")
def slugs(superset: Superset, school: School) -> list[str]:
    """The dashboards as bi_reader."""
    return superset.import_as("全校", school.url("bi_reader"))


@pytest.fixture(scope="module")
def whole(superset: Superset, slugs: list[str]) -> dict[str, Chart]:
    """The charts as bi_reader."""
    return of(superset, slugs)


@pytest.fixture(scope="module")
def college(superset: Superset, school: School, whole: dict[str, Chart]) -> dict[str, Chart]:
    """The charts as the reader of one college, beside the others."""
    charts = of(superset, superset.import_as(NAME, add_reader(school)))
    datasets = [{chart.asks["datasource"]["id"] for chart in one.values()} for one in (charts, whole)]
    assert datasets[0].isdisjoint(datasets[1])
    return charts


def test_every_chart_answers_under_chinese_labels(superset: Superset, whole: dict[str, Chart]) -> None:
    for stem, chart in whole.items():
        rows = superset.rows(chart, OPENED)
        assert rows, stem
        assert not [column for column in rows[0] if not HAN.search(chart.labels[column])], stem
        assert HAN.search(chart.title)


def test_columns_are_called_what_the_database_calls_them(whole: dict[str, Chart], school: School) -> None:
    """Of the mart that a dashboard reads as it is, every column; of the others `tests/unit` asks the models."""
    with psycopg.connect(school.url("bi_reader")) as conn:
        comments = dict(
            conn.execute(
                "select attname, col_description(attrelid, attnum) from pg_attribute "
                "where attrelid = 'marts.heat_map'::regclass and attnum > 0"
            ).fetchall()
        )
    labels = whole["themes_by_unit"].labels
    assert {column: label for column, label in labels.items() if column in comments} == {
        column: comments[column] for column in comments if column in labels
    }
    assert labels["quarter"] == comments["quarter"]


def test_cells_show_mark_and_score_of_the_mart(
    superset: Superset, whole: dict[str, Chart], school: School
) -> None:
    with psycopg.connect(school.url("bi_reader")) as conn:
        expected = {
            (unit, node): (mark, score, certain)
            for unit, node, mark, score, certain in conn.execute(
                "select subject_name_zh, indicator_name_zh, band_mark, score, is_certain from heat_map "
                "where institution = %(institution)s and quarter = %(quarter)s and framework = %(framework)s "
                "and level <= 1",
                OPENED,
            )
        }
    rows = superset.rows(whole["themes_by_unit"], OPENED)
    cells = {
        (row["unit_label"].split(" ", 1)[1], row["node_label"].split(" ", 1)[1]): row["cell"] for row in rows
    }
    assert cells.keys() == expected.keys()
    for key, (mark, score, certain) in expected.items():
        drawn, shown = cells[key].split(" ")[:2]
        assert drawn == (mark if certain else mark.translate(str.maketrans("●▲◆■", "○△◇□"))), key
        if mark == "▨":
            continue
        assert abs(float(shown) - score) < 0.1, key
        assert (float(shown) >= 70, float(shown) >= 80, float(shown) >= 90) == (
            score >= 70,
            score >= 80,
            score >= 90,
        ), key


def test_a_colleges_reader_is_shown_no_other_unit(
    superset: Superset, whole: dict[str, Chart], college: dict[str, Chart], school: School
) -> None:
    with psycopg.connect(school.url("bi_reader")) as conn:
        others = dict(conn.execute("select code, name_zh from dim_unit where code <> %s", [UNIT]).fetchall())
    foreign = re.compile("|".join([rf"\b{code}\b" for code in others] + list(others.values())))
    for stem, chart in college.items():
        rows = superset.rows(chart, OPENED)
        said = json.dumps(rows, ensure_ascii=False)
        assert not foreign.findall(said), (stem, foreign.findall(said))
        if any("unit_label" in row for row in rows) and stem not in NAMELESS:
            assert NAME in said, stem
    own = {
        "themes_by_unit",
        "points_by_unit",
        "quarters_by_unit",
        "unit_points",
        "unit_items",
        "lowest_units",
    }
    for stem in own:
        assert any(NAME in row["unit_label"] for row in superset.rows(college[stem], OPENED)), stem


def test_a_colleges_reader_is_shown_what_bi_reader_is(
    superset: Superset, whole: dict[str, Chart], college: dict[str, Chart]
) -> None:
    for stem in ("themes_by_unit", "points_by_unit", "quarters_by_unit"):
        shown, own = (
            {json.dumps(row) for row in superset.rows(side[stem], OPENED)} for side in (whole, college)
        )
        assert own < shown, stem
    for stem in NAMELESS - {"headline"}:
        assert superset.rows(college[stem], OPENED) == superset.rows(whole[stem], OPENED)


def test_superset_keeps_no_password_in_the_clear(
    superset: Superset, college: dict[str, Chart], school: School
) -> None:
    password = str(conninfo_to_dict(school.url("college"))["password"]).encode()
    kept = [path for path in superset.home.rglob("*") if path.is_file()]
    assert {"superset.db", "server.log"} <= {path.name for path in kept}
    assert not [path for path in kept if password in path.read_bytes()]


def test_the_pages_queries_answer(school: School) -> None:
    for page in ("README.md", "README.zh-CN.md"):
        (block,) = re.findall(r"```sql\n(.*?)```", (BI / page).read_text(encoding="utf-8"), re.DOTALL)
        with psycopg.connect(school.url("bi_reader")) as conn:
            for query in block.strip().removesuffix(";").split(";\n"):
                assert conn.execute(query).fetchall(), query


def test_what_superset_sends_is_recorded(
    superset: Superset, whole: dict[str, Chart], slugs: list[str]
) -> None:
    """`docs/bi/queries` is what the speed of the dashboards is measured with; a new chart's is written there."""
    asked = dict(whole)
    for slug in slugs:
        asked |= {f"filter_{name}": choice for name, choice in superset.choices(slug).items()}
    differing = []
    for stem, chart in asked.items():
        assert superset.rows(chart, OPENED), stem
        sent, recorded = superset.sql(chart, OPENED).rstrip() + "\n", BI / "queries" / f"{stem}.sql"
        if not recorded.exists():
            recorded.write_text(sent, encoding="utf-8")
            differing.append(f"{stem} (written now)")
        elif recorded.read_text(encoding="utf-8") != sent:
            differing.append(stem)
    assert not differing, "delete these files and run again to record what is sent"
    assert {path.stem for path in (BI / "queries").glob("*.sql")} == asked.keys()
