"""A school scored in two quarters by two catalogues, as the tests of the analysis share it.

The quarter before goes by every method, mean, override and weight of 0; the quarter itself by the shipped catalogue.
"""

from dataclasses import dataclass
from typing import Any

import psycopg

from orchestration.analysis.analyse import Scored, load_scored
from orchestration.analysis.layout import layout_of
from orchestration.analysis.load import current_version
from orchestration.core.catalogue.models import Catalogue
from tests.integration.scored import Cells, Scoring, Tables, catalogue_of, deliver, tables_of
from tests.integration.test_scoring_reference import SCHOOL, random_cells, widened

BEFORE, NOW = "2026Q2", "2026Q3"


@dataclass(frozen=True)
class Quarter:
    """What one quarter was scored from."""

    tables: Tables
    cells: Cells

    @property
    def catalogue(self) -> Catalogue:
        return catalogue_of(self.tables)


@dataclass(frozen=True)
class School:
    """A scored school: the scoring that scored it, and its quarters."""

    scoring: Scoring
    quarters: dict[str, Quarter]

    @property
    def catalogue_at(self) -> dict[str, Catalogue]:
        return {quarter: given.catalogue for quarter, given in self.quarters.items()}

    def loaded(self, conn: psycopg.Connection[Any], quarter: str, framework: str) -> Scored:
        """One framework as the analysis reads it."""
        catalogue = self.quarters[quarter].catalogue
        version = current_version(conn, SCHOOL, quarter, catalogue)
        assert version
        return load_scored(conn, catalogue, layout_of(catalogue, SCHOOL, framework), version, quarter)


def open_school(scoring: Scoring) -> School:
    """The school with both quarters delivered and scored."""
    folder = scoring.settings.catalogue
    wide, shipped = widened(tables_of(folder, BEFORE), 1), tables_of(folder, NOW)
    quarters = {
        BEFORE: Quarter(wide, random_cells(wide, 1, 0.7)),
        NOW: Quarter(shipped, random_cells(shipped, 2, 0.75)),
    }
    for quarter, given in quarters.items():
        deliver(scoring.warehouse, given.tables, SCHOOL, quarter, given.cells)
    school = School(scoring, quarters)
    scoring.run(school.catalogue_at)
    return school
