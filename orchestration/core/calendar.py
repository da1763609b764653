"""Working days: Monday to Friday, but for the exceptions that the catalogue's `calendar.csv` names.

Not here: deadlines (they are rows of `bands.csv` and `warning_rules.csv`), time zones, the clock.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from orchestration.core.catalogue.models import CalendarDay

_SATURDAY = 5


class WorkCalendar:
    """Says which days are worked, and counts them. Days that no row names follow the week."""

    def __init__(self, days: Iterable[CalendarDay]) -> None:
        self._exceptions = {day.date: day.is_workday for day in days}

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked."""
        return self._exceptions.get(day, day.weekday() < _SATURDAY)

    def add_workdays(self, day: date, n: int) -> date:
        """The `n`-th working day after `day`; a negative `n` counts back; 0 is `day` itself, worked or not.

        Five working days from a Friday end on the next Friday: the first day is not counted.
        """
        step = timedelta(days=1 if n > 0 else -1)
        left = abs(n)
        while left:
            day += step
            left -= self.is_workday(day)
        return day
