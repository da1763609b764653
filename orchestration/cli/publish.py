"""`qingyuan publish`: a half-year's diagnoses or a year's report, as a draft or, by a person, as final.

Not here: the job (`jobs`), what is published (`publishing`), copies (`cli.publications`).
"""

import click

from orchestration.cli.desk import acting, as_json, as_person, institution_of, print_json, today, transaction
from orchestration.cli.door import UserMistake, Verb, option, say
from orchestration.cli.parameters import Period
from orchestration.core.periods import is_year, last_quarter, quarters_of
from orchestration.settings import settings


@click.command(cls=Verb)
@click.argument("period", type=Period())
@option("--draft", is_flag=True)
@option("--institution")
@as_person
@as_json
def publish(period: str, draft: bool, institution: str | None, person: str | None, as_json: bool) -> None:
    """Publishes a period's documents as the next revision, or as a draft."""
    from orchestration.assets.spans import FINAL_BY, HALF_YEAR, INSTITUTION, YEAR
    from orchestration.cli.session import run_period
    from orchestration.warehouse.catalogue import checked_catalogue

    own = settings()
    place = institution_of(checked_catalogue(own.catalogue, last_quarter(period)), institution)
    tags = {INSTITUTION: place}
    if not draft:
        tags[FINAL_BY] = acting(person)
    _look_first(place, period, tags.get(FINAL_BY))
    span = YEAR if is_year(period) else HALF_YEAR
    outcome = run_period(own, span.name, period, tags)
    for failure in outcome.failures:
        say("step_failed", step=failure.step, reason=failure.reason)
    if outcome.failures:
        say("run_failed", log=own.home / "log" / "runs.log")
        raise click.exceptions.Exit(1)
    if as_json:
        _print(place, period, is_draft=draft)


def _look_first(institution: str, period: str, by: str | None) -> None:
    """UserMistake or a refusal before anything runs: no scores, no right, or a gate that is shut."""
    from orchestration.stewardship.distribution import may_publish
    from orchestration.stewardship.gate import require_open
    from orchestration.warehouse.catalogue import checked_catalogue

    last = last_quarter(period)
    with transaction() as connection:
        scored = connection.execute(
            "select 1 from ops.current_version where institution = %s and quarter = %s", [institution, last]
        ).fetchone()
        if scored is None:
            raise UserMistake("period_not_scored", period=period, quarter=last)
        if by is None:
            return
        may_publish(connection, by, institution)
        at = {quarter: checked_catalogue(settings().catalogue, quarter) for quarter in quarters_of(period)}
        require_open(connection, at, institution, period, today=today())


def _print(institution: str, period: str, *, is_draft: bool) -> None:
    from orchestration.publishing.publications.ledger import rows_of

    with transaction() as connection:
        rows = [
            row
            for row in rows_of(connection)
            if (row.institution, row.period, row.is_draft) == (institution, period, is_draft)
        ]
    print_json(vars(rows[-1]))
