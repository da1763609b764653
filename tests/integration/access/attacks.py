"""What somebody with a login and free SQL may try. Not here: who tries it, and what must not come of it.

Statements are tried one by one, each in a transaction of its own, with everything that the server says in answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg

Connection = psycopg.Connection[Any]
OURS = ("raw", "catalogue", "quality", "ops", "scores", "audit", "staging", "warnings", "dagster", "marts")
RELATIONS: LiteralString = """
    select quote_ident(nspname) || '.' || quote_ident(relname), nspname
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'S', 'f', 't') order by 1"""
FUNCTIONS: LiteralString = """
    select format('select * from %%s.%%I(%%s)', pronamespace::regnamespace, proname, (
        select string_agg('null::' || format_type(kind, null), ', ') from unnest(proargtypes) as kind))
    from pg_proc where pronamespace = any(%s::text[]::regnamespace[])"""
FILES = [
    "select pg_read_file('postgresql.conf')", "select pg_read_binary_file('PG_VERSION')", "select pg_ls_dir('.')",
    "select pg_stat_file('PG_VERSION')", "select * from pg_hba_file_rules", "select * from pg_show_all_file_settings()",
    "select * from pg_ls_logdir()", "select pg_current_logfile()", "select lo_import('/etc/passwd')",
    "select lo_export(1, '/tmp/out')", "select lo_get(1)", "select lo_create(0)", "select lo_from_bytea(0, 'x')",
    "copy (select * from marts.fct_item_score) to '/tmp/out'", "copy (select 1) to program 'id'",
    "copy raw.cell from program 'id'", "copy raw.cell from '/etc/passwd'",
]  # fmt: skip
THROUGH = [
    "select query_to_xml('select * from scores.item_score', true, false, '')",
    "select table_to_xml('audit.entry', true, false, '')", "select schema_to_xml('scores', true, false, '')",
    "select database_to_xml(true, false, '')",
    "select * from ts_stat('select to_tsvector(source_file) from scores.item_score')",
    "select * from dblink('dbname=qingyuan', 'select * from scores.item_score') as t (x text)",
    "do $$ declare r record; begin for r in select * from scores.item_score loop raise notice '%', r; end loop; end $$",
    "do $$ declare r record; begin for r in select * from marts.heat_map loop raise notice '%', r; end loop; end $$",
    "set search_path = ops, scores, audit, pg_catalog; select * from item_score; reset search_path",
    "set search_path = ops, pg_catalog; select * from readable_by('bi_reader'); reset search_path",
    "select ops.readable_by('bi_reader')", "select * from ops.readable", "select 'scores.item_score'::regclass::oid",
    "select pg_get_viewdef('marts.fct_item_score'::regclass)", "select pg_relation_size('scores.item_score')",
    "select * from pg_stat_get_activity(null)", "select pg_stat_get_backend_activity(n) from generate_series(1, 50) n",
    "select * from pg_locks", "select has_table_privilege('scores.item_score', 'select')",
    "begin; declare c cursor with hold for select * from marts.fct_indicator_score; commit; fetch all c; close c",
    "prepare p as select * from marts.heat_map; execute p; deallocate p",
    "listen run_events", "notify run_events, 'x'", "select pg_notification_queue_usage()",
    "select pg_advisory_lock(1)", "select pg_try_advisory_lock(7163411903)", "select pg_export_snapshot()",
    "select pg_cancel_backend(pid), pg_terminate_backend(pid) from pg_stat_activity where usename <> current_user",
]  # fmt: skip
CHANGES = [
    "create temporary table t as select * from marts.fct_item_score", "create table marts.t (x integer)",
    "create view marts.v as select * from scores.item_score", "create schema mine", "create extension dblink",
    "create function marts.f() returns integer language sql return 1", "create role q_more login",
    "create statistics marts.s on score, weight from marts.fct_item_score",
    "create or replace view marts.heat_map as select 1",
    "alter view marts.heat_map owner to current_user", "alter view marts.fct_item_score set (security_invoker = true)",
    "drop view marts.heat_map", "comment on view marts.heat_map is 'x'", "analyze scores.item_score",
    "grant select on scores.item_score to public", "grant unit_reader to current_user",
    "grant pipeline to current_user",
    "alter role current_user bypassrls", "alter role current_user superuser", "alter role pipeline password 'x'",
    "alter table scores.item_score disable row level security", "drop policy marts_read on scores.item_score",
    "alter policy marts_read on scores.item_score using (true)", "alter database current set row_security = off",
    "insert into ops.membership (login, role, granted_by) values (current_user, 'bi_reader', 'me')",
    "update ops.membership set role = 'bi_reader'", "delete from audit.entry",
    "update marts.dim_band set name_zh = 'x'",
    "insert into ops.readable values (null, 'all', null)", "delete from ops.declared_access",
    "select audit.append('[]')", "set session_replication_role = replica", "alter system set row_security = off",
    "security label on role current_user is 'x'", "lock table scores.item_score", "truncate audit.entry",
]  # fmt: skip


@dataclass
class Attack:
    """One login's connection, and all that it was ever told."""

    conn: Connection
    heard: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.conn.add_notice_handler(lambda said: self.heard.append(("notice", _all_of(said))))
        self.attempt("set default_transaction_read_only = off")

    def attempt(self, statement: str) -> bool:
        """Whether it was done; what came of it is kept."""
        try:
            if statement.startswith("copy") and "stdout" in statement:
                with self.conn.cursor() as cursor, cursor.copy(statement.encode()) as copied:
                    told = "".join(bytes(part).decode(errors="replace") for part in copied)
            else:
                told = "\n".join(self._rows(statement))
        except psycopg.Error as error:
            told, done = _all_of(error.diag), False
            self.conn.rollback()
        else:
            done = True
        self.heard.append((statement, told))
        return done

    def _rows(self, statement: str) -> Iterator[str]:
        cursor = self.conn.execute(statement.encode())
        more: bool | None = True
        while more:
            if cursor.description:
                yield from (repr(row) for row in cursor)
            more = cursor.nextset()


def _all_of(diagnostic: Any) -> str:
    names = (
        "message_primary",
        "message_detail",
        "message_hint",
        "context",
        "internal_query",
        "constraint_name",
    )
    return " ".join(str(getattr(diagnostic, name)) for name in names)
