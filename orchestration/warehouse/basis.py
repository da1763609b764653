"""What one institution's quarter is scored from: submissions, decisions, confirmations, catalogue and code.

Not here: writing any of it down (`versions.py`).
"""

import hashlib
import json
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg

from orchestration.core.catalogue.models import Catalogue

# The marts only show scores: a change of theirs makes no new version.
_SCORING = ("macros/*.sql", "macros/materializations/versioned.sql", "models/staging/*.sql",
            "models/intermediate/*.sql")  # fmt: skip


@dataclass(frozen=True, order=True)
class Submission:
    """The last accepted submission of one department; `sha256` over its files."""

    department: str
    id: int
    number: int
    sha256: str


@dataclass(frozen=True)
class Basis:
    """Everything that a version's figures follow from; decisions and confirmations are rows in order."""

    institution: str
    quarter: str
    catalogue_hash: str
    code_hash: str
    min_coverage: float
    provisional: bool
    submissions: tuple[Submission, ...]
    decisions: tuple[tuple[str, ...], ...]
    confirmations: tuple[tuple[str, ...], ...]

    def score_version(self) -> str:
        """`2026Q3-` and 16 digits of a sha256; the same in every database that received the same files."""
        inputs = asdict(self)
        inputs["submissions"] = [(one.department, one.number, one.sha256) for one in self.submissions]
        body = json.dumps(inputs, ensure_ascii=False, sort_keys=True)
        return f"{self.quarter}-{hashlib.sha256(body.encode()).hexdigest()[:16]}"


def read_basis(
    conn: psycopg.Connection[Any],
    institution: str,
    quarter: str,
    due: AbstractSet[str],
    method: tuple[str, str, float],
) -> Basis:
    """The basis as the database has it now.

    `due` are the departments that owe data; `method` is (hash of catalogue, hash of code, min_coverage).
    """
    where = [institution, quarter]
    submissions = tuple(
        Submission(*row)
        for row in conn.execute(
            "select distinct on (department) department, id, number, sha256 from raw.submission "
            "where institution = %s and quarter = %s and state = 'accepted' and department = any(%s) "
            "order by department, number desc",
            [*where, sorted(due)],
        )
    )
    decisions = conn.execute(
        "select framework, subject_code, item, decision from quality.cell_decision "
        "where institution = %s and quarter = %s",
        where,
    )
    confirmations = conn.execute(
        "select framework, subject_kind, subject_code, band from ops.confirmation "
        "where institution = %s and period = %s",
        where,
    )
    return Basis(
        institution,
        quarter,
        *method,
        provisional=len(submissions) < len(due),
        submissions=tuple(sorted(submissions)),
        decisions=tuple(sorted(decisions.fetchall())),
        confirmations=tuple(sorted(confirmations.fetchall())),
    )


def owing_departments(catalogue_at_quarter: Catalogue, institution: str) -> set[str]:
    """The departments that report an item which applies to someone in the institution."""
    catalogue = catalogue_at_quarter
    units = {(unit.code, unit.kind) for unit in catalogue.units if unit.institution == institution}
    posts = {(post.code, post.post_level) for post in catalogue.posts if post.institution == institution}
    subjects = {row.code: units if row.subject_kind == "unit" else posts for row in catalogue.frameworks}
    return {
        item.department
        for item in catalogue.items
        if any(item.applies(code, kind) for code, kind in subjects[item.framework])
    }


def code_hash(dbt_project: Path) -> str:
    """sha256, in hex, over the SQL that scores: names and contents of the files, in order of their names."""
    return files_hash(dbt_project, _SCORING)


def files_hash(folder: Path, patterns: tuple[str, ...]) -> str:
    """sha256, in hex, over the files of `folder` that match; raises ValueError when a pattern finds none."""
    digest = hashlib.sha256()
    for pattern in patterns:
        paths = sorted(folder.glob(pattern))
        if not paths:
            raise ValueError(f"no file matches {pattern} in {folder.name}")
        for path in paths:
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()
