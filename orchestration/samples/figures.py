"""What a department counted: numerator, denominator or value of each subject and item.

Figures are what the department means; a spelling (full-width digits, 万) is put on later (`wording`), and so
are cells that cannot be believed. Not here: scores.
"""

from dataclasses import dataclass
from math import floor

from orchestration.core.catalogue.models import Catalogue, Item, ItemStep
from orchestration.samples.draws import Draws, time_of
from orchestration.samples.shares import Shares
from orchestration.samples.story import Role, Size, Story

USUAL_SIZES = (4, 5, 6, 8, 10, 12, 16, 20)
MISSING, HALF = 0.006, 0.3
SPREAD, SEASON, DRIFT = 0.3, 0.2, 0.08
PAIR = frozenset({"numerator", "denominator"})


@dataclass(frozen=True)
class Figure:
    """What was counted; None is a cell that the department could not fill."""

    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None

    def of(self, role: Role) -> float | None:
        """The number that a column of `role` asks for."""
        return {"numerator": self.numerator, "denominator": self.denominator, "value": self.value}[role]


class Figures:
    """The figures of one school in one quarter; pure in (seed, institution, quarter, subject, item)."""

    def __init__(self, catalogue: Catalogue, institution: str, quarter: str, seed: int, story: Story) -> None:
        self._draws = Draws(seed, institution)
        self._quarter, self._time, self._story = quarter, time_of(quarter), story
        self._shares = Shares(catalogue, quarter, self._draws, story)
        self._cases = {
            (line.subject, line.item): line.count for line in story.cases if line.quarter == quarter
        }
        self._items = {item.code: item for item in catalogue.items}
        self._steps: dict[str, list[ItemStep]] = {}
        for step in catalogue.item_steps:
            self._steps.setdefault(step.item, []).append(step)

    def figure(self, subject: str, item: Item, roles: frozenset[str]) -> Figure:
        """The figure of `item` for a subject to which it applies, as columns of `roles` ask for it."""
        if self._draws.uniform("missing", subject, item.code, self._quarter) < MISSING:
            return self._gap(subject, item, roles)
        if item.method == "count_deduct":
            return Figure(value=self._count_cases(subject, item))
        share = self._shares.share(subject, item)
        if item.method == "boolean":
            return Figure(value=float(self._lot(subject, item) < share))
        if item.method == "banded":
            return self._banded(subject, item, share, roles)
        if item.method in ("ratio", "count_ratio"):
            return self._pair(subject, item, share, roles)
        return Figure(value=self._measure(subject, item, share))

    def _pair(self, subject: str, item: Item, share: float, roles: frozenset[str]) -> Figure:
        if item.method == "ratio":
            share = min(1.0, share * (item.target or 100) / 100)
            if "denominator" not in roles:
                return Figure(value=round(100 * max(0.0, share), 1))
        else:
            # What stands in a calendar is mostly held, and one of one is a large step.
            share = (1 + share) / 2
        size = self._size(item)
        # Where nobody reports what was due, nothing says that nothing was.
        due = self._due(subject, item) if "denominator" in roles else size.typical
        done = float(max(0, floor(share * due / size.step + self._lot(subject, item))) * size.step)
        done = min(done, due + (item.method == "count_ratio" and due > 0))
        return Figure(numerator=done, denominator=due, value=done)

    def _banded(self, subject: str, item: Item, share: float, roles: frozenset[str]) -> Figure:
        value = self._in_band(subject, item, share)
        if "denominator" not in roles:
            return Figure(value=value)
        due, step = self._due(subject, item), self._size(item).step
        return Figure(numerator=round(value * due / 100 / step) * step, denominator=due)

    def _in_band(self, subject: str, item: Item, share: float) -> float:
        """A value inside the step whose score is about the share; the lot decides between two neighbours."""
        steps = sorted(
            self._steps[item.code], key=lambda step: (step.upper_bound is None, step.upper_bound or 0)
        )
        distance = [abs(step.score / 100 - share) for step in steps]
        nearest = sorted(range(len(steps)), key=lambda index: distance[index])[:2]
        whole = sum(distance[index] for index in nearest) or 1.0
        chosen = nearest[0] if self._lot(subject, item) > distance[nearest[0]] / whole else nearest[-1]
        bounds = [step.upper_bound for step in steps if step.upper_bound is not None] or [100.0]
        width = bounds[-1] - (bounds[-2] if len(bounds) > 1 else 0.0)
        low = bounds[chosen - 1] if chosen else max(0.0, bounds[0] - 2 * width)
        high = bounds[chosen] if chosen < len(bounds) else low + width
        within = 0.5 + 0.35 * self._draws.wave(self._time, "band", subject, item.code)
        return round(low + (high - low) * within, 1)

    def _measure(self, subject: str, item: Item, share: float) -> float:
        lower, upper = item.lower or 0.0, item.upper or 100.0
        part = min(1.0, max(0.0, share if item.direction != -1 else 1 - share))
        return round(lower + (upper - lower) * part, 1)

    def _count_cases(self, subject: str, item: Item) -> float:
        told = self._cases.get((subject, item.code))
        if told is not None or item.grave:
            return float(told or 0)
        rate = min(0.2, max(0.015, (0.96 - self._shares.share(subject, item)) * 0.6))
        lot = self._draws.uniform("cases", subject, item.code, self._quarter)
        return float((lot < rate) + (lot < rate / 6))

    def _due(self, subject: str, item: Item) -> float:
        """How much was due; 0 where this subject never has any of it in this season."""
        other = self._items.get(self._size(item).counted_in or "")
        done = self.figure(subject, other, PAIR).numerator if other else None
        if done is not None:
            return done
        season = str(self._time % 4)
        for key in (item.point, item.code):
            if self._draws.uniform("quiet", subject, key, season) < self._story.quiet.get(key, 0.0):
                return 0.0
        size = self._size(item)
        due = size.typical
        if size.vary != "nothing":
            due *= 2.0 ** (SPREAD * self._draws.normal("size", subject))
        if size.vary == "all":
            due *= 1 + SEASON * (2 * self._draws.uniform("season", item.code, season) - 1)
            due *= 1 + DRIFT * self._draws.wave(self._time, "size", subject, item.code)
        return float(max(1, round(due / size.step)) * size.step)

    def _size(self, item: Item) -> Size:
        told = self._story.sizes.get(item.code)
        if told:
            return told
        if item.method == "count_ratio" and item.target:
            return Size(typical=item.target, vary="nothing")
        return Size(typical=USUAL_SIZES[int(len(USUAL_SIZES) * self._draws.uniform("usual", item.code))])

    def _gap(self, subject: str, item: Item, roles: frozenset[str]) -> Figure:
        """Nothing, or now and then the denominator alone."""
        if "denominator" in roles and self._draws.uniform("half", subject, item.code) < HALF:
            return Figure(denominator=self._due(subject, item))
        return Figure()

    def _lot(self, subject: str, item: Item) -> float:
        """Where a share falls between two whole counts: the same in every quarter, so that counts drift."""
        return self._draws.uniform("lot", subject, item.code)
