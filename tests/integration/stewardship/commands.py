"""A school of its own, one quarter of the samples scored, and the command line on it as persons use it."""

import json
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.settings import Settings, settings
from orchestration.warehouse import embedded
from orchestration.warehouse.connections import DATABASE, Warehouse, open_warehouse
from tests.integration.runs import School, share_parsed

QUARTER = "2026Q3"
# The department that holds six bad cells in that quarter, its unit, and another unit's number.
DEPARTMENT, OWN_UNIT = "publicity", "F04"
PERSONS = {
    "wang": (OWN_UNIT, "enter"),
    "li": ("F01", "return,approve,decide"),
    "sun": ("F18", "sign"),
    "hou": ("F01", "sign"),
    "zhao": ("C03", "object"),
}


class Office:
    """Runs command lines and looks into the database behind them."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home, self._environment = home, monkeypatch

    def run(self, line: str, *, code: int = 0, language: str = "en", person: str = "") -> str:
        """What a command says; its exit code must be `code`."""
        self._environment.setenv("QINGYUAN_LANGUAGE", language)
        self._environment.setenv("QINGYUAN_PERSON", person)
        settings.cache_clear()
        result = CliRunner().invoke(main, shlex.split(line))
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result.output

    def told(self, line: str, person: str = "") -> Any:
        """The JSON that a command prints."""
        return json.loads(self.run(f"{line} --json", person=person))

    @cached_property
    def warehouse(self) -> Warehouse:
        return open_warehouse(Settings(_env_file=None, home=self.home))

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self.warehouse.connect() as connection:
            return connection.execute(query, values).fetchall()  # type: ignore[arg-type]

    def issue(self, rule: str, department: str = DEPARTMENT) -> int:
        """The number of the department's issue of a rule."""
        ((number,),) = self.rows(
            "select min(id) from quality.issue where rule = %s and department = %s and quarter = %s",
            rule,
            department,
            QUARTER,
        )
        return int(number)

    def state(self, issue: int) -> str:
        ((state,),) = self.rows("select state from quality.issue where id = %s", issue)
        return str(state)


@contextmanager
def opened_office(server: Settings) -> Iterator[Office]:
    """The office after the quarter was run and its persons were registered; its server ends with it.

    What dbt parsed is that of `server`.
    """
    with (
        tempfile.TemporaryDirectory(prefix="qingyuan-office-") as folder,
        pytest.MonkeyPatch.context() as monkeypatch,
    ):
        Path(folder).chmod(0o755)  # the embedded server's own user must be able to pass
        home = Path(folder) / "home"
        monkeypatch.setenv("QINGYUAN_HOME", str(home))
        monkeypatch.chdir(folder)
        school = School(Settings(_env_file=None, home=home), DATABASE, home)
        open_warehouse(school.server)
        share_parsed(home, server.home)
        school.deliver([QUARTER])
        school.succeed(QUARTER)
        office = Office(home, monkeypatch)
        for code, (unit, rights) in PERSONS.items():
            office.run(f"persons set {code} --unit {unit} --rights {rights}")
        yield office
        embedded.stop(home)
    settings.cache_clear()
