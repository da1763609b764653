"""Every sentence the warehouse may say exists, is filled by what the code hands over, and none is left unused."""

import ast
import pickle
from collections.abc import Iterator
from string import Formatter

from orchestration.messages import LANGUAGES, catalogue, text
from orchestration.settings import PROJECT
from orchestration.warehouse.errors import WarehouseError


def raised() -> Iterator[tuple[str, frozenset[str]]]:
    """Reason and names of values of each `WarehouseError(...)` in the code."""
    for path in sorted((PROJECT / "orchestration" / "warehouse").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "WarehouseError":
                reason = node.args[0]
                if isinstance(reason, ast.Constant):
                    yield str(reason.value), frozenset(word.arg or "" for word in node.keywords)


def test_each_error_has_its_sentence() -> None:
    found = list(raised())
    assert len(found) > 15
    for reason, values in found:
        for language in LANGUAGES:
            assert text(f"warehouse.{reason}", language, **dict.fromkeys(values, "x"))


def test_each_sentence_is_said_and_uses_its_values_in_both_languages() -> None:
    reasons = {reason for reason, _ in raised()}
    for key, texts in catalogue().items():
        if key.startswith("warehouse."):
            assert key.removeprefix("warehouse.") in reasons
            fields = [{name for _, name, _, _ in Formatter().parse(t) if name} for t in texts.values()]
            assert fields[0] == fields[1], key


def test_an_error_crosses_a_process_border() -> None:
    error = pickle.loads(pickle.dumps(WarehouseError("port_taken", port=5432)))
    assert error.sentence("en") == str(error)
    assert "5432" in error.sentence("zh-CN")
