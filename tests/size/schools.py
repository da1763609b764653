"""A province's warehouse: one scored school's rows, multiplied to a hundred schools in the real tables.

The first school's rows are what runs wrote; each further one has the same rows under codes, versions and numbers of
its own, inserted a table at a time. Tasks are made of its warnings. Not here: reading them (`tests/bench_readers.py`).
"""

from typing import Any, LiteralString

from psycopg import Connection, sql

SCHOOLS = 100
ISSUES = 5  # of one that runs found: some hundred thousand in all
TASKS = 200  # a school
# In the order of their references; `scores` last, a quarter at a time.
COPIED = (
    "catalogue.institutions",
    "catalogue.units",
    "catalogue.posts",
    "catalogue.portfolios",
    "raw.submission",
    "ops.score_version",
    "ops.score_version_submission",
    "ops.current_version",
    "quality.issue",
    "quality.rectification",
    "quality.warning",
)
GUARDED = ("quality.issue", "quality.rectification")  # by triggers: their rows begin open, and move by acts
SCORED = ("scores.indicator_score", "scores.item_score")
# What a copied column holds; others stay as they are. Numbers of a school's rows are below a million.
OWN = {
    "institution": "schools.code",
    "score_version": "rows.score_version || '.' || schools.n",
    "previous_version": "rows.previous_version || '.' || schools.n",
    "evaluated_version": "rows.evaluated_version || '.' || schools.n",
    "id": "rows.id + schools.n * 1000000",
    "submission": "rows.submission + schools.n * 1000000",
    "first_submission": "rows.first_submission + schools.n * 1000000",
    "last_submission": "rows.last_submission + schools.n * 1000000",
    "fingerprint": "encode(sha256(convert_to(rows.fingerprint || schools.n, 'UTF8')), 'hex')",
}


def name(number: int) -> str:
    """The code of a school, the first being the one that was scored."""
    return f"school_{number:03}"


def multiply(conn: Connection[Any], schools: int = SCHOOLS) -> str:
    """Insert what `schools` have in all, as owner, and analyze it; the code of the school that was there."""
    row = conn.execute(
        "select min(institution), count(distinct institution) from ops.current_version"
    ).fetchone()
    assert row
    assert row[1] == 1
    for table in GUARDED:
        conn.execute(f"alter table {table} disable trigger user")
    _change_catalogue_yearly(conn)
    _more_issues(conn)
    _make_tasks(conn)
    conn.execute(
        "create temporary table schools as select n, 'school_' || to_char(n, 'fm000') as code "
        "from generate_series(2, %s) as n",
        [schools],
    )
    conn.execute("analyze schools")
    for table in COPIED:
        _copy(conn, table)
    for table in GUARDED:
        conn.execute(f"alter table {table} enable trigger user")
    quarters = conn.execute("select distinct quarter from ops.current_version order by quarter").fetchall()
    for (quarter,) in quarters:
        for table in SCORED:
            _copy(conn, table, quarter)
        conn.commit()
        conn.execute("select ops.analyze_quarter(%s)", [quarter])
    conn.execute("select ops.analyze_catalogue()")
    for table in COPIED:
        conn.execute(sql.SQL("analyze {}").format(sql.Identifier(*table.split("."))))
    conn.commit()
    return str(row[0])


def _copy(conn: Connection[Any], table: str, quarter: str | None = None) -> None:
    """The rows of the school that was there, once for each other one, school by school as runs write them."""
    columns = [
        column
        for (column,) in conn.execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped "
            "and attgenerated = ''",
            [table],
        )
    ]
    own = dict(OWN)
    if table == "catalogue.institutions":
        own["code"] = own["institution"]
    if "subject_kind" in columns:
        own["subject_code"] = (
            "case when rows.subject_kind = 'institution' then schools.code else rows.subject_code end"
        )
    values = ", ".join(own.get(column, f"rows.{column}") for column in columns)
    where = "" if quarter is None else f"where rows.quarter = '{quarter}'"
    conn.execute(
        f"insert into {table} ({', '.join(columns)}) overriding system value "
        f"select {values} from (select * from {table} as rows {where}) as rows cross join schools "
        "order by schools.n"
    )


