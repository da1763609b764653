"""From the rule book and a contract to Great Expectations suites, one a frame; the library's only importer.

Imported lazily: the library takes seconds to load, and only a new file needs it.
"""

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from expectations.contract import Contract
from expectations.rulebook import RULES, Probe, Rule

if TYPE_CHECKING:
    import pandas as pd

# Labels of failing rows are wanted, the rows themselves are at hand.
RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}


@contextmanager
def quiet() -> Iterator[None]:
    """The library warns of its own dependencies' age, not of anything ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@cache
def library() -> Any:
    """Great Expectations, imported once."""
    # It asks the environment whether it may report its use to its makers: it may not.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with quiet():
        import great_expectations

        return great_expectations


def scratch_context() -> Any:
    """A context of its own that leaves nothing on disk and draws no progress bars."""
    context = library().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return context


@cache
def _batches() -> Any:
    """The one batch definition that any frame is handed to."""
    asset = scratch_context().data_sources.add_pandas("submission").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def suite(contract: Contract, frame: str, applicable: Mapping[Probe, int] | None = None) -> Any:
    """The suite of `contract` on `frame`, each expectation's `meta` naming its rule and severity.

    `applicable` keeps only the probes it names; without it the suite is whole, as documents show it.
    """
    expectations = [
        _expectation(contract, rule, probe)
        for rule in RULES
        if rule.frame == frame
        for probe in rule.probes
        if applicable is None or applicable.get(probe)
    ]
    return library().ExpectationSuite(name=frame, expectations=expectations)


def _expectation(contract: Contract, rule: Rule, probe: Probe) -> Any:
    where = {"row_condition": probe.when, "condition_parser": "pandas"} if probe.when else {}
    return getattr(library().expectations, probe.expectation)(
        **probe.arguments(contract),
        **where,
        meta={"rule": rule.name, "severity": contract.severities[rule.name]},
    )


def failing(contract: Contract, frame: str, rows: "pd.DataFrame") -> dict[str, tuple[int, list[int]]]:
    """Per rule on `frame`: how many rows it applied to and the labels of those that broke it.

    A probe that applies to no row is left out of the suite: an expectation costs about 10 ms, wanted or not.
    """
    rules = [rule for rule in RULES if rule.frame == frame]
    conditions = {probe.when for rule in rules for probe in rule.probes}
    sizes = {when: _size(rows, when) for when in conditions}
    applicable = {probe: sizes[probe.when] for rule in rules for probe in rule.probes}
    counts: dict[str, tuple[int, list[int]]] = {
        rule.name: (max(applicable[probe] for probe in rule.probes), []) for rule in rules
    }
    if not any(applicable.values()):
        return counts
    with quiet():
        batch = _batches().get_batch({"dataframe": rows})
        results = batch.validate(suite(contract, frame, applicable), result_format=RESULT_FORMAT).results
    for result in results:
        if result.exception_info.get("raised_exception", True):
            raise RuntimeError(f"{result.expectation_config.meta['rule']}: {result.exception_info}")
        counts[result.expectation_config.meta["rule"]][1].extend(result.result["unexpected_index_list"])
    return counts


def _size(rows: "pd.DataFrame", when: str | None) -> int:
    if rows.empty or when is None:
        return len(rows)
    return len(rows.query(when))
