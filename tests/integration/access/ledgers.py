"""What stewards keep about one institution, written by hand: issues, tasks, warnings, publications, years.

Not here: scores (`institutions.py`).
"""

from typing import Any

import psycopg
from psycopg import sql

from tests.integration.access.subjects import DEPARTMENTS, POSTS, QUARTERS, TREE, Subject, subjects

Connection = psycopg.Connection[Any]
HASH = "0" * 64
LAST = QUARTERS[-1]
_WITH_ID = ("issue", "waiver", "rectification", "publication", "submission", "assessment")


def put(conn: Connection, table: str, **values: object) -> int | None:
    """One row; its id where the table gives one."""
    has_id = table.rpartition(".")[2] in _WITH_ID
    statement = sql.SQL("insert into {} ({}) values ({}) {}").format(
        sql.Identifier(*table.split(".")),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(map(sql.Placeholder, values)),
        sql.SQL("returning id" if has_id else ""),
    )
    cursor = conn.execute(statement, values)
    return int(cursor.fetchall()[0][0]) if has_id else None


def fill_ledgers(conn: Connection, school: str, catalogue: str) -> None:
    """One row of each ledger for every subject, department and kind of copy."""
    sent = {department: submission(conn, school, department) for department in DEPARTMENTS}
    for department in DEPARTMENTS:
        issue(conn, school, department, None)
        warning(conn, school, "department", department, "U3")
    for one in subjects(school):
        colours(conn, one)
        if one.kind != "institution":
            for department in DEPARTMENTS:
                issue(conn, school, department, one)
            objection(conn, one, sent["records"])
            task(conn, one)
        if one.kind == "unit":
            warning(conn, school, "unit", one.code, one.code)
    year(conn, school)
    for kind, code in (
        (None, None),
        ("institution", school),
        ("unit", "U1"),
        ("lead_unit", "U2"),
        ("post", "P1"),
    ):
        published(conn, school, catalogue, kind, code)


def submission(conn: Connection, school: str, department: str) -> int | None:
    key = put(
        conn, "raw.submission", institution=school, quarter=LAST, department=department, number=1, state="accepted",
        sha256=f"{school} {department}",
    )  # fmt: skip
    put(
        conn,
        "ops.score_version_submission",
        score_version=f"{LAST}-{school}",
        department=department,
        submission=key,
    )
    return key


def issue(conn: Connection, school: str, department: str, one: Subject | None) -> None:
    """Of a whole file where it names no subject; every other one is waived."""
    name = f"{school} {department} {one.code if one else 'file'}"
    key = put(
        conn, "quality.issue", fingerprint=name, rule="range", severity="warn", institution=school, quarter=LAST,
        department=department, framework=one.framework if one else None, subject_code=one.code if one else None,
        item="a", state="waived" if one else "open", found=f"found {name}", last_value=f"last {name}",
        message_zh=name, message_en=name, todo_zh=name, todo_en=name, owner=f"clerk {school}",
    )  # fmt: skip
    if one:
        waiver = put(
            conn,
            "quality.waiver",
            issue=key,
            reason_code="other",
            reason=name,
            last_quarter=LAST,
            asked_by="nobody",
        )
        conn.execute("update quality.issue set waiver = %s where id = %s", [waiver, key])


def objection(conn: Connection, one: Subject, sent: int | None) -> None:
    put(
        conn, "quality.objection", institution=one.institution, quarter=LAST, framework=one.framework,
        subject_code=one.code, item="a" if one.framework == TREE else "pa", unit=one.code, department="records",
        reason="…", raised_by="nobody", due_on="2026-08-01", value=1, submission=sent,
    )  # fmt: skip
    put(
        conn, "ops.score_version_decision", score_version=f"{LAST}-{one.institution}", framework=one.framework,
        subject_code=one.code, item="a" if one.framework == TREE else "pa", decision="under_review",
    )  # fmt: skip


