"""Who may see which row of which mart, as a person would decide it: by hand, and without SQL.

A mart that has no rule here fails the tests. Not here: asking the database (`test_rows.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.integration.access.members import Membership
from tests.integration.access.subjects import POSTS

PORTFOLIOS = {"P1": ("U1", "U2"), "P2": ()}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Reader:
    """What a login holds."""

    held: Sequence[Membership]

    def has(self, role: str, institution: str | None, *codes: str | None) -> bool:
        return any(
            (one, code) == (role, held) and place in (None, institution)
            for one, place, held in self.held
            for code in (codes or (None,))
        )

    def all_of(self, institution: str | None) -> bool:
        return self.has("bi_reader", institution)

    def is_member(self, institution: str | None) -> bool:
        return any(role != "auditor" and place in (None, institution) for role, place, _ in self.held)

    def audits(self, institution: str | None) -> bool:
        return self.has("auditor", institution)

    def knows(self, institution: str | None) -> bool:
        return self.is_member(institution) or self.audits(institution)

    def unit(self, institution: str, unit: str) -> bool:
        leaders = [post for post, units in PORTFOLIOS.items() if unit in units]
        return (
            self.all_of(institution)
            or self.has("unit_reader", institution, unit)
            or (bool(leaders) and self.has("leader_reader", institution, *leaders))
        )

    def subject(self, institution: str, kind: str, code: str) -> bool:
        if kind == "institution":
            return self.is_member(institution)
        if kind == "office_holder":
            return self.has("portrait_reader", institution, code, None)
        return self.unit(institution, code)

    def steward(self, institution: str, department: str) -> bool:
        return self.has("steward", institution, department)


def of_subject(reader: Reader, row: Row) -> bool:
    return reader.subject(row["institution"], row["subject_kind"], row["subject_code"])


def reported(reader: Reader, row: Row) -> bool:
    own = reader.steward(row["institution"], row["department"])
    return of_subject(reader, row) or (own and row["subject_kind"] != "office_holder")


def of_institution(reader: Reader, row: Row) -> bool:
    return reader.is_member(row["institution"])


def of_log(reader: Reader, row: Row) -> bool:
    return reader.audits(row["institution"])


def for_nobody(reader: Reader, row: Row) -> bool:
    return False


def known(reader: Reader, row: Row) -> bool:
    return bool(reader.held)


def tree(reader: Reader, row: Row) -> bool:
    return any(role == "portrait_reader" for role, _, _ in reader.held) or (
        row["framework"] != POSTS and bool(reader.held)
    )


def task(reader: Reader, row: Row) -> bool:
    return row["framework"] != POSTS and reader.unit(row["institution"], row["unit"])


def rate(reader: Reader, row: Row) -> bool:
    if row["dimension"] == "unit":
        return reader.unit(row["institution"], row["code"])
    return of_institution(reader, row)


def warning(reader: Reader, row: Row) -> bool:
    if row["subject_kind"] == "unit":
        return of_subject(reader, row)
    is_own = reader.steward(row["institution"], row["subject_code"])
    return is_own or reader.unit(row["institution"], row["unit"])


def issue(reader: Reader, row: Row) -> bool:
    if row["framework"] == POSTS:
        return reader.subject(row["institution"], "office_holder", row["subject_code"])
    if reader.steward(row["institution"], row["department"]) or reader.all_of(row["institution"]):
        return True
    return row["subject_code"] is not None and reader.unit(row["institution"], row["subject_code"])


def document(reader: Reader, row: Row) -> bool:
    kind = {"post": "office_holder", "lead_unit": "unit"}.get(row["subject_kind"], row["subject_kind"])
    if kind is None:
        return of_institution(reader, row)
    return reader.subject(row["institution"], kind, row["subject_code"])


def copy(reader: Reader, row: Row) -> bool:
    kind = {"post": "office_holder"}.get(row["recipient_kind"], row["recipient_kind"])
    return document(reader, row) and reader.subject(row["institution"], kind, row["recipient_code"])


RULES: Mapping[str, Callable[[Reader, Row], bool]] = {
    **dict.fromkeys(
        (
            "fct_indicator_score", "fct_period_score", "fct_restated_score", "fct_score_change", "fct_robustness",
            "fct_leverage", "fct_lost_points", "fct_peer_gap", "fct_confirmation", "fct_assessment", "fct_objection",
            "heat_map",
        ),
        of_subject,
    ),
    **dict.fromkeys(("fct_item_score", "fct_cell_count"), reported),
    **dict.fromkeys(
        (
            "fct_band_count", "fct_data_quality", "fct_key_task", "fct_key_task_count", "fct_submission",
            "fct_publication",
        ),
        of_institution,
    ),
    **dict.fromkeys(("fct_rectification", "fct_rectification_event", "fct_consultation"), task),
    "fct_rectification_rate": rate,
    "fct_warning": warning,
    "fct_validation_issue": issue,
    "fct_issue_event": issue,
    "fct_publication_file": document,
    "fct_distribution": copy,
    "fct_item_flag": for_nobody,
    "fct_log_entry": of_log,
    "fct_membership": of_log,
    "dim_unit": lambda reader, row: reader.knows(row["institution"]),
    "dim_framework": lambda reader, row: tree(reader, {"framework": row["code"]}),
    "dim_institution": lambda reader, row: reader.knows(row["code"]),
    **dict.fromkeys(("dim_indicator", "dim_item"), tree),
    **dict.fromkeys(("dim_quarter", "dim_band", "dim_department"), known),
}  # fmt: skip
