"""What a run came to, in a few lines a quarter: refusals, the school's colour, units per colour, the page.

Figures are read from the marts, as every reader sees them. Not here: what was said while the run went on.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from orchestration.core.catalogue.models import Band, Catalogue
from orchestration.messages import Language, text
from orchestration.settings import Settings

_SUBMISSIONS = """
    select distinct on (department) department, state
    from marts.fct_submission
    where institution = %(institution)s and quarter = %(quarter)s
    order by department, number desc
"""
_REFUSAL = """
    select message_zh, message_en
    from marts.fct_validation_issue
    where institution = %(institution)s and quarter = %(quarter)s and department = %(department)s
        and severity = 'block' and state not in ('fixed', 'waived', 'rejected')
    order by issue
    limit 1
"""
_ROOTS = """
    select framework, subject_kind, band, max(score) as score, count(*) as subjects
    from marts.fct_indicator_score
    where institution = %(institution)s and quarter = %(quarter)s and level = 0
        and subject_kind in ('institution', 'unit')
    group by framework, subject_kind, band
"""


def print_summary(settings: Settings, quarters: Sequence[str]) -> None:
    """Prints what readers now see of the quarters just run."""
    from orchestration.warehouse.catalogue import read_catalogue
    from orchestration.warehouse.connections import open_warehouse

    catalogue = read_catalogue(settings.catalogue)
    with open_warehouse(settings).connect() as connection:
        for quarter in quarters:
            rows = catalogue.at(quarter)
            for institution in rows.institutions:
                of = {"institution": institution.code, "quarter": quarter}
                for line in _lines(connection, rows, of, settings):
                    click.echo(line)


def _lines(connection: Any, rows: Catalogue, of: dict[str, str], settings: Settings) -> Iterator[str]:
    language = settings.language
    suffix = "zh" if language == "zh-CN" else "en"
    name = next(getattr(i, f"name_{suffix}") for i in rows.institutions if i.code == of["institution"])
    states = dict(connection.execute(_SUBMISSIONS, of).fetchall())
    yield text(
        "cli.summary.departments",
        language,
        quarter=of["quarter"],
        institution=name,
        accepted=sum(state == "accepted" for state in states.values()),
        refused=sum(state == "refused" for state in states.values()),
        absent=len({department.code for department in rows.departments} - set(states)),
    )
    for department in rows.departments:
        if states.get(department.code) == "refused":
            found = connection.execute(_REFUSAL, {**of, "department": department.code}).fetchone()
            who = getattr(department, f"name_{suffix}")
            message = found[0 if suffix == "zh" else 1] if found else ""
            yield text("cli.summary.refused", language, department=who, message=message)
    roots = connection.execute(_ROOTS, of).fetchall()
    for framework in rows.frameworks:
        own = [root for root in roots if root[0] == framework.code]
        if own:
            yield from _colours(getattr(framework, f"name_{suffix}"), own, rows.bands, language)
    page = settings.publications / of["institution"] / of["quarter"] / "current"
    yield text("cli.summary.heat_map", language, path=page / f"heat_map.{language}.html")


def _colours(
    framework: str, roots: Sequence[Any], bands: Sequence[Band], language: Language
) -> Iterator[str]:
    """The school's colour and score, and how many units have each colour."""
    by_code = {band.code: band for band in bands}
    for _, kind, band, score, _ in roots:
        if kind == "institution":
            yield text(
                "cli.summary.school",
                language,
                framework=framework,
                band=_word(by_code[band], language),
                score="—" if score is None else f"{score:.1f}",
            )
    counts = {band: subjects for _, kind, band, _, subjects in roots if kind == "unit"}
    yield text(
        "cli.summary.units",
        language,
        counts="  ".join(
            f"{_word(band, language)} {counts.get(band.code, 0)}"
            for band in sorted(bands, key=lambda band: band.rank)
        ),
    )


def _word(band: Band, language: Language) -> str:
    return f"{band.mark} {band.name_zh if language == 'zh-CN' else band.name_en}"
