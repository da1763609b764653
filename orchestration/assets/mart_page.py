"""One page of the whole dbt project, to open from a folder: dbt's own, made to stand alone.

It fetches nothing (its policy forbids it), names no path and no person of the machine, and every mart and column has
its Chinese name before the English text. Not here: the descriptions (each model's YAML), `docs/data_dictionary.md`.
"""

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from orchestration.assets.dbt_runner import Prepared, invoke, prepare
from orchestration.assets.dbt_set_apart import GRAPH, WHOLE_GRAPH
from orchestration.settings import Settings
from orchestration.warehouse.scoring_sql import prepared_folder

# The catalog is empty: types stand in the contracts, and no database is asked.
_GENERATE = ("docs", "generate", "--static", "--no-compile", "--empty-catalog")
_STATIC, _CATALOG = "static_index.html", "catalog.json"
_NO_CATALOG = '{"metadata": {}, "nodes": {}, "sources": {}, "errors": null}'
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data:; font-src data:; connect-src 'none'; base-uri 'none'; form-action 'none'"
)
# Icons and addresses that the page would ask for, and where it would say who reads it.
_FETCHED = re.compile(r'<link rel="(?:canonical|shortcut icon)"[^>]*/>')
_TOLD = re.compile(r"https://fuzzed\.getdbt\.com/|fishtownanalytics\.sinter-collect\.com")
# Asked for as a file before Angular fills it in.
_EARLY, _LATE = 'xlink:href="{{', 'ng-attr-xlink:href="{{'
_MARK = '<meta name="generator" content="qingyuan {}"/>'
_HEAD = 4096  # bytes in which the mark stands


def write_mart_page(settings: Settings) -> Path:
    """Write the page where `settings.mart_page` says, whole or not at all; takes seconds where nothing was parsed."""
    prepared = prepare(settings.dbt_project, settings.home)
    page = settings.mart_page
    page.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=page.parent) as folder:
        made = Path(folder) / page.name
        made.write_text(_page(prepared, Path(folder)), encoding="utf-8")
        made.replace(page)
    return page


def mart_page_is_current(settings: Settings) -> bool:
    """Whether the page stands and shows the project as it is now. Costs milliseconds."""
    mark = _MARK.format(prepared_folder(settings.dbt_project, settings.home).name)
    if not settings.mart_page.is_file():
        return False
    with settings.mart_page.open("rb") as page:
        return mark.encode() in page.read(_HEAD)


def _page(prepared: Prepared, folder: Path) -> str:
    """dbt's page, with nothing to fetch."""
    graph = json.loads((prepared.folder / WHOLE_GRAPH).read_bytes())
    # No `<` in a script: a description may hold what ends one.
    shown = json.dumps(_shown(graph), ensure_ascii=False).replace("<", "\\u003c")
    (folder / GRAPH).write_text(shown, encoding="utf-8")
    invoke(prepared.graph("qingyuan"), [*_GENERATE], prepared.project, folder)
    # dbt's own empty catalog says when and in which call it was made.
    catalog = (folder / _CATALOG).read_text(encoding="utf-8")
    page = (folder / _STATIC).read_text(encoding="utf-8").replace(catalog, _NO_CATALOG)
    page = _TOLD.sub("", _FETCHED.sub("", page)).replace(_EARLY, _LATE)
    head = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"/>{_MARK.format(prepared.folder.name)}'
    return page.replace('<meta charset="utf-8">', f'<meta charset="utf-8">{head}', 1)


def _shown(graph: dict[str, Any]) -> dict[str, Any]:
    """The graph with Chinese names, without what is of this machine."""
    known = graph["metadata"]
    kept = ("dbt_schema_version", "dbt_version", "project_name", "adapter_type")
    graph["metadata"] = {name: known[name] for name in kept} | {"send_anonymous_usage_stats": False}
    for node in graph["nodes"].values():
        for described in (node, *node["columns"].values()):
            described["description"] = _named(described)
            described["type"] = described.get(
                "data_type"
            )  # where dbt shows what it would have asked a database
    return graph


def _named(described: dict[str, Any]) -> str:
    """`热力图数据. One row per …`"""
    words = (described.get("config", {}).get("meta", {}).get("zh"), described.get("description"))
    return "　".join(word for word in words if word)
