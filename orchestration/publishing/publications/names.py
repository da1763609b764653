"""Names of what changed, in one language: cells of marts, subjects, items, departments; causes as sentences.

Names come from the catalogue and, for columns in Chinese, from the marts' own YAML. What neither knows is called by
its code. Not here: which figures changed.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import yaml

from orchestration.core.catalogue.models import Catalogue
from orchestration.messages import Language, text
from orchestration.publishing.publications.causes import Cause
from orchestration.publishing.publications.frozen import Cell
from orchestration.settings import PROJECT

# Columns of a key that say nothing to a reader who has the document.
_UNSAID = {"institution", "framework", "subject_kind", "dimension"}
# What the codes in a column, or in a cause, are codes of: a unit and a node may share one.
_KINDS = {
    **dict.fromkeys(("subject_code", "subject", "unit", "lead_unit"), "subjects"),
    **dict.fromkeys(("indicator", "root", "point", "parent", "theme"), "indicators"),
    **dict.fromkeys(("item", "other_item", "decided_item"), "items"),
    **dict.fromkeys(("band", "target_band", "confirmation"), "bands"),
    "department": "departments",
    "supervision_mode": "supervision_modes",
    "confirmed_framework": "frameworks",
}


class Names:
    """The names in one language, of one institution's catalogue."""

    def __init__(self, catalogue: Catalogue, institution: str, language: Language) -> None:
        self.language = language
        subjects: tuple[Any, ...] = (*catalogue.units, *catalogue.posts)
        own = (row for row in subjects if row.institution == institution)
        rows: Mapping[str, Iterable[Any]] = {
            "subjects": (*catalogue.institutions, *own),
            "indicators": catalogue.indicators,
            "items": catalogue.items,
            "departments": catalogue.departments,
            "bands": catalogue.bands,
            "frameworks": catalogue.frameworks,
            "supervision_modes": catalogue.supervision_modes,
        }
        self._names = {kind: {row.code: self._of(row) for row in of_kind} for kind, of_kind in rows.items()}

    def sentence(self, cause: Cause) -> str:
        """The cause as a sentence."""
        values = {name: self._value(name, value) for name, value in cause.values.items()}
        return text(f"publications.why.{cause.key}", self.language, **values)

    def cell(self, cell: Cell) -> str:
        """What the cell is, such as `<unit> · 2026H1 · score`."""
        mart, column, key = cell
        about = dict(key).get("dimension")
        said = [
            self._name(about if name == "code" and about else name, value)
            for name, value in key
            if name not in _UNSAID
        ]
        return " · ".join([*said, self._column(mart, column)])

    def _value(self, name: str, value: Any) -> object:
        if name == "decision":
            return text(f"publications.decision.{value}", self.language)
        return self._name(name, value)

    def _name(self, column: str, value: Any) -> Any:
        return self._names.get(_KINDS.get(column, ""), {}).get(value, value)

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
    # The name ends where the explanation begins.
    return {column["name"]: str(column["config"]["meta"]["zh"]).split("，")[0] for column in columns}
