"""What the reader is told to look for, out of a catalogue; and the sentences of all it can find."""

import ast
import json
import string
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration import messages, sandbox
from orchestration.core.catalogue.models import Catalogue, ExtractColumn, UnitAlias
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.core.delivery import Delivery, Finding, ReadCell, ReadRow, ReadTable
from orchestration.intake import reading
from orchestration.intake.reading import wire
from orchestration.intake.reading.spec import ReadingSpec, reading_spec
from tests.unit.small_catalogue import SMALL

QUARTER = "2026Q3"
# Filled for every finding by those who keep issues; `values` of a finding come on top.
ALWAYS = {"file", "sheet", "cell", "place", "found", "framework", "department"}


def small() -> Catalogue:
    return parse_catalogue(SMALL).at(QUARTER)


def spec_of(catalogue: Catalogue, department: str) -> ReadingSpec:
    return reading_spec(catalogue, "s1", department, QUARTER)


def test_columns_are_the_departments_own_with_their_measures() -> None:
    care, work = spec_of(small(), "money").frameworks
    assert {form: (row.item, row.role, row.measure) for form, row in care.columns.items()} == {
        "按时件数": ("I1", "numerator", "number"),  # the item's unit is %, its parts are counts
        "应核件数": ("I1", "denominator", "number"),
        "偏差": ("I2", "value", "percent"),
        "差错件数": ("I3", "value", "number"),  # another department's item, compared only
    }
    assert care.elsewhere == {"平均天数": "safety"}
    assert work.columns == {}
    assert work.elsewhere == {"实开": "safety", "应开": "safety"}


def test_subjects_by_code_name_and_alias() -> None:
    care, work = spec_of(small(), "money").frameworks
    assert {form for form, code in care.subjects.items() if code == "U1"} == {
        "u1",
        "内科",
        "medicine",
        "大内科",
    }
    assert work.subjects["内科主任"] == "B2"


def test_a_name_of_two_units_names_neither() -> None:
    catalogue = small()
    twins = tuple(row.model_copy(update={"name_zh": "病区"}) for row in catalogue.units)
    alias = UnitAlias(institution="s1", alias="病区", unit="U1")
    catalogue = catalogue.model_copy(update={"units": twins, "unit_aliases": (alias,)})
    framework = spec_of(catalogue, "money").frameworks[0]
    assert "病区" not in framework.subjects
    assert framework.subjects["u2"] == "U2"
    assert framework.namesakes == {"病区": ("U1", "U2", "U3")}


def test_headers_that_cannot_be_told_apart_stop_the_run() -> None:
    catalogue = small()
    twin = ExtractColumn(department="money", header=" 按时\n件数", item="I2", role="value")
    catalogue = catalogue.model_copy(update={"extract_columns": (*catalogue.extract_columns, twin)})
    with pytest.raises(ValueError, match="cannot be told apart"):
        spec_of(catalogue, "money")


def test_another_institution_has_its_own_subjects() -> None:
    assert reading_spec(small(), "s2", "money", QUARTER).frameworks[0].subjects == {}


def test_it_travels_as_json(catalogue: Catalogue) -> None:
    for row in catalogue.departments:
        spec = reading_spec(catalogue.at(QUARTER), catalogue.institutions[0].code, row.code, QUARTER, ["缺"])
        assert ReadingSpec.from_json(json.loads(json.dumps(spec.to_json()))) == spec
        assert all(framework.columns for framework in spec.frameworks)


def test_a_delivery_travels_as_json() -> None:
    cell = ReadCell("B2", "按时件数", "I1", "numerator", "３件", 3.0, "read")
    row = ReadRow(2, "A2", "内科", "U1", (cell, replace(cell, problem="not_a_number", number=None)))
    delivery = Delivery(
        tables=(ReadTable("money.csv", None, "care", {"B1": ("I1", "numerator")}, (row,)),),
        findings=(Finding("unknown_column", "warn", "money.csv", values={"place": "money.csv › C1"}),),
        encodings={"money.csv": "GB18030"},
    )
    assert wire.from_json(json.loads(json.dumps(wire.to_json(delivery)))) == delivery


def raised() -> Iterator[tuple[str, set[str]]]:
    """(rule, names of its values) wherever the source makes a finding."""
    own = {"found", "sheet", "address", "framework"}
    for path in (path for room in (reading, sandbox) for path in Path(room.__path__[0]).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            rule, names = str(node.args[0].value), {str(word.arg) for word in node.keywords}
            if getattr(node.func, "id", "") in ("RefusedError", "finding"):
                yield rule, names - own
            elif getattr(node.func, "attr", "") == "_count":
                yield str(getattr(node.args[2], "value", "")), {"expected"}


def test_every_finding_has_its_sentences_and_what_they_need() -> None:
    texts = messages.catalogue()
    seen = dict(raised())
    assert len(seen) > 30
    for rule, values in raised():
        for kind in ("message", "todo"):
            for language in ("zh", "en"):
                fields = string.Formatter().parse(texts[f"intake.{rule}.{kind}"][language])
                needed = {field for _, field, _, _ in fields if field}
                assert needed <= ALWAYS | values, (rule, kind, needed)
