"""What a department owes in a quarter, derived from the catalogue: columns, subjects, what applies to whom.

Pure: catalogue rows in, plain data out. Not here: headers as found in a file (reading), the rules
(`expectations`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from expectations import ColumnFacts, Contract, column_facts
from orchestration.core.catalogue.models import Catalogue, ExtractColumn, Item, Post, Unit

ColumnKey = tuple[str, str]
"""(item, role)."""


@dataclass(frozen=True)
class Subject:
    """Who a row is about; `kind` is the unit's kind or the post's level."""

    code: str
    kind: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Column:
    """A column of the department's extract.

    `is_due` when its item applies to at least one subject; `is_own` when this department's figure is the one
    that counts, not only compared.
    """

    header: str
    item: Item
    role: str
    facts: ColumnFacts
    is_due: bool
    is_own: bool
    has_fractions: bool
    usual: tuple[float | None, float | None] | None


@dataclass(frozen=True)
class Duties:
    """What `department` owes of `institution` in `quarter`; every mapping is by code.

    `compared` names the items whose figures are held against another department's.
    """

    institution: str
    quarter: str
    department: str
    columns: Mapping[ColumnKey, Column]
    subjects: Mapping[str, Mapping[str, Subject]]
    subject_kinds: Mapping[str, str]
    compared: frozenset[str]

    @property
    def frameworks(self) -> tuple[str, ...]:
        """Frameworks of which at least one column is due."""
        due = (column.item.framework for column in self.columns.values() if column.is_due)
        return tuple(dict.fromkeys(due))

    def applies(self, item: Item, subject: str | None) -> bool:
        """Whether the item applies to the subject of its framework."""
        known = self.subjects[item.framework].get(subject or "")
        return known is not None and item.applies(known.code, known.kind)


def duties_of(
    catalogue: Catalogue, institution: str, department: str, quarter: str, contract: Contract
) -> Duties:
    """The duties that `catalogue` (as it holds in `quarter`) and `contract` give the department.

    A column is due when its item is valid and applies to at least one subject of the institution
    (intake.md "Validation"); a contract's items that the catalogue does not know are left aside.
    """
    subjects = {
        framework.code: {
            row.code: _subject(row)
            for row in (catalogue.units if framework.subject_kind == "unit" else catalogue.posts)
            if row.institution == institution
        }
        for framework in catalogue.frameworks
    }
    items = {item.code: item for item in catalogue.items}
    columns: dict[ColumnKey, Column] = {
        (row.item, row.role): _column(row, items[row.item], subjects, contract)
        for row in catalogue.extract_columns
        if row.department == department and row.item in items
    }
    elsewhere = {row.item for row in catalogue.extract_columns if row.department != department}
    compared = {item for item, _ in columns} & elsewhere
    compared |= {rule.theirs.rsplit(".", 1)[0] for rule in contract.reconciliations} & elsewhere
    kinds = {framework.code: framework.subject_kind for framework in catalogue.frameworks}
    return Duties(institution, quarter, department, columns, subjects, kinds, frozenset(compared))


def _column(
    row: ExtractColumn, item: Item, subjects: Mapping[str, Mapping[str, Subject]], contract: Contract
) -> Column:
    return Column(
        header=row.header,
        item=item,
        role=row.role,
        facts=column_facts(item.method, row.role),
        is_due=any(item.applies(subject.code, subject.kind) for subject in subjects[item.framework].values()),
        is_own=item.department == row.department,
        has_fractions=item.code in contract.fractions,
        usual=contract.usual.get(f"{row.item}.{row.role}"),
    )


def _subject(row: Unit | Post) -> Subject:
    kind = row.kind if isinstance(row, Unit) else row.post_level
    return Subject(row.code, kind, row.name_zh, row.name_en)
