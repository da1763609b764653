"""What publications show of today: the warning board, and the marks of open tasks on the last scored quarter's map.

A task that is struck off changes no score, so no quarter's run follows; this draws both anew, and writes nothing where
they say the same. Not here: what either shows.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg

from orchestration.core.catalogue.models import Catalogue
from orchestration.publishing.heat_map import publish_heat_map
from orchestration.publishing.warning_board import publish_board
from orchestration.settings import Settings
from orchestration.warehouse.connections import Warehouse


@dataclass(frozen=True)
class Drawn:
    """One publication of an institution: its folder, and whether it stood there already."""

    institution: str
    kind: str
    folder: Path
    unchanged: bool


def draw_current(
    warehouse: Warehouse,
    catalogue: Catalogue,
    settings: Settings,
    *,
    today: date,
    institution: str | None = None,
) -> list[Drawn]:
    """Draw the board, and the heat map of the last scored quarter, of every institution or the one named.

    `catalogue` whole. Without a scored quarter there is a board that says so and no heat map.
    """
    drawn: list[Drawn] = []
    with warehouse.connect() as conn:
        # One snapshot: board and map must not show two states.
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        conn.read_only = True
        for place in catalogue.institutions:
            if institution not in (None, place.code):
                continue
            board = publish_board(
                conn,
                catalogue,
                place.code,
                settings.publications,
                today=today,
                min_coverage=settings.min_coverage,
            )
            drawn.append(Drawn(place.code, "warning_board", board.folder, board.unchanged))
            if board.quarter is None:
                continue
            heat_map = publish_heat_map(
                conn,
                catalogue.at(board.quarter),
                board.quarter,
                place.code,
                settings.publications,
                min_coverage=settings.min_coverage,
            )
            drawn.append(Drawn(place.code, "heat_map", heat_map.folder, heat_map.unchanged))
    return drawn
