"""A person's mistake on the command line: one sentence in their language, exit code 2, no traceback."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from orchestration.cli import main
from orchestration.messages import catalogue as messages
from orchestration.settings import settings
from orchestration.warehouse.catalogue import read_catalogue
from tests.unit.small_catalogue import copy, edited, write

HAN = re.compile(r"[\u4e00-\u9fff]")
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a command line in a home of its own; keywords are settings."""

    def run(line: str, **given: object) -> Result:
        monkeypatch.setenv("QINGYUAN_HOME", str(tmp_path / "home"))
        monkeypatch.chdir(tmp_path)
        for name, value in given.items():
            monkeypatch.setenv(f"QINGYUAN_{name.upper()}", str(value))
        settings.cache_clear()
        return CliRunner().invoke(main, line.split())

    yield run
    settings.cache_clear()


MISTAKES = {
    "run 2026X3": "2026X3",
    "run 2026Q5": "2026Q5",
    "run 1999Q1": "1999Q1",
    "run": "QUARTER",
    "run 2026Q3 --fast": "--fast",
    "runn 2026Q3": "runn",
    "run 2026Q3": "inbox",
    "backfill 2026Q3 2026Q1": "2026Q1",
    "backfill 2026Q3": "LAST",
    "sample": "quarters",
    "sample --quarters 2026Q3:2026": "2026",
    "issues show": "show",
    "issues list --quarter never": "never",
    "db url --role nobody": "nobody",
    "catalogue check --quarter x": "x",
    "templates": "QUARTER",
    "templates 2026Q4": "out",
    "templates 2026Q5 --out o": "2026Q5",
    "templates 2026Q4 --out o --department nobody": "nobody",
    "templates 2026Q4 --out o --institution nobody": "nobody",
    "templates 2026Q4 --out o --language fr": "fr",
    "templates 2026Q4 --out /dev/null/o": "/dev/null/o",
}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_is_one_sentence_that_names_it(run: Run, line: str, language: str) -> None:
    result = run(line, language=language)
    assert result.exit_code == 2
    (sentence,) = result.stderr.splitlines()
    assert MISTAKES[line] in sentence
    assert sentence.endswith("。" if language == "zh-CN" else ".")
    assert bool(HAN.search(sentence)) == (language == "zh-CN")
    assert not result.stdout


def test_a_broken_setting_names_its_variable(run: Run) -> None:
    result = run("db url", db_port="many")
    assert result.exit_code == 2
    assert "QINGYUAN_DB_PORT" in result.stderr
    assert "many" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_broken_catalogue_is_told_by_file_and_row(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "catalogue"
    folder.mkdir()
    for path in settings().catalogue.glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    indicators = (folder / "indicators.csv").read_text(encoding="utf-8-sig").splitlines()
    columns = indicators[0].split(",")
    broken = indicators[5].split(",")
    broken[columns.index("parent")] = "NOBODY"
    (folder / "indicators.csv").write_text(
        "\n".join([*indicators[:5], ",".join(broken), *indicators[6:]]), encoding="utf-8"
    )
    for line in ("catalogue check --quarter 2026Q3", "run 2026Q3"):
        result = run(line, catalogue=folder, language="en")
        assert result.exit_code == 2
        assert "indicators.csv" in result.stderr
        assert "6" in result.stderr
        assert "NOBODY" in result.stderr


def test_the_unforeseen_is_a_sentence_and_a_log(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    result = run(f"catalogue print --quarter 2026Q3 --out {tmp_path / 'file' / 'lists'}", language="en")
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr
    log = tmp_path / "home" / "log" / "qingyuan.log"
    assert str(log) in result.stderr
    assert "NotADirectoryError" in log.read_text(encoding="utf-8")


def test_blank_workbooks_go_into_folders_like_the_inbox(run: Run, tmp_path: Path) -> None:
    result = run("templates 2026Q4 --out o", language="en")
    assert (result.exit_code, result.stderr) == (0, "")
    written = sorted(path.relative_to(tmp_path / "o").as_posix() for path in (tmp_path / "o").rglob("*.xlsx"))
    codes = sorted(row.code for row in read_catalogue(settings().catalogue).departments)
    assert written == [f"demo/2026Q4/{code}.xlsx" for code in codes]
    assert "2027-01-14" in result.stdout.splitlines()[-1]
    # Once more changes nothing; one that somebody filled in is not overwritten, and neither is any other.
    assert run("templates 2026Q4 --out o", language="en").exit_code == 0
    (tmp_path / "o" / "demo" / "2026Q4" / "audit.xlsx").write_bytes(b"filled in")
    for line in ("templates 2026Q4 --out o", "templates 2026Q4 --out o --department audit"):
        result = run(line, language="en")
        assert result.exit_code == 2
        assert "audit.xlsx" in result.stderr
    assert run("templates 2026Q4 --out o --department quality", language="en").exit_code == 0


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_department_that_owes_nothing_is_told_so(run: Run, tmp_path: Path, language: str) -> None:
    folder = write(tmp_path / "catalogue", edited(copy("departments", 2, code="rest")))
    result = run("templates 2026Q4 --out o --department rest", catalogue=folder, language=language)
    assert result.exit_code == 2
    (sentence,) = result.stderr.splitlines()
    assert "rest" in sentence
    assert "2026Q4" in sentence
    assert not (tmp_path / "o").exists()


def test_blank_workbooks_speak_the_language_asked_for(run: Run, tmp_path: Path) -> None:
    for out, options, given, sheet in (
        ("a", "", "en", "Integrity and governance"),
        ("b", "--language zh-CN", "en", "政治生态评估"),
        ("c", "", "zh-CN", "政治生态评估"),
    ):
        line = f"templates 2026Q4 --out {out} --department audit --institution demo {options}"
        assert run(line, language=given).exit_code == 0
        (path,) = (tmp_path / out).rglob("*.xlsx")
        assert load_workbook(path).sheetnames[1] == sheet


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_command_and_option_helps_in_the_language(run: Run, language: str) -> None:
    lines = [""]
    for name, command in main.commands.items():
        lines += [name, *(f"{name} {sub}" for sub in getattr(command, "commands", {}))]
    assert len(lines) > 12
    for line in lines:
        result = run(f"{line} --help", language=language)
        assert result.exit_code == 0, line
        key = f"cli.help.{'.'.join(line.split()) or 'qingyuan'}"
        words = messages()[key]["zh" if language == "zh-CN" else "en"]
        assert "".join(words.split())[:12] in "".join(result.stdout.split()), line
