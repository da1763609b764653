"""Copies of the dbt project in which a mart changes: what the shipped project will hold one day, and never in it now.

`copied` gives settings whose dbt project is the copy; it is parsed once for each copy. Not here: what is expected.
"""

import re
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import yaml

from orchestration.settings import Settings
from tests.integration.scored import Scoring

NOT_COPIED = ("catalogue", "target", "logs")


class WithCopy(Settings):
    """Settings whose dbt project lies elsewhere."""

    copy_of_project: Path

    @property
    def dbt_project(self) -> Path:
        return self.copy_of_project


def copied(settings: Settings, folder: Path) -> WithCopy:
    """The settings with a copy of the shipped project in `folder`, which must not exist; home and server stay."""
    project = copytree(settings.dbt_project, folder, ignore=ignore_patterns(*NOT_COPIED))
    return WithCopy(_env_file=None, **settings.model_dump(), copy_of_project=Path(project))


def on_copy(scoring: Scoring, settings: WithCopy) -> Scoring:
    """The same warehouse, its marts built from the copy from now on."""
    return Scoring(scoring.warehouse, settings)


def add_version(settings: WithCopy, mart: str, *, without: str) -> str:
    """A second version of the mart beside the first, without one column; its name, `<mart>_v2`.

    The first keeps the mart's name and every column, and says until when it stands.
    """
    described = _read(settings, mart)
    model = described["models"][0]
    model["latest_version"] = 1
    model["versions"] = [
        {"v": 1, "defined_in": mart, "deprecation_date": "2027-06-30", "config": {"alias": mart}},
        {"v": 2, "columns": [{"include": "all", "exclude": [without]}]},
    ]
    _write(settings, mart, described)
    kept = ", ".join(column["name"] for column in model["columns"] if column["name"] != without)
    query = (_folder(settings) / f"{mart}.sql").read_text("utf-8")
    (_folder(settings) / f"{mart}_v2.sql").write_text(f"select {kept} from (\n{query}) as before\n", "utf-8")
    return f"{mart}_v2"


def drop_column(settings: WithCopy, mart: str, column: str, *, contract: bool = True, **config: Any) -> None:
    """The mart without the column, in its SQL and, with `contract`, in its contract; `config` is added to its own."""
    described = _read(settings, mart)
    model = described["models"][0]
    kept = [one for one in model["columns"] if one["name"] != column]
    assert len(kept) == len(model["columns"]) - 1
    model["config"].update(config)
    path = _folder(settings) / f"{mart}.sql"
    names = ", ".join(one["name"] for one in kept)
    path.write_text(f"select {names} from (\n{path.read_text('utf-8')}) as before\n", "utf-8")
    if contract:
        model["columns"] = kept
        # A test of a column that is gone would say so in its own way.
        model["data_tests"] = [
            test
            for test in model.get("data_tests", [])
            if not re.search(rf"\b{column}\b", yaml.safe_dump(test))
        ]
    _write(settings, mart, described)


def _folder(settings: WithCopy) -> Path:
    return settings.dbt_project / "models" / "marts"


def _read(settings: WithCopy, mart: str) -> dict[str, Any]:
    described: dict[str, Any] = yaml.safe_load((_folder(settings) / f"{mart}.yml").read_text("utf-8"))
    return described


def _write(settings: WithCopy, mart: str, described: dict[str, Any]) -> None:
    text = yaml.safe_dump(described, allow_unicode=True, sort_keys=False)
    (_folder(settings) / f"{mart}.yml").write_text(text, "utf-8")
