"""Whatever is changed by hand is found; the run mends what its roles may, an administrator's command the rest."""

from collections.abc import Iterator

import pytest

from orchestration.assets.access import kept_through
from orchestration.assets.dbt_runner import prepare
from orchestration.settings import Settings
from orchestration.warehouse.access.differences import find_differences
from orchestration.warehouse.access.keep import keep_access
from orchestration.warehouse.access.mend import mend_access
from orchestration.warehouse.connections import Warehouse
from tests.integration.access.doors import Connection, note, opened
from tests.integration.access.members import superuser

TABLE, MART, POLICY = "scores.item_score", "marts.fct_score_change", "marts_read"
CALLED = "function ops.open_quarter(text)"
WHOLE = "marts.fct_period_score"  # of mart_whole: its own words decide
# (what somebody did, the kind, object and name of what is found)
MENDED = [
    (f"drop policy {POLICY} on {TABLE}", "policy", TABLE, POLICY),
    (f"alter policy {POLICY} on {TABLE} using (true)", "policy", TABLE, POLICY),
    (f"alter policy {POLICY} on {TABLE} to public", "policy", TABLE, POLICY),
    (f"create policy more on {TABLE} for select to mart_owner using (true)", "policy", TABLE, "more"),
    (f"alter table {TABLE} disable row level security", "row_security", TABLE, ""),
    (f"grant select on {TABLE} to bi_reader", "grant", TABLE, "bi_reader"),
    (f"grant select (value) on {TABLE} to unit_reader", "grant", TABLE, "unit_reader"),
    (f"grant select on {TABLE} to public", "grant", TABLE, "public"),
    (f"revoke select on {TABLE} from mart_owner", "grant", TABLE, "mart_owner"),
    ("grant update on audit.entry to pipeline", "grant", "audit.entry", "pipeline"),
    ("grant usage on schema scores to public", "grant", "schema scores", "public"),
    ("grant create on schema marts to bi_reader", "grant", "schema marts", "bi_reader"),
    (f"grant execute on {CALLED} to public", "grant", CALLED, "public"),
    (f"grant select on {MART} to public", "grant", MART, "public"),
    (f"grant insert on {MART} to bi_reader", "grant", MART, "bi_reader"),
    (f"grant select on {MART} to bi_reader with grant option", "grant", MART, "bi_reader"),
    (f"revoke select on {MART} from bi_reader", "grant", MART, "bi_reader"),
    (f"alter view {MART} owner to pipeline", "owner", MART, ""),
    (f"alter view {MART} set (security_invoker = true)", "options", MART, ""),
    (
        "alter default privileges for role owner in schema scores grant select on tables to bi_reader",
        "grant", "default tables of owner in scores", "bi_reader",
    ),
    (
        "set role owner; create table ops.copied as select * from ops.person; reset role;"
        " revoke all on ops.copied from pipeline; grant select on ops.copied to mart_owner",
        "grant", "ops.copied", "mart_owner",
    ),
    ("grant temporary on database {database} to bi_reader", "grant", "database {database}", "bi_reader"),
]  # fmt: skip
BY_ADMINISTRATOR = [
    ("grant pipeline to bi_reader", "member", "pipeline", "bi_reader"),
    ("grant mart_owner to unit_reader", "member", "mart_owner", "unit_reader"),
    ("grant pg_read_all_data to steward", "member", "pg_read_all_data", "steward"),
    ("alter role bi_reader bypassrls", "attribute", "bi_reader", ""),
    ("alter role mart_owner bypassrls createrole", "attribute", "mart_owner", ""),
    ("alter role auditor login", "attribute", "auditor", ""),
    (
        "grant select on pg_catalog.pg_statistic to bi_reader",
        "elsewhere",
        "pg_catalog.pg_statistic",
        "bi_reader",
    ),
    (
        "grant execute on function pg_read_file(text) to bi_reader",
        "elsewhere",
        "pg_read_file(text)",
        "bi_reader",
    ),
]
_LOGIN = "create role q_c05 login in role unit_reader; grant connect on database {database} to q_c05; "
_MEMBERSHIP = (
    "insert into ops.membership (login, role, institution, code, granted_by)"
    " values ('q_c05', 'unit_reader', 'demo', 'C05', 'qingyuan'); "
)
_ENDED = "update ops.membership set ended_by = 'qingyuan', ended_at = now() where login = 'q_c05'"
BY_HAND = [
    (f"alter table {TABLE} owner to postgres", "owner", TABLE, ""),
    (f"alter view {MART} owner to postgres", "owner", MART, ""),
    (
        "create or replace view ops.readable as select null::text as institution, 'all' as kind, null::text as code",
        "view", "ops.readable", "",
    ),
    (
        "create or replace function ops.open_quarter(quarter text) returns void language sql as ''",
        "function", "function ops.open_quarter(text)", "",
    ),
    (
        "create schema shared; create view shared.everything as select * from scores.item_score",
        "elsewhere", "shared.everything", "",
    ),
    (f"grant select on {TABLE} to mart_owner; create table ops.open (institution text);"
     " grant select on ops.open to mart_owner; insert into ops.declared_access values"
     " ('migrations', 'owner', 'ops.open', '', 'owner'), ('migrations', 'grant', 'ops.open', 'mart_owner', 'select');"
     " alter table ops.open owner to owner", "unguarded", "ops.open", "mart_owner"),
    (
        "create role stranger login; grant connect on database {database} to stranger", "login", "stranger", "",
    ),
    (_LOGIN, "member", "unit_reader", "q_c05"),
    (_LOGIN, "login", "q_c05", ""),
    (_LOGIN + _MEMBERSHIP + _ENDED, "member", "unit_reader", "q_c05"),
    (_LOGIN + _MEMBERSHIP + "grant pipeline to q_c05", "member", "pipeline", "q_c05"),
    (_LOGIN + _MEMBERSHIP + "create role pooler login; grant q_c05 to pooler", "member", "q_c05", "pooler"),
    (_LOGIN + _MEMBERSHIP + "alter role q_c05 bypassrls", "attribute", "q_c05", ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def doors(settings: Settings, with_marts: str) -> Warehouse:
    """A warehouse whose access is as declared."""
    return opened(settings, with_marts)


@pytest.fixture(scope="module")
def hand(doors: Warehouse) -> Iterator[Connection]:
    """A superuser's connection."""
    with superuser(doors) as conn:
        yield conn


@pytest.fixture(autouse=True)
def as_declared(hand: Connection) -> Iterator[None]:
    """Before and after: nothing differs."""
    assert find_differences(hand) == []
    yield
    assert mend_access(hand) == ([], [])  # mended all the same: one failed test is enough


@pytest.mark.parametrize(("statement", "kind", "thing", "name"), MENDED, ids=[one[0] for one in MENDED])
def test_the_run_mends_it(
    doors: Warehouse, hand: Connection, statement: str, kind: str, thing: str, name: str
) -> None:
    hand.execute(statement.format(database=doors.database).encode())
    (difference,) = find_differences(hand)
    assert difference[:3] == (kind, thing.format(database=doors.database), name)
    for language in ("zh-CN", "en"):
        assert difference.object in difference.sentence(language)
    kept = keep_access(doors)
    assert (kept.mended, kept.left) == ([difference], [])
    entry = hand.execute(
        "select actor, action, object_id, content::json ->> 'found' from audit.entry order by number desc"
    ).fetchone()
    found = difference.found and " ".join(difference.found.split())
    assert entry == ("qingyuan", "access.mended", difference.object, found)


@pytest.mark.parametrize(
    ("statement", "kind", "thing", "name"), BY_ADMINISTRATOR, ids=[one[0] for one in BY_ADMINISTRATOR]
)
def test_an_administrator_mends_it(
    doors: Warehouse, hand: Connection, statement: str, kind: str, thing: str, name: str
) -> None:
    hand.execute(statement.encode())
    assert [one[:3] for one in find_differences(hand)] == [(kind, thing, name)]
    assert [one[:3] for one in keep_access(doors).left] == [(kind, thing, name)]
    assert [one[:3] for one in mend_access(hand).mended] == [(kind, thing, name)]


@pytest.mark.parametrize(("statement", "kind", "thing", "name"), BY_HAND, ids=[one[0] for one in BY_HAND])
def test_no_run_mends_it(
    doors: Warehouse, hand: Connection, statement: str, kind: str, thing: str, name: str
) -> None:
    with hand.transaction(force_rollback=True):
        hand.execute(statement.format(database=doors.database).encode())
        assert (kind, thing, name) in {one[:3] for one in find_differences(hand)}
        hand.execute("set local role owner")
        assert (kind, thing, name) in {one[:3] for one in mend_access(hand).left}


@pytest.mark.parametrize(
    ("statement", "mender"),
    [
        (
            f"create or replace view {WHOLE} with (security_barrier = true) as select * from open_view",
            "owner",
        ),
        (f"alter view {WHOLE} owner to pipeline", "pipeline"),
    ],
)
def test_a_mart_that_decides_by_itself_is_shut_and_built_anew(
    hand: Connection, statement: str, mender: str
) -> None:
    with hand.transaction(force_rollback=True):
        words = hand.execute("select pg_get_viewdef(%s::regclass)", [WHOLE]).fetchone()
        assert words
        without = words[0].rstrip(";").replace("CURRENT_USER", "'owner'::name")
        hand.execute(statement.replace("select * from open_view", without).encode())
        assert WHOLE in {one.object for one in find_differences(hand)}
        hand.execute(f"set local role {mender}".encode())
        kept = mend_access(hand)
        assert ({one.object for one in kept.mended}, kept.left) == ({WHOLE}, [])
        assert hand.execute("select from ops.marts_built where code_hash <> ''").fetchall() == []
        owner = "select pg_get_userbyid(relowner) from pg_class where oid = %s::regclass"
        assert hand.execute(owner, [WHOLE]).fetchone() == ("mart_owner",)


def test_a_build_of_other_marts_notes_nothing_that_was_changed_by_hand(
    settings: Settings, doors: Warehouse, hand: Connection
) -> None:
    (words,) = hand.execute("select pg_get_viewdef(%s::regclass)", [WHOLE]).fetchone() or ("",)
    replace = f"create or replace view {WHOLE} with (security_barrier = true) as "
    hand.execute((replace + words.replace("CURRENT_USER", "'owner'::name")).encode())
    try:
        with kept_through(doors, prepare(settings.dbt_project, settings.home).manifest()):
            pass
        owner = "select pg_get_userbyid(relowner) from pg_class where oid = %s::regclass"
        assert hand.execute(owner, [WHOLE]).fetchone() == ("mart_owner",)
        assert hand.execute("select from ops.marts_built where code_hash <> ''").fetchall() == []
    finally:
        hand.execute((replace + words).encode())
        hand.execute(f"alter view {WHOLE} owner to mart_whole".encode())
        note(settings, doors)


def test_a_login_with_its_membership_is_as_declared(doors: Warehouse, hand: Connection) -> None:
    with hand.transaction(force_rollback=True):
        hand.execute((_LOGIN + _MEMBERSHIP).format(database=doors.database).encode())
        assert find_differences(hand) == []
