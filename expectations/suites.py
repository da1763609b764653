"""From the rule book and a contract to Great Expectations suites, one a frame; the library's only importer.

Imported lazily: the library takes seconds to load, and only a new file needs it.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from expectations.contract import Contract
from expectations.rulebook import RULES, Arguments, Probe, Rule

if TYPE_CHECKING:
    import pandas as pd

# A probe that applies, with its words for columns
_Applied = tuple[Rule, Probe, dict[str, Any]]
_COLUMNS = ("column", "column_A", "column_B")
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


def _expectation(contract: Contract, rule: Rule, probe: Probe, **where: Any) -> Any:
    return getattr(library().expectations, probe.expectation)(
        **{**probe.arguments(contract), **where},
        meta={"rule": rule.name, "severity": contract.severities[rule.name]},
    )


def failing(contract: Contract, frame: str, rows: "pd.DataFrame") -> dict[str, tuple[int, list[int]]]:
    """Per rule on `frame`: how many rows it applied to and the labels of those that broke it.

    All are judged in one batch, in which each condition's columns are blank where it does not hold: every
    expectation passes over blanks, and the library would select a condition's rows five times for each of them.
    """
    judged = [(rule, probe) for rule in RULES if rule.frame == frame for probe in rule.probes]
    holds: dict[str | None, pd.Series[bool]] = {
        probe.when: cast("pd.Series[bool]", rows.eval(probe.when))
        for _, probe in judged
        if probe.when and not rows.empty
    }
    counts: dict[str, tuple[int, list[int]]] = {rule.name: (0, []) for rule, _ in judged}
    applied: list[_Applied] = []
    columns: dict[str, pd.Series[Any]] = {}
    for rule, probe in judged:
        held = holds.get(probe.when)
        number = len(rows) if held is None else int(held.sum())
        counts[rule.name] = (max(counts[rule.name][0], number), [])
        if number:
            named, own = _blanked(probe.arguments(contract), rows, held, len(columns))
            columns |= own
            applied.append((rule, probe, named))
    for rule_name, labels in (_broken(contract, applied, columns) if applied else {}).items():
        counts[rule_name] = (counts[rule_name][0], labels)
    return counts


def _blanked(
    arguments: Arguments, rows: "pd.DataFrame", held: "pd.Series[bool] | None", first: int
) -> tuple[dict[str, Any], dict[str, "pd.Series[Any]"]]:
    """The columns that an expectation names, blank where its condition does not hold, and its words for them."""
    own: dict[str, pd.Series[Any]] = {}

    def name(column: str) -> str:
        own[f"{first + len(own)} {column}"] = rows[column] if held is None else rows[column].where(held)
        return list(own)[-1]

    named: dict[str, Any] = {key: name(str(arguments[key])) for key in _COLUMNS if key in arguments}
    if "column_list" in arguments:
        named["column_list"] = [name(column) for column in cast(list[str], arguments["column_list"])]
    return named, own


def _broken(
    contract: Contract, applied: list[_Applied], columns: dict[str, "pd.Series[Any]"]
) -> dict[str, list[int]]:
    """Per rule the labels of the rows that break it.

    Asked first whether any row does, which takes half as long as which rows they are; most rules hold.
    """
    import pandas as pd

    with quiet():
        batch = _batches().get_batch({"dataframe": pd.DataFrame(columns)})
    failed = {
        rule for rule, result in _results(batch, contract, applied, "BOOLEAN_ONLY") if not result.success
    }
    again = [one for one in applied if one[0].name in failed]
    broken: dict[str, list[int]] = {}
    for rule, result in _results(batch, contract, again, RESULT_FORMAT) if again else ():
        broken.setdefault(rule, []).extend(result.result["unexpected_index_list"])
    return broken


def _results(
    batch: Any, contract: Contract, applied: list[_Applied], result_format: Any
) -> Iterator[tuple[str, Any]]:
    """What the library says of each probe, with the name of its rule."""
    expectations = [_expectation(contract, rule, probe, **named) for rule, probe, named in applied]
    with quiet():
        whole = library().ExpectationSuite(name="judged", expectations=expectations)
        results = batch.validate(whole, result_format=result_format).results
    for result in results:
        rule = result.expectation_config.meta["rule"]
        if result.exception_info.get("raised_exception", True):
            raise RuntimeError(f"{rule}: {result.exception_info}")
        yield rule, result
