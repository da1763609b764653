"""Previews beside each other and beside a run at work: nobody waits longer than a moment, nobody is disturbed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from orchestration.intake.preview import PreviewError, open_previewer
from orchestration.settings import Settings
from orchestration.warehouse.connections import open_warehouse
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.versions import scoring_lock
from tests.integration.intake.deliveries import INSTITUTION, Book
from tests.integration.intake.test_together import wait_for_waiters
from tests.integration.preview.conftest import QUARTER, Place, worse

LOG_LOCK = 7163411903  # migration 0007
_HELD_BY_WHO_WAITS = """
    select locktype, mode, coalesce(relation::regclass::text, ''), relnamespace::regnamespace::text
    from pg_locks left join pg_class on pg_class.oid = relation
    where granted and pid in (
        select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"""


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A moment is as long as a test needs: then what happens hangs on no clock."""
    monkeypatch.setattr("orchestration.intake.preview._SHORT_WAIT", "set lock_timeout = '60s'")


@contextmanager
def switching(place: Place) -> Iterator[psycopg.Connection[Any]]:
    """A run that has just switched readers of the quarter and not committed yet."""
    with place.warehouse.connect() as run:
        run.execute(
            "update ops.current_version set switched_at = now() where institution = %s and quarter = %s",
            [INSTITUTION, QUARTER],
        )
        yield run
        run.rollback()


def test_two_at_once_are_both_made(scored_school: Place) -> None:
    money = worse(scored_school).incoming(QUARTER)
    safety = Book(scored_school.school, department="safety", further_headers=["备注"]).incoming(QUARTER)
    alone = scored_school.preview(money)
    with ThreadPoolExecutor(3) as pool:
        one, same, other = pool.map(scored_school.preview, [money, money, safety])
    assert one.receipt == same.receipt == alone.receipt
    assert list(one.changed) == list(same.changed) == list(alone.changed)
    assert (other.receipt.department, other.receipt.number) == ("safety", 2)
    assert not list(other.changed)


def test_a_run_at_work_is_neither_waited_for_nor_seen(scored_school: Place) -> None:
    """It holds its own lock, the log's, a department's turn; its scope is written and so are half its rows."""
    incoming = worse(scored_school).incoming(QUARTER)
    alone = scored_school.preview(incoming)
    with scoring_lock(scored_school.warehouse), scored_school.warehouse.connect() as run:
        run.execute("select pg_advisory_xact_lock(%s)", [LOG_LOCK])
        turn = f"raw.submission/{INSTITUTION}/{QUARTER}/money"
        run.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [turn])
        run.execute("delete from ops.scoring_scope")
        run.execute(
            "insert into ops.scoring_scope (institution, quarter, score_version, catalogue_hash, min_coverage,"
            " provisional) select institution, quarter, score_version, catalogue_hash, min_coverage, provisional"
            " from ops.current_version join ops.score_version using (institution, quarter, score_version)"
        )
        run.execute("delete from scores.item_score where quarter = %s", [QUARTER])
        preview = scored_school.preview(incoming)
        run.rollback()
    assert preview == alone


def test_a_switch_that_does_not_end_is_not_waited_for(scored_school: Place) -> None:
    with switching(scored_school), pytest.raises(PreviewError) as refusal:
        scored_school.preview(worse(scored_school).incoming(QUARTER))
    assert refusal.value.sentence("zh-CN") == "这个季度的数据正在接收或计分，请稍候片刻再试。"


@pytest.mark.usefixtures("patient")
def test_a_switch_in_between_is_seen_at_the_second_attempt(scored_school: Place) -> None:
    place = scored_school.copy()
    with switching(place) as run, ThreadPoolExecutor(1) as pool:
        preview = pool.submit(place.preview, worse(place).incoming(QUARTER))
        wait_for_waiters(place.warehouse, 1)
        run.commit()
        assert preview.result().receipt.state == "accepted"


@pytest.mark.usefixtures("patient")
def test_what_it_holds_while_it_lasts_keeps_nobody_from_work(scored_school: Place) -> None:
    """At its last step, where a run keeps it waiting: its own turn, and rows that it wrote itself."""
    with (
        ThreadPoolExecutor(1) as pool,
        switching(scored_school),
        scored_school.warehouse.connect(autocommit=True) as watcher,
    ):
        preview = pool.submit(scored_school.preview, worse(scored_school).incoming(QUARTER))
        held: list[tuple] = []
        while not held and not preview.done():
            held = watcher.execute(_HELD_BY_WHO_WAITS).fetchall()
    assert preview.result().receipt.state == "accepted"
    assert [kind for kind, *_ in held].count("advisory") == 1
    # What has no name for others yet is the transaction's own: its scope.
    shared = {mode for kind, mode, _, schema in held if kind == "relation" and schema is not None}
    assert shared <= {"AccessShareLock", "RowShareLock", "RowExclusiveLock"}
    written = {table for kind, mode, table, _ in held if kind == "relation" and mode == "RowExclusiveLock"}
    assert not written & {"ops.scoring_scope", "audit.entry"}


def test_a_warehouse_that_no_run_made_ready_says_so(
    scored_school: Place, settings: Settings, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    at = scored_school.school.at(QUARTER)
    incoming = worse(scored_school).incoming(QUARTER)
    bare = open_warehouse(settings, "without_marts", template=migrated)
    with pytest.raises(WarehouseError, match="Run a quarter once"):
        open_previewer(bare, scored_school.reader, settings).preview(at, incoming)
    elsewhere = settings.model_copy(update={"home": tmp_path_factory.mktemp("bare")})
    with pytest.raises(WarehouseError, match="Run a quarter once"):
        open_previewer(bare, scored_school.reader, elsewhere)
