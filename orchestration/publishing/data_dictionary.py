"""The data dictionary: every mart and column in English and Chinese, made from the marts' own YAML.

`make docs` writes `docs/data_dictionary.md`; a test fails when it is stale. Key, columns never null, and what a row
points at are what dbt's tests of the mart say; who reads it is what its grants say. Not here: the descriptions
themselves, which live beside each mart's SQL; the page with lineage (`qingyuan marts docs`).
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from orchestration.settings import PROJECT

HEAD = """# Data dictionary

Made from `dbt_project/models/marts/` by `make docs`; do not edit. What BI tools read, in the schema `marts`: read-only,
each view on the version of a quarter that readers see now. The Chinese texts are also the comments of views and columns
in the database. *Read by* names roles: which rows a login of the role sees is for its memberships to say; rows about
office-holders (`subject_kind` `office_holder`) are for `portrait_reader` alone. `not null` and every key and reference
below are tested each night, and by `qingyuan marts test`.

**Validity.** A dimension with `valid_from` and `valid_to` (both inclusive, null is open) has one row of a code in any
quarter. A fact belongs to the row that holds in its quarter:

```sql
select scores.subject_code, units.name_zh, scores.score
from marts.fct_indicator_score as scores
join marts.dim_unit as units
    on scores.institution = units.institution
    and scores.subject_code = units.code
    and scores.quarter between coalesce(units.valid_from, '') and coalesce(units.valid_to, '9999Q4')
where scores.subject_kind = 'unit' and scores.level = 0
```

**Changes.** A mart may gain columns at any time: name those you read. A column goes or changes its meaning in a new
version, `marts.<mart>_v2`, beside the old one, which stays for two quarters and says here until when.
"""
Model = Mapping[str, Any]


def render(dbt_project: Path) -> str:
    """The whole page as Markdown, marts in order of their names, versions of a mart one after the other."""
    config = yaml.safe_load((dbt_project / "dbt_project.yml").read_text("utf-8"))
    readers = config["models"][config["name"]]["marts"]["+grants"]["select"]
    paths = sorted((dbt_project / "models" / "marts").glob("*.yml"))
    models = [model for path in paths for model in yaml.safe_load(path.read_text("utf-8")).get("models", [])]
    versions = [version for model in models for version in _versions(model)]
    return "\n".join([HEAD, *(line for model in versions for line in _mart(model, readers))])


def _versions(model: Model) -> Iterator[Model]:
    """The mart itself, or each of its versions with the columns and the name that it has."""
    for version in model.get("versions", [{"v": None}]):
        gone = {name for entry in version.get("columns", ()) for name in entry.get("exclude", ())}
        name = version.get("config", {}).get("alias") or f"{model['name']}_v{version['v']}"
        yield {
            **model,
            "name": model["name"] if version["v"] is None else name,
            "columns": [column for column in model["columns"] if column["name"] not in gone],
            "data_tests": version.get("data_tests", model.get("data_tests", ())),
            "until": version.get("deprecation_date"),
        }


def _mart(model: Model, readers: Sequence[str]) -> Iterator[str]:
    tests = [(name, test) for entry in model["data_tests"] for name, test in entry.items()]
    never_null = {column for name, test in tests for column in _never_null(name, test["arguments"])}
    yield f"## {model['name']}"
    yield f"{_chinese(model)}. {model['description'].strip()}\n"
    if model["until"]:
        yield f"- Stands until {model['until']}; read the newer version."
    yield from _promises(tests)
    yield f"- Read by: {', '.join(_readers(model, readers)) or 'no login'}\n"
    yield "| column | type | meaning | 含义 |"
    yield "|---|---|---|---|"
    for column in model["columns"]:
        kind = column["data_type"] + (" not null" if column["name"] in never_null else "")
        yield f"| {column['name']} | {kind} | {column['description']} | {_chinese(column)} |"
    yield ""
    for query in model["config"]["meta"].get("queries", ()):
        yield f"{query['about']} ({query['zh']}):\n\n```sql\n{query['sql']}\n```\n"


def _promises(tests: Sequence[tuple[str, Model]]) -> Iterator[str]:
    """Key, validity, and the marts that rows point at, a line each."""
    for name, test in tests:
        given = test["arguments"]
        if name == "has_key":
            yield f"- Key: {_names(given['columns'])}"
        elif name == "is_valid_once":
            yield f"- One row of {_names(given['key'])} holds in a quarter"
        elif name in ("refers_to", "refers_when_valid"):
            # The newest quarter alone is looked at where a mart is computed as it is read: that is no condition.
            parts = test.get("config", {}).get("where", "").split(" and ")
            where = " and ".join(part for part in parts if "marts." not in part)
            at = given.get("quarter", "quarter") if name == "refers_when_valid" else None
            yield (
                f"- {_names(given['columns'])} → {given['to'].split(chr(39))[1]} ({', '.join(given['fields'])})"
                + (f", as it holds in `{at}`" if at else "")
                + (f", where `{where}`" if where else "")
            )


def _never_null(name: str, given: Model) -> Sequence[str]:
    if name == "has_key":
        return [column for column in given["columns"] if column not in given.get("nullable", ())]
    return given["columns"] if name == "is_never_null" else ()


def _readers(model: Model, readers: Sequence[str]) -> list[str]:
    """As dbt merges grants: a mart's own add to those of all marts with `+select`, else they take their place."""
    grants = model["config"].get("grants", {})
    return [*grants["select"]] if "select" in grants else [*readers, *grants.get("+select", ())]


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f"`{column}`" for column in columns)


def _chinese(described: Model) -> str:
    return str(described["config"]["meta"]["zh"])


def main() -> None:
    """Write the page."""
    (PROJECT / "docs" / "data_dictionary.md").write_text(render(PROJECT / "dbt_project"), encoding="utf-8")


if __name__ == "__main__":
    main()
