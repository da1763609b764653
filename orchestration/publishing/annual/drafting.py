"""What all chapters draw on: one language's words, and amounts that only the yearly report shows as figures.

Scores on their colours are the diagnoses' (`diagnosis.figures`). Not here: which sentence is said when.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from string import Formatter

from orchestration.core.catalogue.models import Band
from orchestration.messages import catalogue, text
from orchestration.publishing.annual.model import AnnualData
from orchestration.publishing.annual.rows import (
    AssessmentRow,
    DrawRow,
    FlagRow,
    NodeRow,
    QualityRow,
    TaskCountRow,
    TaskRow,
)
from orchestration.publishing.diagnosis.figures import Drafting
from orchestration.publishing.diagnosis.wording import Part, Words, joined
from orchestration.publishing.documents.figures import Figure
from orchestration.publishing.documents.model import Column, Inline, Line
from orchestration.publishing.look import numbers

Key = tuple[tuple[str, str], ...]
_COUNTED_DAYS = 1


@dataclass(frozen=True)
class Yearly:
    """The data of one year with one language's words; `drafting` draws scores and bands."""

    data: AnnualData
    drafting: Drafting

    @property
    def words(self) -> Words:
        """The words that diagnoses have too."""
        return self.drafting.words

    @cached_property
    def posts(self) -> Mapping[str, str]:
        """The institution's posts by code, as they are named."""
        base = self.data.base
        rows = (row for row in base.catalogue.posts if row.institution == base.institution)
        return {row.code: self.words.name(row) for row in rows}

    def say(self, key: str, **values: object) -> str:
        """The message `annual.<key>`."""
        return text(f"annual.{key}", self.drafting.language, **values)

    def line(self, key: str, **values: Part) -> Line:
        """The message `annual.<key>` with what fills its placeholders standing in it as it is."""
        template = catalogue()[f"annual.{key}"]["en" if self.drafting.language == "en" else "zh"]
        parts: list[Part] = []
        for literal, name, _, _ in Formatter().parse(template):
            parts.append(literal)
            if name is not None:
                parts.append(values[name])
        return joined(parts)

    def columns(self, *heads: tuple[str, str, float]) -> tuple[Column, ...]:
        """Columns by message, alignment and share of the width."""
        return tuple(
            Column(self.say(f"column.{key}"), "right" if align == "right" else "left", share)
            for key, align, share in heads
        )

    def unit(self, code: str) -> str:
        """A unit's name; its code where the last quarter has none of it."""
        return self.words.named(code, self.data.base.units)

    def department(self, code: str) -> str:
        """A department's name."""
        return self.words.named(code, self.data.base.departments)

    def day(self, day: date | None) -> str:
        """A day in words, without the year where that is the report's: short enough for a table."""
        said = self.words.scores.day(day) or numbers.ABSENT
        own = self.data.year
        return said.removeprefix(f"{own}年").removesuffix(f" {own}")

    def quality(self, row: QualityRow, column: str) -> Inline:
        """A count, a rate in percent, or days with one decimal, of a department's quarter or year."""
        value: float | int | None = getattr(row, column)
        if value is None:
            return numbers.ABSENT
        shown = str(value)
        if column == "first_pass_rate":
            shown = numbers.percent(value)
        elif column == "days_to_fix":
            shown = numbers.shown(value, _COUNTED_DAYS)
        key = (("institution", self._place), ("period", row.period), ("department", row.department))
        return Figure("fct_data_quality", column, key, value, shown)

    def task_day(self, row: TaskRow, column: str) -> Inline:
        """A day of a key task."""
        value: date | None = getattr(row, column)
        if value is None:
            return numbers.ABSENT
        key = (("institution", self._place), ("year", row.year), ("task", row.task))
        return Figure("fct_key_task", column, key, value.isoformat(), self.day(value))

    def document(self, row: TaskRow) -> Inline:
        """The number of the document that a task's last report names."""
        if row.document is None:
            return numbers.ABSENT
        key = (("institution", self._place), ("year", row.year), ("task", row.task))
        return Figure("fct_key_task", "document", key, row.document, row.document)

    def task_count(self, row: TaskCountRow, column: str) -> Figure:
        """How many key tasks of the year stand somewhere."""
        value: int = getattr(row, column)
        key = (("institution", self._place), ("year", row.year))
        return Figure("fct_key_task_count", column, key, value, str(value))

    def assessment(self, row: AssessmentRow, column: str) -> Inline:
        """The machine's score at that moment, the number of signatures, or the assessment's own number."""
        value: float | int | None = getattr(row, column)
        if value is None:
            return numbers.ABSENT
        shown = str(value) if isinstance(value, int) else self.drafting.points(value)
        return Figure("fct_assessment", column, (("assessment", str(row.assessment)),), value, shown)

    def weight(self, row: NodeRow) -> Inline:
        """A node's weight in a quarter."""
        if row.weight is None:
            return numbers.ABSENT
        key = (("quarter", row.quarter), *self._subject(row), ("indicator", row.indicator))
        return Figure(
            "fct_indicator_score", "weight", (*self._at, *key), row.weight, numbers.plain(row.weight)
        )

    def draw(self, row: DrawRow, column: str) -> Inline:
        """A probability in percent, an end of the rank's range, the number of draws, or the seed."""
        value: float | int | None = getattr(row, column)
        if value is None:
            return numbers.ABSENT
        key = (*self._at, ("quarter", row.quarter), *self._subject(row), ("indicator", row.indicator))
        shown = str(value) if isinstance(value, int) else numbers.shown(value, 1)
        if column == "probability":
            least = self.data.robust_least
            shown = numbers.percent(value, () if least is None else (least,))
        return Figure("fct_robustness", column, (*key, ("band", row.band)), value, shown)

    def flag(self, row: FlagRow, column: str) -> Inline:
        """A statistic of an item with two decimals, a share in percent, a weight with four."""
        value: float | None = getattr(row, column)
        if value is None:
            return numbers.ABSENT
        key = (*self._at, ("quarter", row.quarter), ("item", row.item), ("flag", row.flag))
        other = (("other_item", row.other_item),) if row.other_item else ()
        shown = numbers.shown(value, 4 if column in ("nominal_weight", "effective_weight") else 2)
        if row.flag == "saturated" and column == "statistic":
            shown = numbers.percent(value)
        return Figure("fct_item_flag", column, (*key, *other), value, shown)

    def threshold(self, band: Band) -> Inline:
        """The score at which a colour begins."""
        if band.min_score is None:
            return numbers.ABSENT
        validity = ((name, getattr(band, name)) for name in ("valid_from", "valid_to"))
        key = (("code", band.code), *((name, value) for name, value in validity if value))
        return Figure("dim_band", "min_score", key, band.min_score, numbers.plain(band.min_score))

    @property
    def _place(self) -> str:
        return self.data.base.institution

    @property
    def _at(self) -> Key:
        return (("institution", self._place), ("framework", self.data.base.framework))

    def _subject(self, row: NodeRow | DrawRow) -> Key:
        return (("subject_kind", row.subject_kind), ("subject_code", row.subject_code))
