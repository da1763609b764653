"""The command line of key tasks and assessments, as persons use it; what the acts refuse is tested where they are."""

import json
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.settings import Settings
from orchestration.settings import settings as own_settings
from orchestration.warehouse.catalogue import checked_catalogue, store_catalogue
from orchestration.warehouse.connections import open_warehouse

YEAR = """
    create view marts.fct_period_score as
    select
        'demo' as institution, '2026' as period, 'ecology' as framework, 'institution' as subject_kind,
        'demo' as subject_code, 0 as level, 'blue' as band, 84.5::float8 as score,
        '2026-00000000000000aa' as score_version"""


@pytest.fixture(scope="module")
def environment(settings: Settings) -> Iterator[pytest.MonkeyPatch]:
    """The session's server as the product's own, with a year's score and persons who may act."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("QINGYUAN_HOME", str(settings.home))
        monkeypatch.chdir(settings.home.parent)
        own_settings.cache_clear()
        warehouse = open_warehouse(settings)
        with warehouse.connect() as conn:
            store_catalogue(conn, checked_catalogue(settings.catalogue, "2026Q4"))
        with warehouse.connect("owner") as conn:
            conn.execute("set role mart_owner")
            conn.execute(YEAR)
            conn.execute("grant select on marts.fct_period_score to pipeline")
        yield monkeypatch
        with warehouse.connect("owner") as conn:
            conn.execute("set role mart_owner")
            conn.execute("drop view marts.fct_period_score")
    own_settings.cache_clear()


@pytest.fixture
def run(environment: pytest.MonkeyPatch) -> Any:
    def run(line: str, *, code: int = 0, language: str = "en") -> str:
        environment.setenv("QINGYUAN_LANGUAGE", language)
        own_settings.cache_clear()
        result = CliRunner().invoke(main, shlex.split(line))
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result.output

    return run


def test_a_task_from_the_register_to_being_struck_off(run: Any) -> None:
    run("persons set lead --unit F02 --rights enter")
    run("persons set chief --unit F02 --rights approve")
    run("persons set second --unit F01 --rights approve")
    before = json.loads(run("tasks list 2026 --json"))
    assert {row["state"] for row in before} == {"open"}
    assert [row["due_on"] for row in before] == sorted(row["due_on"] for row in before)
    report = "tasks report 2026 T01 --document 督〔2026〕7号 --dated 2026-03-30"
    assert "reported" in run(f"{report} --as lead")
    assert "second person of another unit" in run("tasks strike 2026 T01 --as chief", code=2)
    assert "returned" in run("tasks return 2026 T01 --note 缺少验收单 --as second")
    run(f"{report} --as lead")
    assert "已销号" in run("tasks strike 2026 T01 --as second", language="zh-CN")
    (row,) = json.loads(run("tasks list 2026 --state struck_off --json"))
    assert (row["task"], row["document"], row["is_overdue"]) == ("T01", "督〔2026〕7号", False)
    assert "督〔2026〕7号" in run("tasks list 2026", language="zh-CN")
    assert len(json.loads(run("tasks list --json"))) > len(before)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("tasks list 26", "four digits"),
        ("tasks list --institution nowhere", "nowhere"),
        ("tasks report 2026 T99 --document 1 --dated 2026-03-30 --as lead", "no task “T99”"),
        ("tasks report 2026 T02 --document 1 --dated 30.3.2026 --as lead", "not a day"),
        ("tasks strike 2026 T02 --as second", "not possible to strike it off"),
        ("tasks strike 2026 T02", "Say who acts"),
        ("tasks return 2026 T02 --as second", "note"),
        (
            "assess record 2026 --band blue --members P01 --held 2026-11-01 --framework duty --as second",
            "no tree",
        ),
        (
            "assess record 2026 --band blue --members P01 --held 2026-11-01 --assessed-unit X9 --as second",
            "X9",
        ),
        ("assess sign 99 --as second", "no assessment 99"),
    ],
)
def test_a_mistake_is_one_sentence(run: Any, line: str, says: str) -> None:
    run("persons set lead --unit F02 --rights enter")
    run("persons set second --unit F01 --rights approve,confirm")
    assert says in run(line, code=2)


def test_an_assessment_from_the_meeting_to_two_signatures(run: Any) -> None:
    run("persons set one --unit F01 --rights confirm")
    run("persons set other --unit F02 --rights confirm")
    words = "assess record 2026 --band yellow --members P01,P04 --held 2026-11-02 --as one"
    assert "Write down the reason" in run(words, code=2)
    told = json.loads(run(f"{words} --departure 专项审计未结 --json"))
    assert (told["band"], told["machine_band"], told["is_agreed"]) == ("yellow", "blue", False)
    number = told["assessment"]
    assert "another signs next" in run(f"assess sign {number} --as one")
    assert "it stands" in run(f"assess sign {number} --as other")
    (found,) = json.loads(run("assess list 2026 --json"))
    assert (found["state"], found["members"], found["reason"]) == ("signed", "P01 P04", "专项审计未结")
    assert "专项审计未结" in run("assess list", language="zh-CN")


@pytest.mark.parametrize(
    "verb", ["tasks", "assess", "tasks report", "assess record", "tasks list", "assess sign"]
)
def test_help_is_there_in_both_languages(run: Any, verb: str) -> None:
    assert run(f"{verb} --help") != run(f"{verb} --help", language="zh-CN")
