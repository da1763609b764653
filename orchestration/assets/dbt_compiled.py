"""What is compiled when the project is parsed: the SQL of ephemeral models, put into the manifest of each run, and
the statements of the models that score, for whoever scores without dbt (`warehouse.scoring_sql`).

dbt would render and parse each of them anew in every run, which takes three quarters of a school's scoring. Their SQL
depends on the project alone: what differs from run to run is put into the statements by the materializations.
Parts of dbt's nodes that are not documented (`extra_ctes`, `_pre_injected_sql`) are used here and nowhere else.
Not here: parsing and running (`assets.dbt_runner`).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from orchestration.warehouse.scoring_sql import NO_DATABASE, ScoringModel

FILE = "compiled.json"
EPHEMERAL, VERSIONED = "config.materialized:ephemeral", "versioned"
# Nothing is asked of a database: there may be none while a project is prepared.
_ALONE = ("--indirect-selection", "empty", "--no-populate-cache", "--no-introspect", "--no-write-json")
COMPILE = ("compile", "--select", EPHEMERAL, *_ALONE)
COMPILE_SCORING = ("compile", "--select", f"config.materialized:{VERSIONED}", *_ALONE)


def note_compiled(manifest: Any, folder: Path) -> None:
    """Writes what `compile` left in dbt's manifest: of each ephemeral model its SQL and what stands before it."""
    compiled = {
        name: [node._pre_injected_sql or node.compiled_code, [cte.id for cte in node.extra_ctes]]
        for name, node in manifest.nodes.items()
        if node.is_ephemeral_model and node.compiled and node.extra_ctes_injected
    }
    (folder / FILE).write_text(json.dumps(compiled, ensure_ascii=False), encoding="utf-8")


def use_compiled(manifest: Any, folder: Path, compiled_for: str, database: str) -> None:
    """Marks the ephemeral models as compiled, each with its SQL, in which dbt names the database everywhere."""
    from dbt.artifacts.resources import InjectedCTE

    text = (folder / FILE).read_text(encoding="utf-8")
    compiled: Mapping[str, Any] = json.loads(text.replace(f'\\"{compiled_for}\\".', f'\\"{database}\\".'))
    parts = {
        name: InjectedCTE(id=name, sql=f" __dbt__cte__{manifest.nodes[name].identifier} as (\n{sql}\n)")
        for name, (sql, _) in compiled.items()
    }
    for name, (sql, before) in compiled.items():
        node = manifest.nodes[name]
        node.compiled_code = node._pre_injected_sql = sql
        node.extra_ctes = [parts[one] for one in before]
        node.compiled = node.extra_ctes_injected = True


def scoring_models(nodes: Iterable[Any]) -> Iterator[ScoringModel]:
    """The models of the materialization `versioned`, compiled for NO_DATABASE, in the order of `nodes`."""
    for node in nodes:
        select = node.compiled_code
        if node.config.get("inlined"):  # as the materialization has it
            select = re.sub(r"(__dbt__cte__[a-z0-9_]+) as \(", r"\1 as not materialized (", select)
        settings = tuple(hook.sql for hook in node.config.pre_hook)
        yield ScoringModel(node.schema, node.alias, settings, select.replace(f'"{NO_DATABASE}".', ""))
