"""The contracts: their schema, what they may name, which rules they hold, what a method says of a column."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from expectations import ColumnFacts, Contract, column_facts, contract_of, rules
from expectations.contract import CONTRACTS
from expectations.rulebook import RULE_NAMES
from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.frames.spots import Spot
from orchestration.intake.inbox import STRAY_RULES
from orchestration.intake.issues.texts import Wording, texts
from orchestration.messages import catalogue as messages

OWN = sorted(path.stem for path in CONTRACTS.glob("*.yml") if path.stem != "default")


def rules_in_messages(stem: str) -> set[str]:
    path = Path(__file__).parents[2] / "report_templates" / "messages" / f"{stem}.yml"
    return set(re.findall(r"^intake\.(\w+)\.message:", path.read_text(encoding="utf-8"), re.M))


def test_the_default_names_every_rule_that_exists() -> None:
    severities = dict(rules("no such department"))
    assert severities.keys() == RULE_NAMES | rules_in_messages("reading")


def test_what_makes_a_file_untrustworthy_blocks_and_what_reading_only_mentions_warns() -> None:
    severities = dict(rules("no such department"))
    reading = rules_in_messages("reading")
    assert {rule for rule in reading if severities[rule] != "block"} == {"unknown_column", "unknown_sheet"}
    assert severities["column_absent"] == severities["frameworks_all_absent"] == "block"


@pytest.mark.parametrize("department", OWN)
def test_a_department_s_contract_names_its_own_items_only(department: str, catalogue: Catalogue) -> None:
    assert department in {row.code for row in catalogue.departments}
    contract = contract_of(department)
    columns = {f"{row.item}.{row.role}" for row in catalogue.extract_columns if row.department == department}
    items = {name.split(".")[0] for name in columns}
    assert set(contract.fractions) <= items
    assert contract.usual.keys() <= columns
    assert {name for rule in contract.between for name in (rule.left, rule.right)} <= columns
    assert {rule.ours for rule in contract.reconciliations} <= columns
    theirs = {f"{row.item}.{row.role}" for row in catalogue.extract_columns} - columns
    assert {rule.theirs for rule in contract.reconciliations} <= theirs


def test_a_contract_has_no_place_for_what_the_catalogue_says() -> None:
    default = contract_of("no such department").model_dump()
    for key in ("columns", "items", "units", "due", "definitions", "headers"):
        with pytest.raises(ValidationError):
            Contract.model_validate({**default, key: ["P001"]})


def test_a_department_s_contract_changes_the_default_where_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = (CONTRACTS / "default.yml").read_text(encoding="utf-8")
    (tmp_path / "default.yml").write_text(default, encoding="utf-8")
    own = {
        "severities": {"negative": "warn"},
        "messages": {"negative": "intake.unusual_value"},
        "fractions": ["I1"],
    }
    (tmp_path / "ward.yml").write_text(yaml.safe_dump(own), encoding="utf-8")
    monkeypatch.setattr("expectations.contract.CONTRACTS", tmp_path)
    contract_of.cache_clear()
    try:
        changed, plain = contract_of("ward"), contract_of("../ward")
    finally:
        contract_of.cache_clear()
    assert (changed.severities["negative"], plain.severities["negative"]) == ("warn", "quarantine")
    assert changed.severities.keys() == plain.severities.keys()
    assert (changed.message("negative"), changed.message("not_whole")) == (
        "intake.unusual_value",
        "intake.not_whole",
    )
    assert (changed.fractions, plain.fractions) == (("I1",), ())


@pytest.mark.parametrize(
    ("method", "role", "facts"),
    [
        ("ratio", "numerator", ColumnFacts(is_counted=True, is_pair=True, is_part=True)),
        ("ratio", "denominator", ColumnFacts(is_counted=True, is_pair=True, is_part=True)),
        ("ratio", "value", ColumnFacts(is_percentage=True)),
        ("count_ratio", "numerator", ColumnFacts(is_counted=True)),
        ("count_deduct", "value", ColumnFacts(is_counted=True)),
        ("boolean", "value", ColumnFacts(is_boolean=True)),
        ("banded", "value", ColumnFacts()),
        ("banded", "denominator", ColumnFacts(is_pair=True)),
        ("goalposts", "value", ColumnFacts()),
    ],
)
def test_a_method_says_what_a_column_must_hold(method: str, role: str, facts: ColumnFacts) -> None:
    assert column_facts(method, role) == facts


def test_every_rule_has_its_sentences() -> None:
    named = RULE_NAMES | rules_in_messages("reading") | set(STRAY_RULES) | set(contract_of("money").beside)
    keys = set(messages())
    assert not [rule for rule in named if not {f"intake.{rule}.message", f"intake.{rule}.todo"} <= keys]
    for rule in named:
        said = texts(f"intake.{rule}", Spot("money.xlsx"), Wording("2026Q3", "money"), many=201)
        assert all(said.message.values()), rule
        assert all(said.todo.values()), rule
    spare = rules_in_messages("intake") - named - {"many"}
    assert not spare
