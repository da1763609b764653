"""The data dictionary is what the marts' own YAML says, and every mart says what its rows are."""

import yaml

from orchestration.publishing.data_dictionary import render
from tests.conventions.tree import PROJECT, files, text


def test_it_is_not_stale() -> None:
    page = text(PROJECT / "docs" / "data_dictionary.md")
    assert page == render(PROJECT / "dbt_project"), "run `make docs`"


def test_descriptions_say_what_a_row_is() -> None:
    models = [
        model
        for path in files(".yml", under=("dbt_project/models",))
        for model in yaml.safe_load(text(path)).get("models", [])
    ]
    assert models
    assert not [m["name"] for m in models if not m.get("description", "").startswith("One row per ")]
    sources = [
        table
        for path in files(".yml", under=("dbt_project/models",))
        for source in yaml.safe_load(text(path)).get("sources", [])
        for table in source["tables"]
    ]
    assert not [t["name"] for t in sources if not t.get("description", "").startswith("One row per ")]
