"""The contract of a department: what the catalogue cannot say about its figures.

A contract holds severities, plausibility, rules between columns, reconciliations with other departments and
message keys. Its schema has no place for a column, a unit or a definition: those are rows of the catalogue.
A department without a file of its own is held to `default.yml`.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from expectations.report import Severity

CONTRACTS = Path(__file__).with_name("contracts")

ColumnName = Annotated[str, StringConstraints(pattern=r"^[^.\s]+\.(value|numerator|denominator)$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Change(_Part):
    """A number is far from last quarter's when it moved by `at_least`, to `times` as much or as little."""

    times: float = Field(gt=1)
    at_least: float = Field(ge=0)


class Between(_Part):
    """A rule between two columns of one row: `left` is `at_most` or `equal` to `right`."""

    left: ColumnName
    relation: Literal["at_most", "equal"]
    right: ColumnName


class Reconciliation(_Part):
    """A figure of this department and the same fact as another department reported it."""

    ours: ColumnName
    theirs: ColumnName
    tolerance: float = Field(0, ge=0)


class Contract(_Part):
    """One department's contract, the default's answers filled in.

    `fractions` names items whose numbers are amounts or hours, not counts; `usual` gives an item's usual
    range in its unit of measure, per column; `messages` a key instead of `intake.<rule>`. `beside` are rules that
    no file is held to by itself. `workdays`: working days to mend an issue; `objection_workdays`, to object to a
    value; `decision_workdays`, to decide on it.
    """

    severities: Mapping[str, Severity]
    far_from_last_quarter: Change
    fractions: tuple[str, ...] = ()
    usual: Mapping[ColumnName, tuple[float | None, float | None]] = {}
    between: tuple[Between, ...] = ()
    reconciliations: tuple[Reconciliation, ...] = ()
    shared_tolerance: float = Field(0, ge=0)
    retention_years: int = Field(ge=1)
    beside: Mapping[str, Severity] = {}
    workdays: Mapping[Severity, int]
    objection_workdays: int = Field(ge=1)
    decision_workdays: int = Field(ge=1)
    messages: Mapping[str, str] = {}

    def message(self, rule: str) -> str:
        """The key of the rule's texts, without `.message` and `.todo`."""
        return self.messages.get(rule, f"intake.{rule}")


@cache
def contract_of(department: str) -> Contract:
    """The contract of `department`; ValidationError when its file does not fit the schema."""
    default = _read("default")
    own = _read(department) if department in {path.stem for path in CONTRACTS.glob("*.yml")} else {}
    merged = {**default, **own}
    for part in ("severities", "messages", "usual", "workdays", "beside"):
        merged[part] = {**default.get(part, {}), **own.get(part, {})}
    return Contract.model_validate(merged)


@cache
def rules(department: str) -> tuple[tuple[str, Severity], ...]:
    """Every rule a file of `department` is held to, with its severity, in the order of the contract."""
    return tuple(contract_of(department).severities.items())


def _read(stem: str) -> dict[str, dict[str, object]]:
    parsed = yaml.safe_load((CONTRACTS / f"{stem}.yml").read_text(encoding="utf-8"))
    return parsed or {}
