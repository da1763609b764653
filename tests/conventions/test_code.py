"""What no file of ours may do: read the environment, print, reach into frameworks, name a department."""

import ast
import csv
import re
from collections.abc import Iterator

import pytest

from tests.conventions.tree import PROJECT, files, name, python, text

OURS = ("orchestration", "expectations")
# The script of `docs/bi` runs in Superset's environment, and is held to the same all the same.
PYTHON = (*OURS, "docs")
CODE_ROOMS = (*OURS, "dbt_project", "report_templates")
# Two schemas and a source of rectification tasks have a department's code by chance.
ALSO_OURS = {"quality", "audit", "inspection"}


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_modules_say_what_lives_there() -> None:
    silent = [name(path) for path, tree in python(*PYTHON) if not ast.get_docstring(tree)]
    assert not silent


def test_no_private_part_of_a_framework_is_imported() -> None:
    private = [
        f"{name(path)}: {module}"
        for path, tree in python(*PYTHON)
        for module in imports(tree)
        if any(part.startswith("_") and not part.startswith("__") for part in module.split("."))
        and not module.startswith(OURS)
    ]
    assert not private


def test_only_settings_reads_the_environment() -> None:
    reads = re.compile(r"\bgetenv\(|os\.environ\.get|os\.environ\[[^\]]+\](?!\s*=[^=])|\benviron\b.*\bin\b")
    readers = {
        name(path)
        for path, _ in python(*PYTHON)
        if path.name != "settings.py" and any(reads.search(line) for line in text(path).splitlines())
    }
    assert not readers


def test_nothing_prints() -> None:
    printing = [
        f"{name(path)}:{node.lineno}"
        for path, tree in python(*PYTHON)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not printing


def shipped(table: str, column: str) -> set[str]:
    with (PROJECT / "dbt_project" / "catalogue" / f"{table}.csv").open(encoding="utf-8-sig") as file:
        return {row[column] for row in csv.DictReader(file)}


@pytest.mark.parametrize("table", ["departments", "units", "items", "indicators", "frameworks"])
def test_no_row_of_the_catalogue_is_named_in_code(table: str) -> None:
    """Departments, units, items and indicators are rows; code that names one fits one school only."""
    # One letter, or a word that Qingyuan itself uses, says nothing about the catalogue.
    codes = {code for code in shipped(table, "code") if len(code) > 1} - ALSO_OURS
    names = {row for row in shipped(table, "name_zh") if len(row) > 2}
    if table == "departments":
        names |= shipped(table, "name_en")
    # A code counts where it stands as a quoted word, a name wherever it stands.
    pattern = re.compile(
        r"""['"](?:""" + "|".join(map(re.escape, codes)) + r""")['"]|""" + "|".join(map(re.escape, names))
    )
    named = [
        f"{name(path)}:{number}: {line.strip()[:80]}"
        for path in files(".py", ".sql", ".j2", under=CODE_ROOMS)
        for number, line in enumerate(text(path).splitlines(), 1)
        if pattern.search(line)
    ]
    assert not named


def test_no_index_host_and_no_machine_path() -> None:
    hosts = re.compile(
        "|".join(["pypi" + r"\.org", "python" + "hosted", "registry." + "npmjs", "deb." + "debian"])
    )
    paths = re.compile(r"(?<![\w.~-])/(?:home|root|work)/\w")
    for path in files():
        if path.suffix in {".png", ".xls", ".xlsx"}:
            continue
        body = text(path)
        assert not hosts.search(body), name(path)
        if path.name != "test_code.py":
            assert not paths.search(body), name(path)
