"""The words that a reader gets with a warning, as the catalogue of its quarter has them. Not here: reading them."""

from typing import NamedTuple


class Words(NamedTuple):
    """What the catalogue of the quarter says of a rule and of a severity."""

    name_zh: str
    name_en: str
    action_zh: str | None
    action_en: str | None
    is_alarm: bool
    deadline_workdays: int | None
