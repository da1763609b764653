"""The board put together in one language: conclusion, numbers, open warnings, sections, trend. Pure.

Not here: sentences on one warning (`facts`), HTML (`render`).
"""

from orchestration.messages import Language
from orchestration.publishing.warning_board.facts import Telling
from orchestration.publishing.warning_board.groups import groups
from orchestration.publishing.warning_board.model import DONE_DAYS, NEW_DAYS, Board
from orchestration.publishing.warning_board.page import Page, Total
from orchestration.publishing.warning_board.sections import (
    new_warnings,
    overdue_tasks,
    overdue_warnings,
    sections,
)
from orchestration.publishing.warning_board.trend import trend


def page_of(board: Board, language: Language) -> Page:
    """The page in one language; of a school without a scored quarter only that there is none."""
    telling = Telling(board, language)
    if board.quarter is None:
        return Page(False, (telling.say("void.what"),), telling.say("void.why"), (), (), (), None)
    return Page(
        is_evaluated=True,
        clauses=_clauses(telling),
        lead=_lead(telling),
        totals=_totals(telling),
        groups=groups(telling),
        sections=sections(telling),
        trend=trend(telling),
    )


def _clauses(telling: Telling) -> tuple[str, ...]:
    """What stands open, what waits for a person, what is to be struck off."""
    board = telling.board
    units = len({row.unit for row in board.open if row.unit})
    late = _late(telling)
    found = [
        telling.say("headline.open", count=len(board.open), units=units) if board.open else "",
        telling.say("headline.waiting", count=len(board.waiting)) if board.waiting else "",
        telling.say("headline.tasks", count=len(board.open_tasks)) if board.open_tasks else "",
        telling.say("headline.overdue", count=late) if late else "",
    ]
    return tuple(clause for clause in found if clause) or (telling.say("headline.none"),)


def _lead(telling: Telling) -> str:
    """How the list is ordered and what ends a warning; where nothing is open, of which quarter that is true."""
    quarter = telling.words.quarter(telling.board.quarter or "")
    key = "lead" if telling.board.open or telling.board.waiting else "lead.none"
    return telling.say(key, quarter=quarter)


def _totals(telling: Telling) -> tuple[Total, ...]:
    board = telling.board
    late = _late(telling)
    counts: tuple[tuple[str, int, dict[str, int], str], ...] = (
        ("open", len(board.open), {}, "open"),
        ("new", len(new_warnings(telling)), {"days": NEW_DAYS}, "open" if board.are_all_new else "new"),
        ("tasks", len(board.open_tasks), {}, ""),
        ("overdue", late, {}, "overdue"),
        ("struck_off", len(board.struck_off), {"days": DONE_DAYS}, "struck_off"),
    )
    return tuple(
        Total(count, telling.say(f"count.{key}", **values), f"#{href}" if count and href else "")
        for key, count, values, href in counts
    )


def _late(telling: Telling) -> int:
    """Tasks past their due day, and warnings past it that no open task follows."""
    return len(overdue_tasks(telling)) + len(overdue_warnings(telling))
