"""A small school with two scored quarters, and documents about it made by hand: what is published in these tests.

Rows are written straight where a test is not about how they come to be.
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from orchestration.core.catalogue.hashing import catalogue_hash
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.documents.figures import Figure
from orchestration.publishing.documents.model import Document, Furniture, Heading, Paragraph
from orchestration.publishing.publications import publish as publishing
from orchestration.publishing.publications.basis import read_basis
from orchestration.publishing.publications.edition import Basis, Edition, Place
from orchestration.publishing.publications.ledger import Row
from orchestration.publishing.publications.publish import Published, publish
from orchestration.settings import Settings
from orchestration.stewardship.persons import set_person
from orchestration.warehouse.catalogue import store_catalogue
from orchestration.warehouse.connections import Warehouse, open_warehouse
from orchestration.warehouse.log import SYSTEM
from tests.unit.small_catalogue import SMALL

Connection = psycopg.Connection[Any]
SCHOOL, PERIOD, QUARTERS = "s1", "2026H1", ("2026Q1", "2026Q2")
PLACE = Place(SCHOOL, "diagnosis", PERIOD)
SUBJECTS = (("school", "institution", SCHOOL), ("post-B1", "post", "B1"), ("lead-U3", "lead_unit", "U3"),
            ("unit-U1", "unit", "U1"), ("unit-U2", "unit", "U2"))  # fmt: skip
PERSONS = {
    "boss": ("U3", ["publish"]),
    "second_boss": ("U3", ["publish"]),
    "clerk": ("U3", ["enter"]),
    "ward": ("U1", []),
    "other_ward": ("U2", []),
    "director": ("B1", []),
}
Scores = Mapping[str, float]
FIRST: Scores = {"U1": 71.25, "U2": 90.5}


def catalogue() -> Catalogue:
    return parse_catalogue(SMALL).at(QUARTERS[1])


def settle(warehouse: Warehouse) -> None:
    """The persons, and both quarters scored from the departments' first submissions."""
    with warehouse.connect() as conn:
        for code, (unit, rights) in PERSONS.items():
            set_person(conn, SYSTEM, code, unit, rights, institution=SCHOOL, catalogue=catalogue())
        store_catalogue(conn, catalogue())
        for quarter in QUARTERS:
            score(conn, quarter, submissions={"money": 1, "safety": 1})


def score(conn: Connection, quarter: str, *, submissions: Mapping[str, int], code: str = "sql") -> str:
    """A version of the quarter that counts these submissions, and that readers now see; its name."""
    version = f"{quarter}-{code}-" + "-".join(map(str, submissions.values()))
    conn.execute(
        "insert into ops.score_version (score_version, institution, quarter, catalogue_hash, code_hash,"
        " min_coverage, provisional, scored_at) values (%s, %s, %s, %s, %s, 0.8, false, now())",
        [version, SCHOOL, quarter, catalogue_hash(catalogue()), code],
    )
    for department, number in submissions.items():
        conn.execute(
            "insert into raw.submission (institution, quarter, department, number, state, sha256)"
            " values (%s, %s, %s, %s, 'accepted', %s) on conflict do nothing",
            [SCHOOL, quarter, department, number, f"{number}"],
        )
        conn.execute(
            "insert into ops.score_version_submission (score_version, department, submission)"
            " select %s, department, id from raw.submission"
            " where (institution, quarter, department, number) = (%s, %s, %s, %s)",
            [version, SCHOOL, quarter, department, number],
        )
    conn.execute(
        "insert into ops.current_version (institution, quarter, score_version) values (%s, %s, %s)"
        " on conflict (institution, quarter) do update set score_version = excluded.score_version",
        [SCHOOL, quarter, version],
    )
    return version


def figure(unit: str, value: float) -> Figure:
    key = (("institution", SCHOOL), ("period", PERIOD), ("subject_code", unit))
    return Figure("fct_period_score", "score", key, value, f"{value:.1f}")


def document(language: Language, stem: str, kind: str, code: str, scores: Scores) -> Document:
    furniture = Furniture("s1", "诊断书", PERIOD, False, "2026-07-15", "c" * 64, (), "")
    shown = [figure(unit, value) for unit, value in scores.items() if kind != "unit" or unit == code]
    blocks = (Heading(1, stem), *(Paragraph((one, " points")) for one in shown))
    return Document(language, stem, kind, code, stem, furniture, blocks)


def documents(scores: Scores) -> dict[Language, tuple[Document, ...]]:
    return {language: tuple(document(language, *one, scores) for one in SUBJECTS) for language in LANGUAGES}


def composing(scores: Scores) -> Callable[[Connection], tuple[Any, Basis]]:
    return lambda conn: (documents(scores), read_basis(conn, SCHOOL, QUARTERS, []))


def fill(given: Mapping[Language, Any], draft: Path) -> None:
    """The least that a form may be: one file a document and language."""
    for language in LANGUAGES:
        for one in given[language]:
            (draft / f"{one.stem}.{language}.html").write_text(repr(one), encoding="utf-8")


def explain(conn: Connection, before: Row, edition: Edition, draft: Path) -> None:
    (draft / "changes.json").write_text(f"since r{before.revision}", encoding="utf-8")


def publish_now(
    warehouse: Warehouse, root: Path, scores: Scores = FIRST, *, by: str | None = "boss", **given: Any
) -> Published:
    forms = {"fill": fill, "explain": explain, **given}
    return publish(warehouse, PLACE, root, composing(scores), by=by, **forms)


def visible(root: Path) -> set[str]:
    """What a reader sees of the period's diagnoses."""
    place = PLACE.folder(root)
    return (
        {path.name for path in place.iterdir() if not path.name.startswith(".")} if place.is_dir() else set()
    )


def hidden(root: Path) -> set[str]:
    return {path.name for path in PLACE.folder(root).iterdir() if path.name.startswith(".")}


@dataclass(frozen=True)
class Shelf:
    """A warehouse of its own and the folder of its publications."""

    server: Settings
    warehouse: Warehouse
    root: Path

    def publish(self, scores: Scores = FIRST, **given: Any) -> Published:
        return publish_now(self.warehouse, self.root, scores, **given)

    def arguments(self, *more: str) -> list[str]:
        """What `python -m` needs to publish here in a process of its own."""
        module = "tests.integration.publications.editions"
        return [
            sys.executable,
            "-m",
            module,
            str(self.server.home),
            self.warehouse.database,
            str(self.root),
            *more,
        ]


def dying(at: str) -> None:
    """Have this process die as a killed one does when it is about to do `at`."""

    def wrapped(*_: Any, **__: Any) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)

    place: Any = publishing.ledger if at == "enter" else publishing
    if at == "place":
        # The second time: the first gives the whole draft its hidden name.
        real, calls = publishing.put_in_place, []

        def second(*given: Any) -> None:
            calls.append(given)
            (wrapped if len(calls) == 2 else real)(*given)

        publishing.put_in_place = second
    else:
        setattr(place, at, wrapped)


if __name__ == "__main__":
    home, database, folder, value, *killed = sys.argv[1:]
    if killed:
        dying(killed[0])
    opened = open_warehouse(Settings(_env_file=None, home=Path(home)), database)
    publish_now(opened, Path(folder), {**FIRST, "U1": float(value)})
