"""Half-years and years as the graph knows them: partitions, names, what is published of each, who asked for it.

Not here: the assets (`analysis`, `publications`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.core.periods import half_year_of, year_of
from orchestration.core.quarters import quarters_between
from orchestration.partitions import FIRST, LAST, half_years, years

if TYPE_CHECKING:
    from orchestration.publishing.publications.edition import Kind

# Tags of a run: who publishes, as final; without it a draft is made, which needs nobody. Which institution; without
# it all of them. Tags and not configuration: a backfill from the UI can carry them.
FINAL_BY, INSTITUTION = "qingyuan/final_by", "qingyuan/institution"


@dataclass(frozen=True)
class Span:
    """A length of period: `name` is its job's and its assets' group, `kind` what is published of it."""

    name: str
    kind: "Kind"
    partitions: Callable[[], dg.StaticPartitionsDefinition]
    period_of: Callable[[str], str]

    @property
    def analysis(self) -> dg.AssetKey:
        """The analysis that its publication rests on."""
        return dg.AssetKey(["analysis", self.name])

    def of_quarters(self, key: dg.AssetKey) -> dg.AssetDep:
        """A dependency on a quarter's asset: a period on each of its quarters."""
        return dg.AssetDep(key, partition_mapping=dg.StaticPartitionMapping(self._periods()))

    def _periods(self) -> Mapping[str, str]:
        return {quarter: self.period_of(quarter) for quarter in quarters_between(FIRST, LAST)}


HALF_YEAR = Span("half_year", "diagnosis", half_years, half_year_of)
YEAR = Span("year", "annual_report", years, year_of)
SPANS = (HALF_YEAR, YEAR)