def _change_catalogue_yearly(conn: Connection[Any]) -> None:
    """A catalogue of its own for each year but the first, with the same rows under another hash."""
    years = conn.execute(
        "select distinct left(quarter, 4) from ops.current_version order by 1 offset 1"
    ).fetchall()
    tables = [
        row[0]
        for row in conn.execute(
            "select relname from pg_class where relnamespace = 'catalogue'::regnamespace and relkind = 'r' "
            "order by relname <> 'version'"
        )
    ]
    for (year,) in years:
        hashed = f"encode(sha256(convert_to(catalogue_hash || '{year}', 'UTF8')), 'hex')"
        only = "catalogue_hash = (select catalogue_hash from ops.score_version order by quarter limit 1)"
        for table in tables:
            conn.execute(
                f"create temporary table more as select * from catalogue.{table} where {only};"
                f"update more set catalogue_hash = {hashed};"
                f"insert into catalogue.{table} select * from more; drop table more"
            )
        for table in ("ops.score_version", "scores.indicator_score"):
            conn.execute(f"update {table} set catalogue_hash = {hashed} where left(quarter, 4) = '{year}'")


def _more_issues(conn: Connection[Any]) -> None:
    """Several of each issue, most of them ended: fixed after some days, a few waived, a third still open."""
    conn.execute(
        "create temporary table more as select issue.*, n from quality.issue cross join generate_series(2, %s) as n",
        [ISSUES],
    )
    conn.execute(
        "update more set id = id + n * 100000, fingerprint = md5(fingerprint || n) || md5(fingerprint)"
    )
    conn.execute("alter table more drop column n")
    conn.execute("insert into quality.issue overriding system value select * from more; drop table more")
    conn.execute("""
        update quality.issue set
            state = (array['open', 'returned', 'fixed', 'fixed', 'fixed', 'rejected'])[1 + id % 6],
            fixed_at = case when id % 6 in (2, 3, 4) then opened_at + make_interval(days => (id % 20)::integer) end,
            due_on = opened_at::date + 10 - (id % 40)::integer""")


def _make_tasks(conn: Connection[Any]) -> None:
    """A task for each of the first warnings, in all states, a third past its day."""
    conn.execute(
        "insert into ops.person (code, unit) select 'bench_' || n, 'C01' from generate_series(1, 4) as n"
    )
    conn.execute(_TASKS, [TASKS])


_TASKS: LiteralString = """
    insert into quality.rectification (institution, framework, unit, indicator, severity, severity_rank,
        needs_consultation, source, source_ref, task, opened_by, opened_on, due_on, original_due_on, last_on, state,
        submitted_by, submitted_on, document, document_on, rechecked_by, rechecked_on, struck_off_by, struck_off_on)
    select institution, framework, unit, indicator, severity, 1, false, 'audit', 'W' || id, name_zh,
        'bench_1', opened_on, opened_on + 30, opened_on + 30, opened_on,
        (array['assigned', 'in_progress', 'submitted', 'rechecked', 'struck_off', 'struck_off'])[1 + stage],
        case when stage > 1 then 'bench_2' end, case when stage > 1 then done_on end,
        case when stage > 1 then '1' end, case when stage > 1 then done_on end,
        case when stage > 2 then 'bench_3' end, case when stage > 2 then done_on end,
        case when stage > 3 then 'bench_4' end, case when stage > 3 then done_on end
    from (
        select warnings.*, number %% 6 as stage, opened_on + (number %% 40)::integer as done_on
        from (
            select warning.*, row_number() over (order by id) as number
            from quality.warning where subject_kind = 'unit' and unit is not null
        ) as warnings
    ) as staged
    where number <= %s"""
