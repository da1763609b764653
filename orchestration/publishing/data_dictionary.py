"""The data dictionary: every mart and column in English and Chinese, made from the marts' own YAML.

`make docs` writes `docs/data_dictionary.md`; a test fails when it is stale. Not here: the descriptions
themselves, which live beside each mart's SQL.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from orchestration.settings import PROJECT

HEAD = """# Data dictionary

Made from `dbt_project/models/marts/` by `make docs`; do not edit. What BI tools read, in the schema `marts`: read-only
for the role `bi_reader`, each view on the version of a quarter that readers see now. The Chinese texts are also the
comments of views and columns in the database. Office-holders' rows (`subject_kind` `office_holder`) are shown to no BI
role.
"""


def render(dbt_project: Path) -> str:
    """The whole page as Markdown, marts in order of their names."""
    paths = sorted((dbt_project / "models" / "marts").glob("*.yml"))
    models = [model for path in paths for model in yaml.safe_load(path.read_text("utf-8")).get("models", [])]
    return "\n".join([HEAD, *(line for model in models for line in _mart(model))])


def _mart(model: dict[str, Any]) -> Iterator[str]:
    yield f"## {model['name']}"
    yield f"{_chinese(model)}. {model['description']}\n"
    yield "| column | type | meaning | 含义 |"
    yield "|---|---|---|---|"
    for column in model["columns"]:
        yield f"| {column['name']} | {column['data_type']} | {column['description']} | {_chinese(column)} |"
    yield ""
    for query in model["config"]["meta"].get("queries", ()):
        yield f"{query['about']} ({query['zh']}):\n\n```sql\n{query['sql']}\n```\n"


def _chinese(described: dict[str, Any]) -> str:
    return str(described["config"]["meta"]["zh"])


def main() -> None:
    """Write the page."""
    (PROJECT / "docs" / "data_dictionary.md").write_text(render(PROJECT / "dbt_project"), encoding="utf-8")


if __name__ == "__main__":
    main()
