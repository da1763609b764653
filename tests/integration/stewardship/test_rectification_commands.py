"""The command line of the ledger of rectification, as persons use it; what the acts refuse is tested where they are."""

import json
import shlex
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.cli.desk import today
from orchestration.settings import Settings
from orchestration.settings import settings as own_settings
from orchestration.warehouse.connections import open_warehouse

PERSONS = {"mender": ("F03", "enter"), "checker": ("F01", "approve"), "striker": ("F02", "approve")}


@pytest.fixture(scope="module")
def environment(settings: Settings) -> Iterator[pytest.MonkeyPatch]:
    """The session's server as the product's own."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("QINGYUAN_HOME", str(settings.home))
        monkeypatch.chdir(settings.home.parent)
        own_settings.cache_clear()
        open_warehouse(settings)
        yield monkeypatch
    own_settings.cache_clear()


@pytest.fixture(scope="module")
def run(environment: pytest.MonkeyPatch) -> Any:
    def run(line: str, *, code: int = 0, language: str = "en") -> str:
        environment.setenv("QINGYUAN_LANGUAGE", language)
        own_settings.cache_clear()
        result = CliRunner().invoke(main, shlex.split(line))
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result.output

    for person, (unit, rights) in PERSONS.items():
        run(f"persons set {person} --unit {unit} --rights {rights}")
    return run


def opened(run: Any, more: str = "") -> int:
    """The number of a new task of F03."""
    line = f"rectify open F03 补齐报销台账 --severity yellow --indicator M01 --as checker --json {more}"
    return int(json.loads(run(line))["rectification"])


def test_from_opening_to_being_struck_off(run: Any) -> None:
    task = opened(run, "--source supervision --mode daily --ref D-7")
    (listed,) = (row for row in json.loads(run("rectify list --unit F03 --json")) if row["id"] == task)
    assert (listed["state"], listed["supervision_mode"], listed["source_ref"]) == ("assigned", "daily", "D-7")
    assert (listed["responsible_post"], listed["is_overdue"]) == ("P01", False)
    assert "in progress" in run(f"rectify start {task} --measure 逐笔核对 --as mender")
    day = today().isoformat()
    assert "submitted" in run(f"rectify submit {task} --document 'No. 9' --dated {day} --as mender")
    assert "re-checked" in run(f"rectify recheck {task} --as checker --note seen")
    assert "takes another person to strike it off" in run(f"rectify strike {task} --as checker", code=2)
    assert json.loads(run(f"rectify strike {task} --as striker --json")) == {
        "rectification": task,
        "state": "struck_off",
    }
    shown = run(f"rectify show {task}", language="zh-CN")
    for word in (
        "已销号",
        "监督发现 D-7 daily",
        "逐笔核对",
        f"（文件 No. 9，{day}）",
        "分管领导岗位：P01 ",
        "F03 ",
    ):
        assert word in shown
    steps = json.loads(run(f"rectify show {task} --json"))["steps"]
    assert [step["act"] for step in steps] == ["open", "start", "submit", "recheck", "strike"]
    assert f"#{task} " not in run("rectify list")
    listed = run("rectify list --everything --severity yellow")
    assert f"#{task} " in listed
    assert "yellow" not in listed  # a colour's word, not its code


def test_an_extension_a_return_and_a_consultation(run: Any) -> None:
    task = opened(run, f"--due {today().isoformat()}")
    later = (today() + timedelta(days=9)).isoformat()
    assert later in run(f"rectify extend {task} --until {later} --note why --as mender")
    assert "not extended, still due" in run(f"rectify refuse {task} --note no --as striker")
    run(f"rectify extend {task} --until {later} --note why --as mender")
    assert json.loads(run(f"rectify approve {task} --as striker --json"))["due_on"] == later
    run(f"rectify start {task} --as mender")
    run(f"rectify submit {task} --document D --dated {today()} --as mender")
    assert "已退回" in run(f"rectify return {task} --note 缺凭证 --as checker", language="zh-CN")
    held = f"rectify consult {task} --held {today()} --conclusion 月底前补齐 --as checker --units"
    assert "at least 2 units" in run(f"{held} F03", code=2)
    assert "F03 F01" in run(f"{held} F03,F01")
    assert "补齐" in run("rectify list --state returned --unit F03")
    assert f"first due {today()}" in run(f"rectify show {task}")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("open F99 x --severity yellow --as checker", "has no unit “F99”"),
        ("open F03 x --severity purple --as checker", "no band “purple”"),
        ("open F03 x --severity green --as checker", "sets no term"),
        ("open F03 x --severity yellow --source supervision --as checker", "names its mode: political daily"),
        ("open F03 x --severity yellow --mode gossip --as checker", "no “gossip”"),
        ("open F03 x --severity yellow --indicator M99 --as checker", "no indicator “M99”"),
        ("open F03 x --severity yellow --framework duty --as checker", "no tree over units “duty”"),
        ("open F03 x --severity yellow --due 2020-01-01 --as checker", "lies before today"),
        ("open F03 ' ' --severity yellow --as checker", "reason"),
        ("open F03 x --severity yellow --as mender", "approve"),
        ("show 999999", "no rectification task #999999"),
        ("start 0 --as mender", "0"),
    ],
)
def test_a_mistake_is_one_sentence(run: Any, line: str, why: str) -> None:
    said = run(f"rectify {line}", code=2)
    assert why in said
    assert said.count("\n") == 1


VERBS = (
    "list",
    "show",
    "open",
    "start",
    "submit",
    "recheck",
    "strike",
    "return",
    "extend",
    "approve",
    "refuse",
    "consult",
)


@pytest.mark.parametrize("verb", ["rectify", *(f"rectify {verb}" for verb in VERBS)])
def test_help_is_there_in_both_languages(run: Any, verb: str) -> None:
    assert run(f"{verb} --help") != run(f"{verb} --help", language="zh-CN")
