"""Every kind of warning rule is one model, one part of the union, and at most one word in the catalogue's rows."""

import re
from typing import get_args

from orchestration.core.catalogue.models import WarningKind
from orchestration.settings import PROJECT

WARNINGS = PROJECT / "dbt_project" / "models" / "warnings"
KINDS = set(get_args(WarningKind))


def test_there_are_as_many_models_as_kinds() -> None:
    models = {path.stem.removeprefix("int_warnings__") for path in WARNINGS.glob("int_warnings__*.sql")}
    assert models == KINDS
    assert len(KINDS) == len(get_args(WarningKind)) == 10


def test_the_union_has_every_kind_once() -> None:
    found = re.findall(r"ref\('int_warnings__(\w+)'\)", (WARNINGS / "cause.sql").read_text("utf-8"))
    assert sorted(found) == sorted(KINDS)


def test_each_model_looks_at_its_own_kind_and_is_tested() -> None:
    for kind in KINDS:
        path = WARNINGS / f"int_warnings__{kind}.sql"
        named = set(re.findall(r"\w*kind = '(\w+)'", path.read_text("utf-8"))) & KINDS
        assert named == {kind}
        assert "unit_tests:" in path.with_suffix(".yml").read_text("utf-8")