def task(conn: Connection, one: Subject) -> None:
    """A task of a unit, or of the unit of an office-holder about that person's tree."""
    unit = one.code if one.kind == "unit" else "U1"
    days = {
        "opened_on": "2026-07-01",
        "due_on": "2026-07-09",
        "original_due_on": "2026-07-09",
        "last_on": "2026-07-01",
    }
    key = put(
        conn, "quality.rectification", institution=one.institution, framework=one.framework, unit=unit, indicator="A",
        severity="red", severity_rank=4, needs_consultation=True, source="supervision",
        opened_by="nobody", supervision_mode="daily",
        task=f"task {one.institution} {one.code}", **days,
    )  # fmt: skip
    opening = {"severity": "red", "severity_rank": 4, "needs_consultation": True, "due_on": "2026-07-09"}
    for act, more in (
        ("open", opening),
        ("consult", {"units": ["U2", "U3"], "conclusion": f"{one.code}", "held_on": "2026-07-02"}),
    ):
        put(
            conn, "quality.rectification_step", rectification=key, act=act, to_state="assigned", unit="U3",
            done_on="2026-07-02", **more,
        )  # fmt: skip
    if one.kind == "unit":
        warning(conn, one.institution, "unit", one.code, one.code, rectification=key, linked_quarter=LAST)
        # a warning of another subject, linked to it: it counts, whoever asks
        warning(conn, one.institution, "department", "rules", "U3", rectification=key, linked_quarter=LAST)


def warning(conn: Connection, school: str, kind: str, code: str, unit: str, **more: object) -> None:
    put(
        conn, "quality.warning", institution=school, first_quarter=LAST, last_quarter=LAST, fingerprint=HASH,
        rule="r", kind="outlier", subject_kind=kind, subject_code=code, unit=unit, severity="red",
        name_zh=f"{school} {code}", name_en=f"{school} {code}", is_alarm=True, opened_on="2026-07-01",
        ended_at="2026-07-05", ended_on="2026-07-05", **more,
    )  # fmt: skip


def colours(conn: Connection, one: Subject) -> None:
    """A colour that waits, one that was decided, one that was confirmed over the half-year."""
    of = {"institution": one.institution, "framework": one.framework, "subject_kind": one.kind,
          "subject_code": one.code, "band": "blue"}  # fmt: skip
    put(conn, "ops.confirmation", **of, period="2026H1", confirmed_by="nobody")
    if one.framework == POSTS:
        return
    since = "2026-07-02"
    put(conn, "quality.confirmation_pending", **of, period=LAST, pending_since=since, pending_on=since)
    put(
        conn, "quality.confirmation", **of, period=LAST, decided_by="nobody", decided_at="2026-07-01",
        decided_on="2026-07-01", score_version=f"{LAST}-{one.institution}", verdict="refused",
        pending_since="2026-06-30", pending_on="2026-06-30", reason=f"{one.institution} {one.code}",
    )  # fmt: skip


def year(conn: Connection, school: str) -> None:
    for unit in ("U1", "U2"):
        put(
            conn, "quality.key_task", institution=school, year="2026", task=f"K {unit}", framework=TREE, point="A",
            lead_unit=unit, due_on="2026-12-01", name_zh=school, name_en=school,
        )  # fmt: skip
    for one in subjects(school):
        if one.framework != POSTS:
            put(
                conn, "quality.assessment", institution=school, year="2026", framework=TREE, subject_kind=one.kind,
                subject_code=one.code, members=["P1", "P2"], held_on="2026-12-30", band="green", machine_band="blue",
                score_version="v", reason=f"{school} {one.code}", recorded_by="nobody", recorded_on="2026-12-30",
            )  # fmt: skip


def published(conn: Connection, school: str, catalogue: str, kind: str | None, code: str | None) -> None:
    """A publication of one document about the subject, with a copy for a unit and one for a post."""
    key = put(
        conn, "ops.publication", institution=school, kind=f"about {kind}", period="2026H1", revision=1,
        is_draft=False, folder=f"{school}/{kind}", manifest_sha256=HASH, content_sha256=HASH,
        catalogue_hash=catalogue, code_version="c", published_by="nobody",
    )  # fmt: skip
    document = {"document": "d", "subject_kind": kind, "subject_code": code} if kind else {}
    put(conn, "ops.publication_file", publication=key, name="d.html", sha256=HASH, language="zh", **document)
    for to, whom in (("unit", "U1"), ("unit", "U2"), ("post", "P1")):
        put(
            conn, "ops.distribution", publication=key, document="d", recipient_kind=to, recipient_code=whom,
            rule="own", visible_on="2026-07-01",
        )  # fmt: skip
