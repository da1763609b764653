"""A shelf a test: a database copied from one that is settled once a module, and an empty folder."""

from pathlib import Path
from uuid import uuid4

import pytest

from orchestration.settings import Settings
from orchestration.warehouse.connections import open_warehouse
from tests.integration.publications.editions import Shelf, settle


@pytest.fixture(scope="session")
def settled(settings: Settings, migrated: str) -> str:
    """The name of a database with two scored quarters and its persons, from which others are copied."""
    name = f"s_{uuid4().hex[:12]}"
    settle(open_warehouse(settings, name, template=migrated))
    return name


@pytest.fixture
def shelf(settings: Settings, settled: str, tmp_path: Path) -> Shelf:
    warehouse = open_warehouse(settings, f"t_{uuid4().hex[:12]}", template=settled)
    return Shelf(settings, warehouse, tmp_path / "publications")
