"""`list`, `show` and `waiting`: warnings, one with what is behind it, colours that wait. Not here: the queries."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from orchestration.cli.desk import (
    Number,
    as_json,
    band_words,
    catalogue,
    institution_of,
    known_code,
    print_json,
    today,
    transaction,
)
from orchestration.cli.door import Verb, language, option, say
from orchestration.cli.parameters import Quarter
from orchestration.core.catalogue.models import Catalogue
from orchestration.messages import text
from orchestration.settings import settings

if TYPE_CHECKING:
    from orchestration.stewardship.warnings.listing import Listed


@click.command("list", cls=Verb)
@option("--open", "is_open", is_flag=True)
@option("--severity", "warning_severity")
@option("--unit", "warned_unit")
@option("--quarter", type=Quarter())
@option("--rule", "warning_rule")
@as_json
def list_all(
    is_open: bool,
    warning_severity: str | None,
    warned_unit: str | None,
    quarter: str | None,
    warning_rule: str | None,
    as_json: bool,
) -> None:
    """Lists warnings, the open ones first: whose, of what, since when, until when to be mended."""
    from orchestration.stewardship.warnings.listing import list_warnings

    rows = catalogue()
    if warning_severity is not None:
        known_code("unknown_severity", warning_severity, list(band_words(rows)))
    with transaction() as connection:
        found = list_warnings(
            connection,
            today=today(),
            quarter=quarter,
            severity=warning_severity,
            unit=warned_unit,
            rule=warning_rule,
            is_open=is_open,
        )
    ranks = {band.code: band.rank for band in rows.bands if band.min_score is not None}
    # The gravest first: how grave a colour is, the catalogue knows.
    found.sort(key=lambda one: (one.institution, one.ended_on is not None, -ranks.get(one.severity, 0)))
    if as_json:
        print_json([vars(one) for one in found])
        return
    for one in found:
        click.echo(_line(one, rows))
    say("warnings_counted", count=len(found), open=sum(one.ended_on is None for one in found))


@click.command("show", cls=Verb)
@click.argument("warning", type=Number())
@as_json
def show(warning: int, as_json: bool) -> None:
    """Shows a warning with what was measured in each quarter, and what happened to it."""
    from orchestration.stewardship.warnings.listing import causes_of, find_warning, history_of

    rows = catalogue()
    with transaction() as connection:
        found = find_warning(connection, warning, today=today())
        causes, history = causes_of(connection, warning), history_of(connection, warning)
    if as_json:
        print_json(
            {
                **vars(found),
                "quarters": causes,
                "history": [{**vars(one), "at": str(one.at)} for one in history],
            }
        )
        return
    click.echo(_line(found, rows))
    action = found.action_zh if language() == "zh-CN" else found.action_en
    if action:
        click.echo(f"  {action}")
    for cause in causes:
        measured = {name: _number(value) for name, value in cause.items()}
        say("warning_quarter", **{**measured, "quarter": cause["quarter"]})
    zone = ZoneInfo(settings().timezone)
    for one in history:
        what = text(one.action, language())
        click.echo(f"  {one.at.astimezone(zone):%Y-%m-%d %H:%M} {one.actor} {what}")


@click.command("waiting", cls=Verb)
@click.argument("period", required=False)
@option("--institution")
@as_json
def list_waiting(period: str | None, institution: str | None, as_json: bool) -> None:
    """Lists the colours that wait for a person's confirmation, of all scored quarters or one period."""
    from orchestration.cli.warnings.acts import parsed
    from orchestration.stewardship.confirmations import list_waiting

    rows, own = catalogue(), settings()
    place = institution_of(rows, institution)
    with transaction() as connection:
        scored = connection.execute(
            "select quarter from ops.current_version where institution = %s", [place]
        ).fetchall()
        periods = [parsed(period)] if period else [quarter for (quarter,) in scored]
        found = list_waiting(connection, place, periods, own.timezone)
    if as_json:
        print_json([{**vars(one), "pending_since": str(one.pending_since)} for one in found])
        return
    words = band_words(rows)
    for one in found:
        shown = {**vars(one), "band": words[one.band], "band_pending": words[one.band_pending]}
        say("waiting_line", **{**shown, "score": _number(one.score)})
    say("waiting_counted", count=len(found))


def _line(one: "Listed", rows: Catalogue) -> str:
    """Number, quarters, severity, unit and node, rule; then its days and its task."""
    name = one.name_zh if language() == "zh-CN" else one.name_en
    quarters = one.quarter if one.first_quarter == one.quarter else f"{one.first_quarter}:{one.quarter}"
    about = " ".join(part for part in (one.unit or one.subject_code, one.indicator, one.object) if part)
    said = [f"{one.warning} {quarters} {band_words(rows)[one.severity]} {about} {name}"]
    if one.ended_on is not None:
        said.append(text("cli.warning_ended", language(), opened=one.opened_on, ended=one.ended_on))
    elif one.due_on is not None:
        key = "cli.overdue_since" if one.is_overdue else "cli.due_on"
        said.append(text(key, language(), day=one.due_on))
    if one.rectification is not None:
        said.append(text("cli.warning_task", language(), task=one.rectification))
    return "  ".join(said)


def _number(value: object) -> object:
    return f"{value:.1f}" if isinstance(value, float) else "—" if value is None else value
