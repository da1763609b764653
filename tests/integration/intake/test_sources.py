"""SQL sources: a query's rows go the way of a file; the database is only read."""

import sqlite3
from pathlib import Path

import pytest
import yaml

from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.sources import SourceError, find_sources, read_sources
from tests.integration.intake.conftest import Intake
from tests.integration.intake.deliveries import INSTITUTION

CARE = (
    "select code as 单位代码, done as 按时件数, due as 应核件数, gap as 偏差, errors as 差错件数, rate as 完成率,"
    " filed as 已备案, spent as 实际支出, plan as 预算 from figures where quarter = :quarter and school = :institution"
)
WORK = "select code as 岗位代码, done as 实到, due as 应到 from figures where quarter = :quarter and code like 'B%'"


def described(folder: Path, **source: object) -> Path:
    path = folder / "sources.yml"
    path.write_text(yaml.safe_dump({"money": source}, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture
def ledger(tmp_path: Path, quarter: str) -> Path:
    path = tmp_path / "ledger.sqlite"
    with sqlite3.connect(path) as conn:
        conn.execute(
            "create table figures (school, quarter, code, done, due, gap, errors, rate, filed, spent, plan)"
        )
        for code in ("U1", "U2", "U3"):
            conn.execute(
                "insert into figures values (?, ?, ?, 8, 10, 1.5, 0, 85.5, 1, 7.25, 10)",
                (INSTITUTION, quarter, code),
            )
        conn.execute("insert into figures values ('else', ?, 'U1', 1, 1, 1, 1, 1, 1, 1, 1)", (quarter,))
        for code, done in (("B1", 3), ("B2", None)):
            conn.execute(
                "insert into figures (school, quarter, code, done, due) values (?, ?, ?, ?, 4)",
                (INSTITUTION, quarter, code, done),
            )
    conn.close()
    return path


def test_a_query_is_received_like_a_file(
    intake: Intake, school: Catalogue, tmp_path: Path, ledger: Path
) -> None:
    queries = {"care": CARE + " and code like 'U%'", "work": WORK}
    path = described(tmp_path, url=f"sqlite:///{ledger}", queries=queries)
    (incoming,) = find_sources(read_sources(path), school, [intake.quarter])
    assert [file.file_name for file in incoming.files] == ["money.care.csv", "money.work.csv"]
    receipt = intake.take(school, incoming)
    assert (receipt.state, receipt.number) == ("accepted", 1)
    assert [issue[0] for issue in intake.issues(receipt)] == ["half_pair"]
    assert intake.observation(receipt, "U2", "I1") == (8, 10, None)
    assert intake.observation(receipt, "U2", "I8") == (7.25, 10, None)
    assert intake.observation(receipt, "B1", "I9") == (3, 4, None)
    assert intake.observation(receipt, "B2", "I9") == (None, 4, "half_pair")
    assert intake.take(school, incoming).state == "unchanged"


def test_a_query_cannot_write_to_sqlite(
    tmp_path: Path, ledger: Path, school: Catalogue, quarter: str
) -> None:
    query = "with gone as (select 1) delete from figures"
    path = described(tmp_path, url=f"sqlite:///{ledger}", queries={"care": query})
    (incoming,) = find_sources(read_sources(path), school, [quarter])
    with pytest.raises(SourceError, match=r"money\.care\.csv"):
        incoming.files[0].fetch()
    with sqlite3.connect(ledger) as conn:
        assert conn.execute("select count(*) from figures").fetchone() == (6,)
    conn.close()


def test_a_query_cannot_write_to_postgres(
    tmp_path: Path, intake: Intake, school: Catalogue, quarter: str
) -> None:
    url_file = tmp_path / "url"
    url_file.write_text(
        intake.warehouse.url().replace("postgresql://", "postgresql+psycopg://") + "\n", "utf-8"
    )
    query = "with new as (insert into ops.person (code, unit) values ('x', 'U1') returning code) select * from new"
    path = described(tmp_path, url_file=str(url_file), queries={"care": query})
    (incoming,) = find_sources(read_sources(path), school, [quarter])
    with pytest.raises(SourceError, match="read-only transaction"):
        incoming.files[0].fetch()
    assert intake.rows("select count(*) from ops.person where code = 'x'") == [(0,)]


def test_what_cannot_be_asked_says_so_without_the_password(
    tmp_path: Path, school: Catalogue, quarter: str
) -> None:
    url = "postgresql+psycopg://reader:s3cret@127.0.0.1:1/none"
    (incoming,) = find_sources(
        read_sources(described(tmp_path, url=url, queries={"care": "select 1"})), school, [quarter]
    )
    with pytest.raises(SourceError) as raised:
        incoming.files[0].fetch()
    assert "s3cret" not in str(raised.value)
    assert "s3cret" not in repr(incoming)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("word", ["s3c@ret", "s3c/ret", "s3c:ret/"])
def test_a_password_with_a_sign_that_should_have_been_escaped_is_not_shown(
    tmp_path: Path, school: Catalogue, quarter: str, word: str
) -> None:
    """The rest of it stands where an address has its host or its port, and drivers say those."""
    url = f"postgresql+psycopg2://reader:{word}@127.0.0.1:1/none"
    (incoming,) = find_sources(
        read_sources(described(tmp_path, url=url, queries={"care": "select 1"})), school, [quarter]
    )
    with pytest.raises(SourceError) as raised:
        incoming.files[0].fetch()
    assert "ret" not in str(raised.value)
    assert "s3c" not in str(raised.value)


def test_a_file_that_is_no_yaml_is_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "sources.yml"
    path.write_text("money:\n  url: 'postgresql://reader:s3cret@db/x\n  queries: {care: [}", encoding="utf-8")
    with pytest.raises(SourceError) as raised:
        read_sources(path)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    "source",
    [
        {"queries": {"care": "select 1"}},
        {"url": "sqlite://:s3cret@", "queries": {"care": "select 1"}, "other": 1},
        {"url": "sqlite://:s3cret@", "url_file": "x", "queries": {"care": "select 1"}},
        {"url": "sqlite://", "queries": {"care": "delete from figures"}},
        {"url": "sqlite://"},
    ],
)
def test_a_description_that_does_not_fit_is_refused(tmp_path: Path, source: dict[str, object]) -> None:
    with pytest.raises(SourceError, match=r"sources\.yml") as raised:
        read_sources(described(tmp_path, **source))
    assert "s3cret" not in str(raised.value)


def test_no_file_means_no_sources_and_unknown_departments_are_passed_over(school: Catalogue) -> None:
    assert read_sources(None) == {}
    assert find_sources({}, school, ["2026Q3"]) == []
