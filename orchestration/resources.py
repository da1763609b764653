"""What assets work with during one run: the warehouse, the catalogue, the reader of delivered files.

Each is made once a run and holds no secret in its configuration. Not here: what they do (`warehouse`, `intake`).
"""

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import dagster as dg
from pydantic import PrivateAttr

from orchestration.core.catalogue.checks import CatalogueError, check_structure
from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.inbox import find_deliveries
from orchestration.intake.incoming import Incoming
from orchestration.intake.sources import find_sources, read_sources
from orchestration.settings import Settings
from orchestration.warehouse.catalogue import read_catalogue
from orchestration.warehouse.connections import Warehouse, open_warehouse
from orchestration.warehouse.running import living

if TYPE_CHECKING:
    from orchestration.intake.reading.reader import Reader


# The tag of a run that Dagster's code server started in a process of its own.
LAUNCHED = ".dagster/grpc_info"


def spare_time(instance: dg.DagsterInstance) -> None:
    """For a process that does one run: Dagster keeps its connections, and garbage is looked for seldom.

    Both are worth what they are to a run of the command line (`cli.session`).
    """
    instance.optimize_for_webserver(statement_timeout=0, pool_recycle=3600, max_overflow=20)
    gc.freeze()
    gc.set_threshold(50_000, 500, 1000)


class WarehouseResource(dg.ConfigurableResource[Any]):
    """The warehouse of the settings, or its database of another name: started, migrated and open."""

    settings: dg.ResourceDependency[Settings]
    database: str | None = None
    _warehouse: Warehouse | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["WarehouseResource"]:
        """Opens the warehouse, which costs little where it is up and migrated; a run is known to live with it."""
        self._warehouse = open_warehouse(self.settings, self.database)
        if context.run and context.instance and LAUNCHED in context.run.tags:
            spare_time(context.instance)
        with living(self._warehouse, context.run.run_id) if context.run else nullcontext():
            yield self

    @property
    def opened(self) -> Warehouse:
        """The open warehouse."""
        assert self._warehouse is not None  # noqa: S101 - Dagster sets resources up before any asset
        return self._warehouse


class CatalogueResource(dg.ConfigurableResource[Any]):
    """The catalogue's files as they stood when the run first looked: one run never mixes two."""

    settings: dg.ResourceDependency[Settings]
    _whole: Catalogue | None = PrivateAttr(default=None)
    _at: dict[str, Catalogue] = PrivateAttr(default_factory=dict)

    @property
    def whole(self) -> Catalogue:
        """Every row, of all quarters; CatalogueError where the files cannot be read as rows."""
        if self._whole is None:
            self._whole = read_catalogue(self.settings.catalogue)
        return self._whole

    def at(self, quarter: str) -> Catalogue:
        """The rows valid in `quarter`, their structure checked; CatalogueError names every fault."""
        if quarter not in self._at:
            valid = self.whole.at(quarter)
            if faults := check_structure(valid):
                raise CatalogueError(faults)
            self._at[quarter] = valid
        return self._at[quarter]


class ReaderResource(dg.ConfigurableResource[Any]):
    """The limited child process that reads delivered files, one for the whole run."""

    settings: dg.ResourceDependency[Settings]
    _reader: "Reader | None" = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["ReaderResource"]:
        """Ends the child process with the run; it starts with the first file."""
        from orchestration.intake.reading.reader import Reader

        with Reader(self.settings.parse_seconds, self.settings.parse_memory_mb) as reader:
            self._reader = reader
            yield self

    @property
    def opened(self) -> "Reader":
        """The reader of this run."""
        assert self._reader is not None  # noqa: S101 - Dagster sets resources up before any asset
        return self._reader


class InboxResource(dg.ConfigurableResource[Any]):
    """What departments have delivered, looked at once a run: files in the inbox and SQL sources."""

    settings: dg.ResourceDependency[Settings]
    _found: dict[tuple[str, str, str], Incoming] | None = PrivateAttr(default=None)

    def of(
        self, department: str, quarter: str, quarters: Collection[str], rows: Catalogue, warehouse: Warehouse
    ) -> list[Incoming]:
        """The department's deliveries of `quarter`, one an institution; without files where there are none.

        `quarters` are all of the run's: the inbox is listed for them at the first call.
        """
        if self._found is None:
            self._found = self._look(quarters, rows, warehouse)
        keys = [(institution.code, quarter, department) for institution in rows.institutions]
        return [self._found.get(key, Incoming(*key)) for key in keys]

    def _look(
        self, quarters: Collection[str], rows: Catalogue, warehouse: Warehouse
    ) -> dict[tuple[str, str, str], Incoming]:
        from orchestration.intake.receive import note_stray_paths

        delivered, stray = find_deliveries(self.settings.inbox_url, rows, quarters)
        note_stray_paths(warehouse, stray, quarters)
        asked = find_sources(read_sources(self.settings.sources), rows, sorted(quarters))
        # A file in the inbox stands over a source: a department may correct by hand.
        return {(one.institution, one.quarter, one.department): one for one in (*asked, *delivered)}
