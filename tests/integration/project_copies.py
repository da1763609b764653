"""Copies of the dbt project in which a mart changes: what the shipped project will hold one day, and never in it now.

`copied` gives settings whose dbt project is the copy; it is parsed once for each copy. Not here: what is expected.
"""

from collections.abc import Sequence, Set
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
        {
            "v": 2,
            "columns": [{"include": "all", "exclude": [without]}],
            "data_tests": _tests_of(model, _columns(model) - {without}),
        },
    ]
    _write(settings, mart, described)
    path = _folder(settings) / f"{mart}.sql"
    kept = [column["name"] for column in model["columns"] if column["name"] != without]
    (_folder(settings) / f"{mart}_v2.sql").write_text(_selected(path, kept), "utf-8")
    return f"{mart}_v2"


def drop_column(settings: WithCopy, mart: str, column: str, *, contract: bool = True, **config: Any) -> None:
    """The mart without the column, in its SQL and, with `contract`, in its contract; `config` is added to its own."""
    names = [name for name in _names(_read(settings, mart)["models"][0]) if name != column]
    reshape(settings, mart, names, contract=contract, **config)


def reshape(
    settings: WithCopy, mart: str, names: Sequence[str], *, contract: bool = True, **config: Any
) -> None:
    """The mart with these of its columns, in this order."""
    described = _read(settings, mart)
    model = described["models"][0]
    model["config"].update(config)
    path = _folder(settings) / f"{mart}.sql"
    path.write_text(_selected(path, names), "utf-8")
    if contract:
        model["data_tests"] = _tests_of(model, set(names))
        model["columns"] = sorted(
            (one for one in model["columns"] if one["name"] in names),
            key=lambda one: names.index(one["name"]),
        )
    _write(settings, mart, described)


def _selected(path: Path, names: Sequence[str]) -> str:
    """These columns of what the mart selects; its configuration stands within, where dbt reads it as well."""
    return f"select {', '.join(names)} from (\n{path.read_text('utf-8')}) as before\n"


def _tests_of(model: dict[str, Any], names: Set[str]) -> list[dict[str, Any]]:
    """The mart's tests, speaking of these columns alone."""
    gone = _columns(model) - names
    tests = []
    for (name, test), *_ in (list(one.items()) for one in model["data_tests"]):
        columns = test["arguments"].get("columns", [])
        kept = [column for column in columns if column not in gone]
        if name == "is_never_null" and kept:
            tests.append({name: {"arguments": {"columns": kept}}})
        elif kept == list(columns):
            tests.append({name: test})
    return tests


def _columns(model: dict[str, Any]) -> set[str]:
    return set(_names(model))


def _names(model: dict[str, Any]) -> list[str]:
    return [column["name"] for column in model["columns"]]


def _folder(settings: WithCopy) -> Path:
    return settings.dbt_project / "models" / "marts"


def _read(settings: WithCopy, mart: str) -> dict[str, Any]:
    described: dict[str, Any] = yaml.safe_load((_folder(settings) / f"{mart}.yml").read_text("utf-8"))
    return described


def _write(settings: WithCopy, mart: str, described: dict[str, Any]) -> None:
    text = yaml.safe_dump(described, allow_unicode=True, sort_keys=False)
    (_folder(settings) / f"{mart}.yml").write_text(text, "utf-8")
