"""A scored small school that previews deliveries, and what its whole warehouse holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.catalogue.registers import WarningRule
from orchestration.intake.incoming import HeldFile, Incoming
from orchestration.intake.preview import Previewer, open_previewer
from orchestration.intake.previewing.model import Preview
from orchestration.intake.reading.reader import Reader
from orchestration.intake.receive import Receipt, receive
from orchestration.warehouse.connections import Warehouse
from tests.integration.intake.deliveries import INSTITUTION, Book, widened
from tests.integration.scored import Scoring

BEFORE, QUARTER = "2026Q2", "2026Q3"
# Any fall of a whole score is warned of; so is who delivers nothing.
RULES = (
    WarningRule(code="R1", kind="fell", level=0, threshold=0.5, name_zh="下降", name_en="Fell"),
    WarningRule(code="R2", kind="colour_worsened", level=0, threshold=0, name_zh="变差", name_en="Worse"),
)
_TABLES = """
    select format('%I.%I', nspname, relname)
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind = 'r' and nspname !~ '^pg_' and nspname <> 'information_schema'"""
_RELATIONS = """
    select format('%I.%I', nspname, relname), relkind::text
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname !~ '^pg_' and nspname <> 'information_schema' order by 1"""


@dataclass(frozen=True)
class Place:
    """A school's warehouse, received into and scored as the product does it, and its previewer."""

    scoring: Scoring
    school: Catalogue
    reader: Reader

    @property
    def warehouse(self) -> Warehouse:
        return self.scoring.warehouse

    @property
    def previewer(self) -> Previewer:
        return open_previewer(self.warehouse, self.reader, self.scoring.settings)

    def receive(self, incoming: Incoming) -> Receipt:
        at = self.school.at(incoming.quarter)
        return receive(self.warehouse, self.reader, at, incoming, self.scoring.settings, "a run")

    def preview(self, incoming: Incoming) -> Preview:
        return self.previewer.preview(self.school.at(incoming.quarter), incoming)

    def run(self, quarter: str) -> None:
        self.scoring.run({quarter: self.school.at(quarter)})

    def copy(self) -> "Place":
        """The same as it stands, in a database of its own."""
        return Place(self.scoring.copy(), self.school, self.reader)

    def rows(self, query: str, *values: object) -> list[tuple]:
        with self.warehouse.connect() as conn:
            return conn.execute(query, values).fetchall()

    def held(self) -> Mapping[str, object]:
        """Every relation there is, and of every table each row's place, writer and content; sequences aside."""
        with self.warehouse.connect("owner") as conn:
            held: dict[str, object] = {"relations": conn.execute(_RELATIONS).fetchall()}
            for (table,) in conn.execute(_TABLES).fetchall():
                query = f"select count(*), md5(string_agg(concat(ctid, xmin, t), ',' order by ctid)) from {table} as t"
                held[table] = conn.execute(query).fetchone()
        return held


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(30.0, 512) as reader:
        yield reader


@pytest.fixture(scope="module")
def scored_school(unscored: Scoring, reader: Reader) -> Place:
    """Two quarters received and scored, every cell clean. No test writes here: those that do take a copy."""
    place = Place(unscored, widened().model_copy(update={"warning_rules": RULES}), reader)
    for quarter in (BEFORE, QUARTER):
        for department in ("money", "safety"):
            assert (
                place.receive(Book(place.school, department=department).incoming(quarter)).state == "accepted"
            )
        place.run(quarter)
    return place


def worse(place: Place) -> Book:
    """The first department's workbook with figures of one unit that are worse than before."""
    return Book(place.school, cells={("care", "U1", "I1", "numerator"): 1, ("care", "U1", "I6", "value"): 3})


def held_file(content: bytes, quarter: str = QUARTER, department: str = "money") -> Incoming:
    return Incoming(INSTITUTION, quarter, department, (HeldFile(f"{department}.xlsx", content),))
