"""Warehouses with marts for the tests that score. Not here: any catalogue, any figure."""

from uuid import uuid4

import pytest

from orchestration.settings import Settings
from orchestration.warehouse.connections import open_warehouse
from orchestration.warehouse.marts import note_marts
from tests.integration.scored import Scoring, open_scoring

TEMPLATE = "with_marts"


@pytest.fixture(scope="session")
def with_marts(settings: Settings, migrated: str) -> str:
    """The name of a database whose marts are built, that others are copied from."""
    scoring = open_scoring(open_warehouse(settings, TEMPLATE, template=migrated), settings)
    with scoring.warehouse.connect() as conn:
        note_marts(conn, settings.dbt_project)  # a run in a copy of it does not build them again
    return TEMPLATE


@pytest.fixture(scope="module")
def unscored(settings: Settings, with_marts: str) -> Scoring:
    """A scoring in a fresh database of the module's own, its marts built."""
    return Scoring(open_warehouse(settings, f"t_{uuid4().hex[:12]}", template=with_marts), settings)
