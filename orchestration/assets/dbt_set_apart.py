"""The tests of marts, set apart when the project is parsed: what a quarter's run loads does not hold them.

There are some two hundred; each would cost every run time, and none is run there. `whole` is dbt's manifest with them.
Not here: running them (`assets.mart_tests`), parsing (`assets.dbt_runner`).
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

TAG = "mart_test"
PARSED, GRAPH = "partial_parse.msgpack", "manifest.json"
WHOLE, WHOLE_GRAPH = "whole.msgpack", "whole.json"


def set_apart(manifest: Any, folder: Path) -> None:
    """Takes them out of dbt's manifest and of what `dbt parse` left in the folder, which keeps the whole as well."""
    from dbt.parser.manifest import extended_mashumaro_encoder

    apart = {name for name, node in manifest.nodes.items() if TAG in node.tags}
    (folder / PARSED).rename(folder / WHOLE)
    (folder / GRAPH).rename(folder / WHOLE_GRAPH)
    for name in apart:
        del manifest.nodes[name]
    # What is of use to who parses again alone, and what dbt makes anew of the nodes.
    manifest.files, manifest.flat_graph = {}, {}
    (folder / PARSED).write_bytes(manifest.to_msgpack(extended_mashumaro_encoder))
    manifest.build_flat_graph()
    manifest.build_parent_and_child_maps()
    (folder / GRAPH).write_text(_without(folder / WHOLE_GRAPH, apart), encoding="utf-8")


def load(folder: Path, *, whole: bool) -> Any:
    """dbt's manifest as it was parsed; with the tests of marts if `whole`."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    return Manifest.from_msgpack(
        (folder / (WHOLE if whole else PARSED)).read_bytes(), extended_mashumuro_decoder
    )


def _without(path: Path, apart: Collection[str]) -> str:
    """The manifest in JSON without those nodes."""
    graph = json.loads(path.read_bytes())
    for part in ("nodes", "parent_map", "child_map"):
        graph[part] = {name: value for name, value in graph[part].items() if name not in apart}
    graph["child_map"] = {
        name: [one for one in children if one not in apart] for name, children in graph["child_map"].items()
    }
    return json.dumps(graph)
