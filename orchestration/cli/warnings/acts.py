"""`confirm`, `refuse` and `evaluate`. Not here: what an act does and who may (`stewardship`)."""

from typing import TYPE_CHECKING

import click

from orchestration.cli.desk import (
    acting,
    as_json,
    as_person,
    catalogue,
    institution_of,
    known_code,
    tell,
    today,
    transaction,
)
from orchestration.cli.door import UserMistake, Verb, language, option
from orchestration.cli.parameters import Period, Quarter
from orchestration.core.catalogue.models import Catalogue
from orchestration.settings import settings

if TYPE_CHECKING:
    from orchestration.stewardship.confirmations import Total, Waiting


@click.command("confirm", cls=Verb)
@click.argument("period")
@click.argument("subject")
@option("--framework")
@option("--institution")
@as_person
@as_json
def confirm(
    period: str,
    subject: str,
    framework: str | None,
    institution: str | None,
    person: str | None,
    as_json: bool,
) -> None:
    """Confirms the colour that waits, as a person of another unit; it stands with the next run."""
    from orchestration.stewardship.confirmations import confirm as do

    rows = catalogue()
    total = _total(rows, period, subject, framework, institution)
    with transaction() as connection:
        decided = do(connection, acting(person), total, today=today(), zone=settings().timezone)
    _told(as_json, rows, "colour_confirmed", decided, "confirmed")


@click.command("refuse", cls=Verb)
@click.argument("period")
@click.argument("subject")
@option("--framework")
@option("--reason", "refusal", required=True)
@option("--institution")
@as_person
@as_json
def refuse(
    period: str,
    subject: str,
    framework: str | None,
    refusal: str,
    institution: str | None,
    person: str | None,
    as_json: bool,
) -> None:
    """Refuses the colour that waits, with a reason; it waits no longer until another would stand."""
    from orchestration.stewardship.confirmations import refuse as do

    rows = catalogue()
    total = _total(rows, period, subject, framework, institution)
    with transaction() as connection:
        decided = do(connection, acting(person), total, refusal, today=today(), zone=settings().timezone)
    _told(as_json, rows, "colour_refused", decided, "refused")


@click.command("evaluate", cls=Verb)
@click.argument("quarter", type=Quarter(), required=False)
@as_json
def evaluate(quarter: str | None, as_json: bool) -> None:
    """Evaluates the rules as a run does, over a quarter or the last two that were scored."""
    from orchestration.assets.alerts import counts, evaluate_quarters, waiting_quarters
    from orchestration.warehouse.catalogue import checked_catalogue
    from orchestration.warehouse.connections import open_warehouse

    own, rows = settings(), catalogue()
    warehouse = open_warehouse(own)
    asked = [quarter] if quarter else waiting_quarters(warehouse)
    done = evaluate_quarters(warehouse, own, rows, lambda one: checked_catalogue(own.catalogue, one), asked)
    tell(as_json, "warnings_evaluated", counts(done))


def parsed(period: str) -> str:
    """The quarter, half-year or year; UserMistake for anything else."""
    kind = Quarter() if "Q" in period.upper() else Period()
    return kind.convert(period, None, None)


def _total(
    rows: Catalogue, period: str, subject: str, framework: str | None, institution: str | None
) -> "Total":
    from orchestration.stewardship.confirmations import Total

    place = institution_of(rows, institution)
    frameworks = [row.code for row in rows.frameworks if row.subject_kind == "unit"]
    if framework is None and len(frameworks) != 1:
        raise UserMistake("which_framework_of_units", known=" ".join(frameworks))
    chosen = known_code("unknown_framework", framework or frameworks[0], frameworks)
    units = sorted({row.code for row in rows.units if row.institution == place})
    return Total(place, parsed(period), chosen, known_code("unknown_assessed_unit", subject, [place, *units]))


def _told(as_json: bool, rows: Catalogue, key: str, decided: "Waiting", verdict: str) -> None:
    content = {
        "institution": decided.institution,
        "period": decided.period,
        "framework": decided.framework,
        "subject": decided.subject_code,
        "band": decided.band,
        "band_pending": decided.band_pending,
        "pending_on": decided.pending_on,
        "verdict": verdict,
    }
    if not as_json:
        words = {band.code: band.name_zh if language() == "zh-CN" else band.name_en for band in rows.bands}
        content |= {"band": words[decided.band], "band_pending": words[decided.band_pending]}
    tell(as_json, key, content)
