"""What the files of one school and quarter have in common: catalogue, story, figures, who has a row.

Not here: columns and cells (`tables`), files (`write`).
"""

from dataclasses import dataclass
from functools import cached_property

from orchestration.core.catalogue.models import Catalogue, Framework, Institution, Unit
from orchestration.samples.draws import Draws
from orchestration.samples.figures import Figures
from orchestration.samples.habits import Words
from orchestration.samples.story import Story

ALIAS = 0.7


@dataclass(frozen=True)
class Subject:
    """What a row is about; `name` as the department writes it."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class School:
    """What the files of one school and quarter have in common; `catalogue` holds the rows of that quarter."""

    catalogue: Catalogue
    institution: Institution
    quarter: str
    seed: int
    story: Story
    words: Words

    @cached_property
    def draws(self) -> Draws:
        """The draws of this school."""
        return Draws(self.seed, self.institution.code)

    @cached_property
    def figures(self) -> Figures:
        """What was counted in this quarter."""
        return Figures(self.catalogue, self.institution.code, self.quarter, self.seed, self.story)

    def ranked_frameworks(self) -> list[Framework]:
        """The frameworks in their order."""
        return sorted(self.catalogue.frameworks, key=lambda row: (row.sort is None, row.sort or 0, row.code))

    def subjects(self, framework: Framework, department: str, *, aliases: bool) -> list[Subject]:
        """Who has a row: units in their order or posts; with `aliases` the department uses short names."""
        code = self.institution.code
        if framework.subject_kind == "office_holder":
            posts = [post for post in self.catalogue.posts if post.institution == code]
            return [Subject(post.code, post.name_zh, post.post_level) for post in posts]
        units = [unit for unit in self.catalogue.units if unit.institution == code]
        units.sort(key=lambda unit: (unit.sort is None, unit.sort or 0, unit.code))
        return [
            Subject(unit.code, self._short_name(unit, department) if aliases else unit.name_zh, unit.kind)
            for unit in units
        ]

    def _short_name(self, unit: Unit, department: str) -> str:
        """One of the unit's short names where it has any, or now and then the full one."""
        short = [
            row.alias
            for row in self.catalogue.unit_aliases
            if row.unit == unit.code and row.institution == unit.institution
        ]
        lot = self.draws.uniform("alias", department, unit.code)
        return short[int(len(short) * lot / ALIAS)] if short and lot < ALIAS else unit.name_zh
