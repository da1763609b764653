"""A warehouse whose access is as declared, and what a run would see of it.

Not here: what is changed (the tests), and who comes in (`members`).
"""

from typing import Any
from uuid import uuid4

import psycopg

from orchestration.assets.dbt_runner import prepare
from orchestration.settings import Settings
from orchestration.warehouse.access.declared import note_marts, note_views
from orchestration.warehouse.access.differences import Difference, find_differences
from orchestration.warehouse.connections import Warehouse, open_warehouse

Connection = psycopg.Connection[Any]


def opened(settings: Settings, template: str) -> Warehouse:
    """A database of its own, copied from one whose marts stand, with what dbt declares of them noted."""
    warehouse = open_warehouse(settings, f"t_{uuid4().hex[:12]}", template=template)
    note(settings, warehouse)
    return warehouse


def note(settings: Settings, warehouse: Warehouse) -> None:
    """What dbt declares, noted of the marts as they stand."""
    manifest = prepare(settings.dbt_project, settings.home).manifest()
    with warehouse.connect("owner") as conn:
        note_marts(conn, manifest)
        note_views(conn)


def differing(warehouse: Warehouse) -> list[Difference]:
    """What a run would see."""
    with warehouse.connect() as conn:
        return find_differences(conn)
