"""How much of what was due a subject did: one slow share for each subject, item and quarter.

A share is the sum of small parts: the subject's level, its strengths by node and item, slow waves, season.
Not here: the counts (`figures`); nothing here computes a score.
"""

from orchestration.core.catalogue.models import Catalogue, Item
from orchestration.samples.draws import Draws, time_of
from orchestration.samples.story import Story

# Points of 100, chosen so that a school of forty units shows every colour and few change in a quarter.
LEVEL, TREND = 91.0, 0.2
BETWEEN_SUBJECTS, BETWEEN_POINTS, BETWEEN_NODES, BETWEEN_ITEMS = 4.5, 4.0, 2.5, 4.0
SUBJECT_WAVE, POINT_WAVE, SCHOOL_WAVE, SEASON = 1.2, 2.5, 3.0, 0.8


class Shares:
    """The shares of one school in one quarter."""

    def __init__(self, catalogue: Catalogue, quarter: str, draws: Draws, story: Story) -> None:
        self._quarter, self._time, self._draws = quarter, time_of(quarter), draws
        self._parents = {(node.framework, node.code): node.parent for node in catalogue.indicators}
        self._levels = {(line.subject, line.node): line for line in story.levels}
        self._of_points: dict[tuple[str, str], float] = {}

    def share(self, subject: str, item: Item) -> float:
        """The share that `subject` did, 1 for all; it may lie outside 0 to 1, where the count is cut."""
        key = (subject, item.point)
        if key not in self._of_points:
            self._of_points[key] = self._of_point(subject, item)
        own = BETWEEN_ITEMS * self._draws.normal("item", subject, item.code)
        return (self._of_points[key] + own) / 100

    def _of_point(self, subject: str, item: Item) -> float:
        draws, time, point = self._draws, self._time, item.point
        nodes = self._way_up(item)
        told = next((self._levels[subject, node] for node in nodes if (subject, node) in self._levels), None)
        share = told.in_quarter(self._quarter) if told else self._of_subject(subject)
        if not (told and told.node):
            share += sum(BETWEEN_NODES * draws.normal("node", subject, node) for node in nodes[:-1])
        share += BETWEEN_POINTS * draws.normal("point", point)
        share += POINT_WAVE * draws.wave(time, "point", subject, point)
        share += SCHOOL_WAVE * draws.wave(time, "point", point)
        return share + SEASON * (2 * draws.uniform("season", point, str(time % 4)) - 1)

    def _of_subject(self, subject: str) -> float:
        told = self._levels.get((subject, None))
        if told:
            return told.in_quarter(self._quarter)
        level = LEVEL + BETWEEN_SUBJECTS * self._draws.normal("subject", subject)
        level += TREND * (self._time - time_of("2026Q1"))
        return level + SUBJECT_WAVE * self._draws.wave(self._time, "subject", subject)

    def _way_up(self, item: Item) -> list[str]:
        """The item's point and the nodes above it, the root last."""
        nodes: list[str] = []
        parent: str | None = item.point
        while parent is not None:
            nodes.append(parent)
            parent = self._parents.get((item.framework, parent))
        return nodes
