"""The password of bi_reader in the database: made, given, changed, mended; and it stands in no log."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from orchestration.settings import Settings
from orchestration.warehouse import embedded
from orchestration.warehouse.connections import Warehouse, open_warehouse
from tests.integration.embedded_homes import new_home, superuser


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with new_home() as home:
        yield home


def opened(home: Path, password: str | None = None) -> Warehouse:
    given = SecretStr(password) if password else None
    return open_warehouse(Settings(_env_file=None, home=home, bi_reader_password=given))


def enters(warehouse: Warehouse) -> bool:
    """Whether bi_reader's address is good for a connection."""
    try:
        psycopg.connect(warehouse.url("bi_reader")).close()
    except psycopg.OperationalError:
        return False
    return True


def test_made_given_changed_and_back(home: Path) -> None:
    made = opened(home)
    assert enters(made)
    given = opened(home, "given by us")
    assert enters(given)
    assert not enters(made)
    changed = opened(home, "清源 % / : @")
    assert enters(changed)
    assert not enters(given)
    back = opened(home)
    assert back.url("bi_reader") == made.url("bi_reader")
    assert enters(back)


def test_a_lost_note_is_mended(home: Path) -> None:
    warehouse = opened(home)
    with superuser(embedded.start(home)) as conn:
        conn.execute("alter role bi_reader password 'changed behind our back'")
    (home / "secrets" / "bi_reader.verifier").unlink()
    assert not enters(warehouse)
    assert enters(opened(home))


def test_a_lost_role_is_made_again_with_its_password(home: Path) -> None:
    warehouse = opened(home)
    server = embedded.start(home)
    for database in (warehouse.database, "postgres"):
        with superuser(server, dbname=database) as conn:
            conn.execute("drop owned by bi_reader")
    with superuser(server) as conn:
        conn.execute("drop role bi_reader")
    assert not enters(warehouse)
    assert enters(opened(home))


def test_no_log_holds_it(home: Path) -> None:
    server = embedded.start(home)
    with superuser(server) as conn:
        conn.execute("alter system set log_statement = 'all'")
        conn.execute("select pg_reload_conf()")
        given = opened(home, "never-to-be-logged")
        assert enters(given)
    log = server.log.read_text(encoding="utf-8")
    assert "alter role" in log
    assert "never-to-be-logged" not in log
