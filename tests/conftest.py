"""The fixtures every test shares: one embedded server a session, one fresh migrated database a module.

Not here: quarters already scored, and marts (`tests/integration/conftest.py`).
"""

import gc
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from xdist.scheduler import LoadFileScheduling

from orchestration.core.catalogue.models import Catalogue
from orchestration.settings import Settings
from orchestration.warehouse import embedded
from orchestration.warehouse.catalogue import read_catalogue
from orchestration.warehouse.connections import Warehouse, open_warehouse
from orchestration.warehouse.logins import socket_login

TEMPLATE = "migrated"
# Minutes of one worker, unless they come first: what takes longest, longest first. All others come after them.
SLOWEST = (
    "integration/test_instant.py",
    "integration/test_run_command.py",
    "integration/mutations/test_rules.py",
    "integration/test_run_killed.py",
    "integration/backup",
    "integration/test_run.py",
    "integration/publications/test_whole_way.py",
    "integration/analysis/test_scored_school.py",
    "integration/stewardship/test_commands.py",
    "integration/stewardship/test_contested.py",
    "integration/method",
    "integration/test_versions.py",
    "integration/test_hostile_files.py",
    "integration/test_dbt_seam.py",
    "integration/test_annual_report.py",
    "integration/stewardship",
    "integration/intake",
    "integration",
)


# They fork processes from one that has imported what a run takes: of one worker, for all of them (`processes`).
FORKING = (
    "tests/integration/test_run_command.py",
    "tests/integration/test_secrets.py",
    "tests/integration/test_run_killed.py",
    "tests/integration/stewardship/test_warnings_run.py",
    "tests/integration/test_versions.py",
    "tests/integration/intake/test_together.py",
    "tests/integration/backup/test_interrupted.py",
)


def pytest_configure() -> None:
    # dbt's and Dagster's objects are many and live long; looking through them for cycles took a seventh of the time.
    gc.set_threshold(100_000, 20, 100)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers take files in this order (`--no-loadscope-reorder`), so that none is left with a long one at the end."""
    places = [Path(__file__).parent / name for name in SLOWEST]

    def rank(path: Path) -> int:
        above = {path, *path.parents}
        return next((number for number, place in enumerate(places) if place in above), len(places))

    ranks = {path: rank(path) for path in {item.path for item in items}}
    items.sort(key=lambda item: ranks[item.path])


class Files(LoadFileScheduling):
    """Tests of one file go to one worker, and those of FORKING to one as well."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return FORKING[0] if file in FORKING else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Files | None:
    return Files(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Settings]:
    """Settings with a home of this session's own; all workers of one run share what dbt parsed."""
    # Right below the temporary folder: pytest's own is closed to the server's OS user when root runs the tests.
    parent = Path(tempfile.mkdtemp(prefix="qingyuan-test-"))
    parent.chmod(0o755)
    base = tmp_path_factory.getbasetemp()
    parsed = (base if worker_id == "master" else base.parent) / "dbt"
    parsed.mkdir(exist_ok=True)
    (parent / "home").mkdir()
    (parent / "home" / "dbt").symlink_to(parsed)
    yield Settings(_env_file=None, home=parent / "home")
    embedded.stop(parent / "home", discard=True)
    shutil.rmtree(parent)


@pytest.fixture(scope="session")
def migrated(settings: Settings) -> str:
    """The name of a migrated database that others are copied from."""
    open_warehouse(settings, database=TEMPLATE)
    with psycopg.connect(autocommit=True, **socket_login(embedded.start(settings.home))) as conn:  # type: ignore[arg-type]
        # Nobody needs what this server holds after the session, whatever happens to the machine.
        for safeguard in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            conn.execute(f"alter system set {safeguard} = off")  # type: ignore[arg-type]
        conn.execute("select pg_reload_conf()")
    return TEMPLATE


@pytest.fixture(scope="module")
def warehouse(settings: Settings, migrated: str) -> Warehouse:
    """A fresh, migrated database of the module's own."""
    return open_warehouse(settings, database=f"t_{uuid4().hex[:12]}", template=migrated)


@pytest.fixture(scope="session")
def catalogue(settings: Settings) -> Catalogue:
    """The shipped catalogue, whole."""
    return read_catalogue(settings.catalogue)
