"""One large quarter: the shipped catalogue with many units, and what departments delivered about them.

Not here: scoring it (`tests/bench_size.py`).
"""

from psycopg import Connection

from orchestration.core.catalogue.models import Catalogue
from orchestration.warehouse.basis import owing_departments

QUARTER = "2026Q3"


def grown(catalogue: Catalogue, units: int) -> Catalogue:
    """The catalogue with `units` units, the shipped ones over and over under other codes."""
    shipped = [unit for unit in catalogue.units if unit.institution == catalogue.institutions[0].code]
    many = tuple(
        shipped[number % len(shipped)].model_copy(update={"code": f"X{number:06}", "reports_as": None})
        for number in range(units)
    )
    return catalogue.model_copy(update={"units": many, "unit_aliases": (), "portfolios": ()})


def deliver(conn: Connection[tuple[object, ...]], catalogue_hash: str, catalogue: Catalogue) -> None:
    """An accepted submission of each department, and its observations straight into `raw.observation`."""
    institution = catalogue.institutions[0].code
    conn.execute("select ops.open_quarter(%s)", [QUARTER])
    for department in sorted(owing_departments(catalogue, institution)):
        conn.execute(
            "insert into raw.submission (institution, quarter, department, number, state, sha256) "
            "values (%s, %s, %s, 1, 'accepted', %s)",
            [institution, QUARTER, department, f"made of {len(catalogue.units)} units"],
        )
    conn.execute("select setseed(0.5)")
    conn.execute(_OBSERVATIONS, {"quarter": QUARTER, "catalogue": catalogue_hash})


# Of 100 cells 1 never arrives, 3 are blank, and 4 of what has a denominator have nothing due.
_OBSERVATIONS = """
    insert into raw.observation (
        quarter, submission, institution, department, framework, subject_kind, subject_code, item,
        value, denominator, state_reason, source_file, source_sheet, source_cell, denominator_cell
    )
    select
        %(quarter)s, submission, institution, department, framework, 'unit', code, item,
        case
            when is_blank then null
            when method = 'boolean' then floor(1.05 - 0.2 * luck)
            when method = 'count_deduct' then case when luck < 0.002 then 2 when luck < 0.01 then 1 else 0 end
            when method = 'banded' and not is_pair then round((luck * 25)::numeric, 1)
            when base = 0 then 0
            else floor(base * (1.05 - 0.3 * luck * luck))
        end,
        case when is_pair and not is_blank then base end,
        case when is_blank then 'blank' end,
        department || '.xlsx', 'Sheet1', 'F' || line, case when is_pair then 'G' || line end
    from (
        select
            cells.*,
            luck_1 < 0.03 as is_blank,
            case when luck_2 < 0.04 then 0 else 1 + floor(luck_2 * 40) end as base
        from (
            select
                submissions.id as submission, units.institution, items.department, items.framework,
                units.code, items.code as item, items.method, units.sort + 1 as line,
                exists (
                    select from catalogue.extract_columns as columns
                    where columns.catalogue_hash = items.catalogue_hash and columns.item = items.code
                        and columns.role = 'denominator'
                ) as is_pair,
                random() as luck, random() as luck_1, random() as luck_2, random() as arrives
            from catalogue.units as units
            join catalogue.items as items
                on units.catalogue_hash = items.catalogue_hash and items.framework = 'ecology'
                and coalesce(items.applies_to, 'all') in ('all', units.kind)
            join raw.submission as submissions
                on items.department = submissions.department and submissions.quarter = %(quarter)s
            where units.catalogue_hash = %(catalogue)s
            order by submissions.id, units.code, items.code
        ) as cells
        where arrives > 0.01
    ) as drawn
"""
