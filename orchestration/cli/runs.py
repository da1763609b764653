"""`qingyuan run` and `qingyuan backfill`: quarters through intake, scoring and publication, as one run.

Exit code 0 when the quarters were scored, refused files or not: a refusal is an outcome that is printed and
recorded. Not here: the job (`jobs`), its execution (`cli.session`).
"""

from collections.abc import Mapping, Sequence

import click

from orchestration.cli.door import UserMistake, Verb, say
from orchestration.cli.parameters import Quarter, between
from orchestration.core.catalogue.models import Catalogue
from orchestration.settings import Settings, settings


@click.command(cls=Verb)
@click.argument("quarter", type=Quarter())
def run(quarter: str) -> None:
    """Reads, scores and publishes one quarter."""
    score([quarter])


@click.command(cls=Verb)
@click.argument("first", type=Quarter())
@click.argument("last", type=Quarter())
def backfill(first: str, last: str) -> None:
    """The same for every quarter from FIRST to LAST, as one run."""
    score(between(first, last))


def score(quarters: Sequence[str]) -> None:
    """Runs the quarters and prints what came of them; exits with 1 when a step failed."""
    from orchestration.cli.session import run_quarters
    from orchestration.cli.summary import print_summary
    from orchestration.warehouse.catalogue import checked_catalogue

    own = settings()
    rows = {quarter: checked_catalogue(own.catalogue, quarter) for quarter in quarters}
    check_inbox(own, rows)
    outcome = run_quarters(own, quarters[0], quarters[-1])
    for failure in outcome.failures:
        say("step_failed", step=failure.step, reason=failure.reason)
    if outcome.failures:
        say("run_failed", log=own.home / "log" / "runs.log")
        raise click.exceptions.Exit(1)
    print_summary(own, quarters)


def check_inbox(own: Settings, rows: Mapping[str, Catalogue]) -> None:
    """UserMistake when there is nothing to score: a mistyped path or quarter must not become a grey page."""
    from fsspec.core import url_to_fs

    from orchestration.intake.inbox import find_deliveries
    from orchestration.warehouse.connections import open_warehouse

    if own.sources is not None:
        return
    files, path = url_to_fs(own.inbox_url)
    if not files.exists(path):
        raise UserMistake("no_inbox", inbox=own.inbox_url)
    if find_deliveries(own.inbox_url, next(iter(rows.values())), list(rows))[0]:
        return
    with open_warehouse(own).connect() as connection:
        known = connection.execute(
            "select 1 from raw.submission where quarter = any(%s) and state = 'accepted' limit 1",
            [list(rows)],
        ).fetchone()
    if known is None:
        raise UserMistake("nothing_delivered", inbox=own.inbox_url, quarters=", ".join(rows))
