"""The lock: every dependency pinned with hashes, and no address of an index."""

import re
import tomllib

from tests.conventions.tree import PROJECT, text


def pins() -> dict[str, str]:
    return dict(
        re.findall(r"^([a-z0-9_.-]+)(?:\[[a-z,]+\])?==([^\s;]+)", text(PROJECT / "requirements.lock"), re.M)
    )


def test_every_pin_has_a_hash_and_no_line_an_address() -> None:
    lock = text(PROJECT / "requirements.lock")
    blocks = re.split(r"\n(?=[a-z0-9])", lock)
    assert len(blocks) > 100
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in lock
    assert "--index" not in lock


def test_every_dependency_is_pinned_and_justified() -> None:
    project = tomllib.loads(text(PROJECT / "pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = [re.split(r"[\[<>=]", need)[0] for need in wanted]
    assert not [n for n in names if n not in pins()]
    decisions = text(PROJECT / "docs" / "decisions.md")
    assert not [n for n in names if f"`{n}`" not in decisions]
