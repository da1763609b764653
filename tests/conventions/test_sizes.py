"""Files stay small, and nothing generated or foreign lies in the tree."""

import ast

from tests.conventions.tree import PROJECT, files, name, python, text

PYTHON_LINES, SQL_LINES, README_LINES, FUNCTION_LINES, FILE_BYTES = 300, 80, 150, 45, 200_000
FONTS = {".ttf", ".otf", ".woff", ".woff2", ".ttc"}


def test_python_files_are_small() -> None:
    assert not {name(p): n for p in files(".py") if (n := len(text(p).splitlines())) > PYTHON_LINES}


def test_functions_are_small() -> None:
    long = {
        f"{name(path)}:{node.name}": lines
        for path, tree in python("orchestration", "expectations", "docs")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and "migrations" not in path.parts
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    }
    assert not long


def test_models_are_small() -> None:
    assert not {
        name(p): n
        for p in files(".sql", under=("dbt_project",))
        if (n := len(text(p).splitlines())) > SQL_LINES
    }


def test_readmes_are_short() -> None:
    for readme in ("README.md", "README.zh-CN.md"):
        assert len(text(PROJECT / readme).splitlines()) <= README_LINES, readme


def test_nothing_large_or_foreign() -> None:
    large = [name(p) for p in files() if p.stat().st_size > FILE_BYTES and p.name != "requirements.lock"]
    assert not large
    assert not [name(p) for p in files() if p.suffix in FONTS]


def test_four_pages_of_documents() -> None:
    """Beside them `docs/bi`, a bundle for people who run no code of ours: one page on connecting, in two languages."""
    pages = {name(p).removeprefix("docs/") for p in files(".md", under=("docs",))}
    bundle = {"bi/README.md", "bi/README.zh-CN.md"}
    assert pages - bundle == {"methodology.md", "decisions.md", "data_dictionary.md", "runbook.md"}
