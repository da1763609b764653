"""Two institutions with a row of everything that marts show, written by hand: for tests of who sees which.

Every subject of every institution has its own figures, so that none is mistaken for another's. Not here: logins.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import psycopg

from orchestration.warehouse.catalogue import store_catalogue
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.log import SYSTEM, Entry, append
from tests.integration.access.ledgers import fill_ledgers, put
from tests.integration.access.members import superuser
from tests.integration.access.subjects import (
    DEPARTMENTS,
    HERE,
    ITEMS,
    NODES,
    POSTS,
    QUARTERS,
    THERE,
    TREE,
    Subject,
    subjects,
)
from tests.integration.scored import Tables, catalogue_of
from tests.integration.small_catalogue import NAMES, item, row, small

Connection = psycopg.Connection[Any]


def named(*parts: str) -> dict[str, str]:
    """Names that no other has: one that is seen tells whose it is."""
    return {"name_zh": "名" + " ".join(parts), "name_en": "name " + " ".join(parts)}


def tables() -> Tables:
    """One catalogue of both institutions; P1 has U1 and U2 in the portfolio."""
    made = small(
        nodes={code: (parent, 1) for code, (parent, _) in NODES.items()},
        items=[
            {"code": code, "point": at, "department": by, "method": "ratio"}
            for code, (at, by) in ITEMS.items()
        ],
        units={},
    )
    both = (HERE, THERE)
    made["institutions"] = [row(code=code, **named(code)) for code in both]
    made["departments"] = [row(code=code, **NAMES) for code in DEPARTMENTS]
    made["frameworks"].append(row(code=POSTS, subject_kind="office_holder", **NAMES))
    made["units"] = [
        row(
            institution=school,
            code=code,
            kind="office",
            reports_as="records" if code == "U3" else "",
            **named(school, code),
        )
        for school in both
        for code in ("U1", "U2", "U3")
    ]
    made["posts"] = [
        row(institution=school, code=code, post_level="chief", **named(school, code))
        for school in both
        for code in ("P1", "P2")
    ]
    made["portfolios"] = [row(institution=school, post="P1", unit=f"U{n}") for school in both for n in (1, 2)]
    made["indicators"] += [
        row(**{**node, "framework": POSTS}) for node in made["indicators"] if node["code"] in NODES
    ]
    made["items"] += [
        item(code=f"p{code}", framework=POSTS, point=at, department=by, method="ratio")
        for code, (at, by) in ITEMS.items()
    ]
    return made


def fill(warehouse: Warehouse) -> None:
    """Rows as no act would write them, triggers asleep; the log as the product writes it."""
    with superuser(warehouse) as conn, conn.transaction():
        catalogue = store_catalogue(conn, catalogue_of(tables()))
        conn.execute("set local session_replication_role = replica")
        for quarter in QUARTERS:
            conn.execute("select ops.open_quarter(%s)", [quarter])
        put(conn, "ops.person", code="nobody", unit="U1")
        for school in (HERE, THERE):
            _Filler(conn, school, catalogue).fill()
    with warehouse.connect() as conn:
        issues = conn.execute("select id, institution from quality.issue order by id").fetchall()
        append(
            conn, [Entry(SYSTEM, "issue.opened", school, None, "issue", str(key)) for key, school in issues]
        )
        append(
            conn,
            [
                Entry(SYSTEM, "run.began", school, None, "run", "r", {"of": school})
                for school in (HERE, THERE, None)
            ],
        )


@dataclass
class _Filler:
    conn: Connection
    school: str
    catalogue: str
    figures: Iterator[int] = field(default_factory=lambda: count(1))

    def fill(self) -> None:
        self.put("ops.person", code=f"clerk {self.school}", unit="U1", department="records")
        for quarter in QUARTERS:
            self.versions(quarter)
        for one in subjects(self.school):
            for quarter in QUARTERS:
                self.scores(one, quarter)
            self.analysis(one)
        fill_ledgers(self.conn, self.school, self.catalogue)

    def put(self, table: str, **values: object) -> int | None:
        return put(self.conn, table, institution=self.school, **values)

    def version(self, quarter: str, name: str = "") -> str:
        return f"{quarter}-{self.school}{name}"

    def figure(self) -> float:
        return (next(self.figures) * 7919 + len(self.school)) % 10_007 / 100.07

    def versions(self, quarter: str) -> None:
        given = {"catalogue_hash": self.catalogue, "code_hash": "", "min_coverage": 0.1, "provisional": False}
        for name in ("", " restated", " beside"):
            put(
                self.conn, "ops.score_version", score_version=self.version(quarter, name),
                institution=self.school, quarter=quarter, scored_at="2026-07-01", **given,
            )  # fmt: skip
        current, restated = self.version(quarter), self.version(quarter, " restated")
        self.put("ops.current_version", quarter=quarter, score_version=current)
        self.put(
            "ops.restated_version", quarter=quarter, catalogue_quarter=QUARTERS[-1], restates=current,
            score_version=restated,
        )  # fmt: skip
        self.put(
            "ops.contested_version",
            quarter=quarter,
            score_version=self.version(quarter, " beside"),
            beside=current,
        )

    def scores(self, one: Subject, quarter: str) -> None:
        of = {
            "quarter": quarter,
            "framework": one.framework,
            "subject_kind": one.kind,
            "subject_code": one.code,
        }
        for name in ("", " restated", " beside"):
            for node, (parent, level) in NODES.items():
                score = self.figure()
                self.put(
                    "scores.indicator_score", **of, score_version=self.version(quarter, name),
                    catalogue_hash=self.catalogue, indicator=node, parent=parent or None, level=level, weight=1,
                    score=score, score_low=score, score_high=score, is_certain=True, coverage=1, nothing_due_share=0,
                    effective_weight=1, scored_weight=2, contribution=score, is_contribution_exact=True, band="green",
                    band_by_score="green", band_pending="blue" if level == 0 else None, rank_in_kind=1,
                    provisional=False, clip_adjustment=0,
                )  # fmt: skip
        for code, (point, department) in ITEMS.items():
            if one.kind != "institution":
                self.put(
                    "scores.item_score", **of, score_version=self.version(quarter),
                    item=code if one.kind == "unit" else f"p{code}", point=point, department=department,
                    state="reported", value=self.figure(), score=self.figure(), weight=1, is_grave_case=False,
                )  # fmt: skip

    def analysis(self, one: Subject) -> None:
        quarter = QUARTERS[-1]
        of: dict[str, object] = {
            "score_version": self.version(quarter), "quarter": quarter, "framework": one.framework,
            "subject_kind": one.kind, "subject_code": one.code,
        }  # fmt: skip
        self.put(
            "scores.score_change", **of, indicator="T", previous_quarter=QUARTERS[0], change=self.figure(),
            previous_version=self.version(QUARTERS[0]),
        )  # fmt: skip
        self.put(
            "scores.robustness", **of, indicator="T", band="green", probability=self.figure(), draws=9, seed=7
        )
        self.put(
            "scores.leverage", **of, target_band="green", step=1, gain=self.figure(), is_minimal=True,
            is_reachable=True, score_after=self.figure(), band_after="green",
        )  # fmt: skip
        self.put(
            "scores.lost_points", **of, dimension="item", code="a", lost_points=self.figure(), share=1, loss_rank=1,
            cumulative_share=1,
        )  # fmt: skip
        self.put(
            "scores.peer_gap", **of, indicator="A", unit_kind="office", units=3, score=self.figure(),
            kind_median=self.figure(), gap=1, is_strength=True, is_weakness=False,
        )  # fmt: skip
        if one.kind == "institution":
            self.put(
                "scores.item_flag", score_version=of["score_version"], quarter=quarter, framework=TREE, item="a",
                flag="saturated", statistic=self.figure(), draws=9, seed=7, units=3,
            )  # fmt: skip
