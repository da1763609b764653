"""The scoring statements of a dbt project, compiled in milliseconds: dbt itself takes seconds for each change.

Knows of dbt what the scoring models use: `ref`, `source`, `config`, macros. That it gives what dbt gives is for
the control to show (`test_rules.py`). Not here: running them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import Environment, Template

NOT_FOR_MODELS = ("materializations", "tests")  # blocks that dbt alone knows
MACRO = re.compile(r"{%-?\s*macro\s+(\w+)")


@dataclass(frozen=True)
class Model:
    """One model as rendered: its SQL, what it refers to, its own configuration."""

    sql: str
    refs: tuple[str, ...]
    config: Mapping[str, str]

    @property
    def is_table(self) -> bool:
        """Whether it stands in the warehouse; else it is a part of whatever refers to it."""
        return self.config.get("materialized", "ephemeral") != "ephemeral"


@cache
def code_of(text: str) -> CodeType:
    """A template's code; most files of a mutated project are as they were."""
    return Environment().compile(text)  # SQL, which no browser reads


class Project:
    """The files of a dbt project, read anew; `instead`: what some of them say in a mutated one."""

    def __init__(self, folder: Path, instead: Mapping[Path, str] | None = None) -> None:
        self.instead = instead or {}
        self.paths = {path.stem: path for path in (folder / "models").rglob("*.sql")}
        self._models: dict[str, Model] = {}
        self._rendering: list[tuple[dict[str, None], dict[str, str]]] = []
        self._globals: dict[str, Any] = {
            "ref": self._ref, "config": self._configure, "source": "{}.{}".format, "range": range,
        }  # fmt: skip
        files = [
            path for path in (folder / "macros").rglob("*.sql") if path.parent.name not in NOT_FOR_MODELS
        ]
        self._macros: dict[str, Any] = {}
        # A file takes its globals when it is made: by then they must stand for the macros of all files.
        texts = [self._text(path) for path in files]
        self._globals |= {name: self._called(name) for text in texts for name in MACRO.findall(text)}
        for text in texts:
            self._macros |= vars(self._template(text).module)

    def _called(self, name: str) -> Callable[..., Any]:
        return lambda *given, **named: self._macros[name](*given, **named)

    def _text(self, path: Path) -> str:
        return self.instead[path] if path in self.instead else path.read_text()

    def model(self, name: str) -> Model:
        """The model rendered, once."""
        if name not in self._models:
            self._rendering.append(({}, {}))
            sql = self._template(self._text(self.paths[name])).render()
            refs, config = self._rendering.pop()
            self._models[name] = Model(sql.strip(), tuple(refs), config)
        return self._models[name]

    def _template(self, text: str) -> Template:
        return Template.from_code(Environment(), code_of(text), self._globals)

    def _ref(self, name: str) -> str:
        self._rendering[-1][0][name] = None
        return self.relation(name)

    def _configure(self, **given: Any) -> str:
        self._rendering[-1][1].update(given)
        return ""

    def relation(self, name: str) -> str:
        """What stands for a model in another's SQL."""
        model = self.model(name)
        if not model.is_table:
            return f"__dbt__cte__{name}"
        return f"{model.config.get('schema', 'scores')}.{model.config.get('alias', name)}"

    def query(self, name: str) -> str:
        """The model's whole query, with every ephemeral model it rests on."""
        parts = "".join(
            f"__dbt__cte__{part} as (\n{self.model(part).sql}\n),\n" for part in self._ephemeral(name)
        )
        return f"with {parts}compiled as (\n{self.model(name).sql}\n)\nselect * from compiled"

    def _ephemeral(self, name: str) -> list[str]:
        """The ephemeral models below a model, each after those it rests on."""
        found: dict[str, None] = {}
        for part in self.model(name).refs:
            if not self.model(part).is_table:
                found |= dict.fromkeys([*self._ephemeral(part), part])
        return list(found)

    def tables(self, materialized: str) -> list[str]:
        """The models of this materialization, each after those it rests on."""
        found: dict[str, None] = {}
        done: set[str] = set()

        def visit(name: str) -> None:
            if name not in done:
                done.add(name)
                for part in self.model(name).refs:
                    visit(part)
                if self.model(name).config.get("materialized") == materialized:
                    found[name] = None

        for name, path in sorted(self.paths.items()):
            if path.parent.name == "intermediate":
                visit(name)
        return list(found)
