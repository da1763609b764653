"""Great Expectations' own pages: each contract's suites and, on demand, what submissions made of them.

For engineers, offline. A submission's page is made from the counts it was judged with, without judging again.
Not here: what a department is told (the message catalogue), how a page is made to fetch nothing (`offline`).
"""

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from expectations.contract import CONTRACTS, contract_of
from expectations.offline import CONTENT, Entry, write_front_pages, write_offline
from expectations.rulebook import RULES

FRAMES = tuple(dict.fromkeys(rule.frame for rule in RULES))
SITE = "contracts"


@dataclass(frozen=True)
class Submitted:
    """One submission as it was judged: `counts` maps a rule to (evaluated, failing)."""

    department: str
    name: str
    received_at: datetime
    counts: dict[str, tuple[int, int]]


def write_documents(
    departments: Sequence[str], target: Path, submissions: Sequence[Submitted] = ()
) -> list[Path]:
    """Make `target` the pages of these departments' suites and submissions; `index.html` leads to all of them.

    The folder is written beside and put in place whole. Rules found while a file is read have no expectation,
    and no line on a page. Takes seconds, nearly all of it the import of the library.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{uuid4().hex[:8]}")
    try:
        with tempfile.TemporaryDirectory() as scratch:
            _build(departments, submissions, Path(scratch))
            write_offline(Path(scratch), draft)
        write_front_pages({name: _entries(name, submissions) for name in departments}, draft)
        (draft / CONTENT).write_text(contracts_hash(departments), encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return sorted(target.rglob("*.html"))


def are_current(departments: Sequence[str], target: Path) -> bool:
    """Whether the pages in `target` show these departments' contracts as they are now. Costs milliseconds."""
    noted = target / CONTENT
    return noted.is_file() and noted.read_text(encoding="utf-8") == contracts_hash(departments)


def contracts_hash(departments: Sequence[str]) -> str:
    """sha256 over the contracts, the rules and the departments that the pages are about."""
    digest = hashlib.sha256("\0".join(departments).encode())
    code = Path(__file__).parent
    for path in (*sorted(CONTRACTS.glob("*.yml")), *sorted(code.glob("*.py"))):
        digest.update(f"\0{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _build(departments: Sequence[str], submissions: Sequence[Submitted], scratch: Path) -> None:
    """Let the library write its pages of every suite and submission into `scratch`."""
    from expectations.suites import quiet, scratch_context

    with quiet():
        context = scratch_context()
        store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(scratch)}
        site = {"class_name": "SiteBuilder", "store_backend": store, "show_how_to_buttons": False}
        context.add_data_docs_site(SITE, site)
        suites = {department: _suite(department) for department in departments}
        for built in suites.values():
            context.suites.add(built)
        for submission in submissions:
            expectations = suites[submission.department].expectations
            context.validation_results_store.set(*_result(submission, expectations))
        context.build_data_docs(site_names=[SITE])


def _suite(department: str) -> Any:
    """All of a department's expectations, whatever frame they are judged on; each says its rule and severity."""
    from expectations.suites import library, suite

    contract = contract_of(department)
    expectations = []
    for frame in FRAMES:
        for expectation in suite(contract, frame).expectations:
            rule, severity = expectation.meta["rule"], expectation.meta["severity"]
            expectation.notes = f"{rule}, {severity}, judged on {frame}"
            expectations.append(expectation)
    return library().ExpectationSuite(name=department, expectations=expectations)


def _result(submission: Submitted, expectations: Sequence[Any]) -> tuple[Any, Any]:
    """The library's key and result of a submission; what applied to nothing is not shown."""
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
    from great_expectations.core.run_identifier import RunIdentifier
    from great_expectations.data_context.types import resource_identifiers as keys

    results = []
    for expectation in expectations:
        evaluated, failing = submission.counts.get(expectation.meta["rule"], (0, 0))
        if evaluated:
            observed = {
                "element_count": evaluated,
                "unexpected_count": failing,
                "unexpected_percent": 100 * failing / evaluated,
                "partial_unexpected_list": [],
                "observed_value": f"{failing} / {evaluated}",
            }
            results.append(
                ExpectationValidationResult(
                    success=not failing, expectation_config=expectation.configuration, result=observed
                )
            )
    good = sum(bool(result.success) for result in results)
    run = RunIdentifier(run_name=submission.name, run_time=submission.received_at)
    whole = ExpectationSuiteValidationResult(
        success=good == len(results),
        results=results,
        suite_name=submission.department,
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": good,
            "unsuccessful_expectations": len(results) - good,
            "success_percent": 100 * good / len(results) if results else None,
        },
        meta={"run_id": run, "active_batch_definition": {}},
    )
    key = keys.ValidationResultIdentifier(
        keys.ExpectationSuiteIdentifier(submission.department), run, submission.department
    )
    return key, whole


def _entries(department: str, submissions: Sequence[Submitted]) -> list[Entry]:
    """What a department's front page leads to: its suites, then its submissions."""
    rules = ", ".join(f"{rule.name} ({contract_of(department).severities[rule.name]})" for rule in RULES)
    return [Entry(f"expectations/{department}.html", "contract", rules)] + [
        Entry(
            f"validations/{department}/{one.name}/*/{department}.html",
            one.name,
            ", ".join(
                f"{rule} {failing} / {evaluated}"
                for rule, (evaluated, failing) in one.counts.items()
                if failing
            )
            or "nothing failed",
        )
        for one in submissions
        if one.department == department
    ]
