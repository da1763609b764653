"""The files of the checkout, as the convention tests see them. Needs no git."""

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("orchestration", "expectations", "dbt_project", "report_templates", "docker", "tests", "docs", ".ci")
NOT_OURS = {"__pycache__", "target", "logs", ".hypothesis"}


def files(*suffixes: str, under: tuple[str, ...] = ROOMS) -> list[Path]:
    """Our files with one of `suffixes` (all when none); with the top level unless `under` is given."""
    found = [path for room in under for path in walk(PROJECT / room)]
    if under is ROOMS:
        found += [path for path in PROJECT.iterdir() if path.is_file() and path.name not in {".env", ".git"}]
    found = [path for path in found if not suffixes or path.suffix in suffixes]
    assert found, f"no file with {suffixes} under {under}: nothing was checked"
    return sorted(found)


def walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in NOT_OURS or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from walk(path)
        else:
            yield path


def name(path: Path) -> str:
    """The path as it stands in the repository."""
    return path.relative_to(PROJECT).as_posix()


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def python(*under: str) -> Iterator[tuple[Path, ast.Module]]:
    """Our Python files and their syntax trees."""
    for path in files(".py", under=under):
        yield path, ast.parse(text(path))
