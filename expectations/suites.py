"""From the rule book and a contract to Great Expectations suites, one a frame; the library's only importer.

Imported lazily: the library takes seconds to load, and only a new file needs it.
"""

import os
import warnings
from collections.abc import Iterator
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


def suite(contract: Contract, frame: str) -> Any:
    """The suite of `contract` on `frame`, each expectation's `meta` naming its rule and severity."""
    probes = [(rule, probe) for rule in RULES if rule.frame == frame for probe in rule.probes]
    return library().ExpectationSuite(
        name=frame,
        expectations=[
            _expectation(contract, rule, probe, row_condition=probe.when, condition_parser="pandas")
            if probe.when
            else _expectation(contract, rule, probe)
            for rule, probe in probes
        ],
    )


def _expectation(contract: Contract, rule: Rule, probe: Probe, **where: str) -> Any:
    return getattr(library().expectations, probe.expectation)(
        **probe.arguments(contract),
        **where,
        meta={"rule": rule.name, "severity": contract.severities[rule.name]},
    )


def failing(contract: Contract, frame: str, rows: "pd.DataFrame") -> dict[str, tuple[int, list[int]]]:
    """Per rule on `frame`: how many rows it applied to and the labels of those that broke it.

    The rows of each condition are selected once and handed over as a batch of their own: the library would
    select them five times for each expectation. A condition that holds for no row costs nothing.
    """
    probes: dict[str | None, list[tuple[Rule, Probe]]] = {}
    for rule in RULES:
        for probe in rule.probes if rule.frame == frame else ():
            probes.setdefault(probe.when, []).append((rule, probe))
    counts: dict[str, tuple[int, list[int]]] = {}
    for when, judged in probes.items():
        part = rows if rows.empty or when is None else rows.query(when)
        broken = _broken(contract, judged, part) if len(part) else {}
        for rule, _ in judged:
            applied, labels = counts.get(rule.name, (0, []))
            counts[rule.name] = (max(applied, len(part)), labels + broken.pop(rule.name, []))
    return counts


def _broken(
    contract: Contract, judged: list[tuple[Rule, Probe]], part: "pd.DataFrame"
) -> dict[str, list[int]]:
    """Per rule the labels of the rows of `part` that break it.

    Asked first whether any row does, which takes half as long as which rows they are; most rules hold.
    """
    with quiet():
        batch = _batches().get_batch({"dataframe": part})
    failed = {
        rule for rule, result in _results(batch, contract, judged, "BOOLEAN_ONLY") if not result.success
    }
    again = [(rule, probe) for rule, probe in judged if rule.name in failed]
    broken: dict[str, list[int]] = {}
    for rule, result in _results(batch, contract, again, RESULT_FORMAT) if again else ():
        broken.setdefault(rule, []).extend(result.result["unexpected_index_list"])
    return broken


def _results(
    batch: Any, contract: Contract, judged: list[tuple[Rule, Probe]], result_format: Any
) -> Iterator[tuple[str, Any]]:
    """What the library says of each probe, with the name of its rule."""
    expectations = [_expectation(contract, rule, probe) for rule, probe in judged]
    with quiet():
        whole = library().ExpectationSuite(name="judged", expectations=expectations)
        results = batch.validate(whole, result_format=result_format).results
    for result in results:
        rule = result.expectation_config.meta["rule"]
        if result.exception_info.get("raised_exception", True):
            raise RuntimeError(f"{rule}: {result.exception_info}")
        yield rule, result
