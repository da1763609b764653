"""dbt's nodes as Dagster sees them: keys, groups, and what stands behind dbt's sources.

Not here: running dbt.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings

from orchestration.partitions import VIEWS

CATALOGUE = dg.AssetKey("catalogue")
QUARTERLY = "quarterly"  # dbt's tag of marts that a quarter's run reads
DELIVERED = {dg.AssetKey("raw"), dg.AssetKey("quality")}  # the schemas that extracts write


class Translator(DagsterDbtTranslator):
    """A model is `<schema>/<table>`; sources in the schemas of what was delivered are the extracts.

    The catalogue's sources are one asset; bookkeeping of runs and versions is no lineage of data.
    """

    def __init__(self, extracts: Sequence[dg.AssetKey]) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))
        self._extracts = extracts

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """A model's schema and table; a source's schema alone."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey(dbt_resource_props["schema"])
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["alias"]])

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        """dbt's dependencies, those on sources replaced by what fills them."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        return spec.replace_attributes(deps=[dep for own in spec.deps for dep in self._behind(own)])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The schema it is written to; marts that no quarter's run reads stand apart."""
        tags = dbt_resource_props["tags"]
        return VIEWS if "mart" in tags and QUARTERLY not in tags else str(dbt_resource_props["schema"])

    def _behind(self, dep: dg.AssetDep) -> Iterator[dg.AssetDep]:
        if len(dep.asset_key.path) > 1 or dep.asset_key == CATALOGUE:
            yield dep
        elif dep.asset_key in DELIVERED:
            yield from (dg.AssetDep(key) for key in self._extracts)
