"""A warning in words: what was found, what is next, by when. One language's texts for the board.

Words for names, scores and quarters are the heat map's. Not here: which warnings stand where (`compose`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from string import Formatter

from orchestration.core.catalogue.models import Band
from orchestration.messages import Language, catalogue, text
from orchestration.publishing.follow_up.rows import DEPARTMENT, RectificationRow, WarningRow
from orchestration.publishing.heat_map.wording import Named, Wording
from orchestration.publishing.look import numbers
from orchestration.publishing.look.bands import BandStyle, band_styles
from orchestration.publishing.warning_board.model import Board, Waiting
from orchestration.publishing.warning_board.page import Due, Fact, Mark, Parts

_SHARES = ("coverage_low",)
_DELIVER = ("coverage_low", "department_late", "uncertain_colour")


@dataclass(frozen=True)
class Telling:
    """A board with one language's words and the styles of its bands."""

    board: Board
    language: Language

    @cached_property
    def words(self) -> Wording:
        """The heat map's words: names, scores, quarters, days."""
        edges = tuple(band.min_score for band in self.board.bands if band.min_score is not None)
        return Wording(self.language, edges, self.board.min_coverage)

    @cached_property
    def styles(self) -> Mapping[str, BandStyle]:
        return band_styles(self.board.bands)

    def say(self, key: str, **values: object) -> str:
        """The message `warning_board.<key>`."""
        return text(f"warning_board.{key}", self.language, **values)

    def parts(self, key: str, **values: str | Mark) -> Parts:
        """The message `warning_board.<key>` with marks standing in it as they are."""
        template = catalogue()[f"warning_board.{key}"]["en" if self.language == "en" else "zh"]
        found: list[str | Mark] = []
        for literal, name, _, _ in Formatter().parse(template):
            found += [part for part in (literal, values[name] if name else "") if part]
        return tuple(found)

    def mark(self, code: str | None) -> Mark:
        """A band by its mark and name; its code alone where the catalogue does not know it."""
        style = self.styles.get(code or "")
        return Mark(style.css, self.words.name(style.band)) if style else Mark("", code or numbers.ABSENT)

    def bare(self, code: str | None) -> Mark | str:
        """A band by its mark alone, whose alternative text is the name; the code where it is unknown."""
        style = self.styles.get(code or "")
        return Mark(style.css) if style else code or numbers.ABSENT

    def name(self, code: str | None, rows: Mapping[str, Named]) -> str:
        """The name of the row with this code; the code where there is none."""
        row = rows.get(code or "")
        return self.words.name(row) if row else code or ""

    def unit(self, code: str | None) -> str:
        """A unit's name; a dash where no unit is named."""
        if code == self.board.institution.code:
            return self.words.say("school")
        return self.name(code, self.board.units) or numbers.ABSENT

    def node(self, framework: str | None, code: str | None) -> str:
        """A node as rows name it: the total, or code and name; with its framework where there are several."""
        if framework is None:
            return code or self.say("no_node")
        row = self.board.nodes.get((framework, code or ""))
        if code is None or (row and not row.level):
            said = self.say("total")
        else:
            said = f"{code} {self.words.name(row)}" if row and self.words.name(row) != code else code
        if len(self.board.frameworks) < 2:
            return said
        tree = next((one for one in self.board.catalogue.frameworks if one.code == framework), None)
        return self.say("of_framework", node=said, framework=self.words.name(tree) if tree else framework)

    def about(self, row: WarningRow) -> str:
        """What a warning is about, by name: a node, a department's data, an item, a task."""
        if row.subject_kind == DEPARTMENT:
            departments = {one.code: one for one in self.board.catalogue.departments}
            return self.say("of_department", department=self.name(row.subject_code, departments))
        if row.kind == "rectification_overdue":
            return self.say("of_task", task=row.object or "", node=self.node(row.framework, row.indicator))
        item = self.board.items.get(row.object or "")
        return f"{item.code} {self.words.name(item)}" if item else self.node(row.framework, row.indicator)

    def fact(self, row: WarningRow) -> Fact:
        """What was found, in one sentence; the rule and the first quarter beneath."""
        beneath = self.say("beneath", rule=self.words.name(row), since=row.first_quarter)
        is_new = self.board.is_new(row) and not self.board.are_all_new
        return Fact(self._told(row), beneath, is_new)

    def confirmation(self, row: Waiting) -> Fact:
        """What a node shows now, and what it shows once a person confirms."""
        is_last = row.quarter == self.board.quarter
        told = self.parts(
            "waiting" if is_last else "waiting_before",
            **({} if is_last else {"quarter": row.quarter}),
            node=self.node(row.framework, row.indicator),
            score=self.words.points(row.score),
            now=self.mark(row.band),
            then=self.mark(row.band_pending),
        )
        return Fact(told, "", is_new=False)

    def due(self, day: date | None) -> Due:
        """A due day in words without a year that goes without saying."""
        if self.board.is_overdue(day):
            return Due(self.day(day), "overdue")
        return Due(self.day(day), "soon" if self.board.is_soon(day) else "")

    def day(self, day: date | None) -> str:
        """A day in words; without the year where it is this one."""
        said, year = self.words.day(day), self.board.today.year
        return said.removeprefix(f"{year}年").removesuffix(f" {year}") if day and day.year == year else said

    def own_action(self, row: WarningRow) -> str:
        """What the rule asks for; blank where that is what its colour asks for anyway."""
        said = (row.action_en if self.language == "en" else row.action_zh) or ""
        return "" if said == self.band_action(row.severity) else said

    def band_action(self, code: str) -> str:
        """What the catalogue asks for in a colour."""
        band = self.board.band_of.get(code)
        return ((band.action_en if self.language == "en" else band.action_zh) if band else "") or ""

    def task(self, task: RectificationRow) -> str:
        """A task by its number and where it stands."""
        state = text(f"follow_up.state.{task.state}", self.language)
        return self.say("task", number=task.rectification, state=state)

    def next_of_task(self, task: RectificationRow) -> str:
        """What the task waits for; a consultation first where the worst colour has had none."""
        judged = [band for band in self.board.bands if band.min_score is not None]
        worst: Band | None = judged[-1] if judged else None
        is_gravest = worst is not None and worst.alarm and task.severity == worst.code
        if is_gravest and not task.consultations and task.state != "assigned":
            return self.say("next.consult")
        return self.say(f"next.{task.state}")

    def next_of(self, row: WarningRow) -> str:
        """What a warning without an open task waits for."""
        return self.say("next.deliver" if row.kind in _DELIVER else "next.check")

    def _told(self, row: WarningRow) -> Parts:
        show = numbers.percent if row.kind in _SHARES else _plain
        return self.parts(
            f"kind.{row.kind}" if f"warning_board.kind.{row.kind}" in catalogue() else "kind.other",
            about=self.about(row),
            score=self.words.points(row.score),
            change=numbers.signed(numbers.exact(row.change)) if row.change is not None else numbers.ABSENT,
            value=show(row.value),
            threshold=show(row.threshold),
            before=self.bare(row.previous_band),
            now=self.bare(row.band),
        )


def _plain(value: float | None) -> str:
    return numbers.ABSENT if value is None else numbers.shown(value, 1).removesuffix(".0")
