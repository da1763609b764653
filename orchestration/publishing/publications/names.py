"""Names of what changed, in one language: cells of marts, subjects, items, departments; causes as sentences.

Names come from the catalogue and, for columns in Chinese, from the marts' own YAML. What neither knows is called by
its code. Not here: which figures changed.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from orchestration.core.catalogue.models import Catalogue
from orchestration.messages import Language, text
from orchestration.publishing.publications.causes import Cause
from orchestration.publishing.publications.frozen import Cell
from orchestration.settings import PROJECT

# Columns of a key that say nothing to a reader who has the document.
_UNSAID = {"institution", "framework", "subject_kind"}
_CODES = {"subject", "department", "about", "decision", "confirmation"}


class Names:
    """The names in one language, of one institution's catalogue."""

    def __init__(self, catalogue: Catalogue, institution: str, language: Language) -> None:
        self.language = language
        subjects: tuple[Any, ...] = (*catalogue.units, *catalogue.posts)
        named: tuple[Any, ...] = (
            *(*catalogue.departments, *catalogue.bands, *catalogue.frameworks, *catalogue.institutions),
            *(row for row in subjects if row.institution == institution),
            *(*catalogue.indicators, *catalogue.items),
        )
        self._names = {row.code: self._of(row) for row in named}

    def sentence(self, cause: Cause) -> str:
        """The cause as a sentence."""
        values = {name: self._value(name, value) for name, value in cause.values.items()}
        return text(f"publications.why.{cause.key}", self.language, **values)

    def cell(self, cell: Cell) -> str:
        """What the cell is, such as `<unit> · 2026H1 · score`."""
        mart, column, key = cell
        said = [self._names.get(value, value) for name, value in key if name not in _UNSAID]
        return " · ".join([*said, self._column(mart, column)])

    def _value(self, name: str, value: Any) -> object:
        if name in ("decision", "confirmation"):
            key = f"publications.decision.{value}"
            return text(key, self.language) if name == "decision" else self._names.get(value, value)
        return self._names.get(value, value) if name in _CODES else value

    def _of(self, row: Any) -> str:
        return str(row.name_zh if self.language == "zh-CN" else row.name_en)

    def _column(self, mart: str, column: str) -> str:
        return _chinese(mart).get(column, column) if self.language == "zh-CN" else column.replace("_", " ")


@cache
def _chinese(mart: str) -> Mapping[str, str]:
    """The Chinese names of a mart's columns; empty for a mart that is not described."""
    path = PROJECT / "dbt_project" / "models" / "marts" / f"{mart}.yml"
    if not path.is_file():
        return {}
    columns = yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0]["columns"]
    return {column["name"]: str(column["config"]["meta"]["zh"]) for column in columns}
