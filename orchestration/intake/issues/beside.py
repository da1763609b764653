"""Faults that no file has by itself: nothing delivered, an own row unsigned, an upheld objection not heeded.

And what persons decided before: approved claims are no faults, corrected values end an objection.
Not here: the rules of a file (`expectations`), acts of persons (`stewardship`).
"""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from expectations import Contract
from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.frames.spots import Spot, shown
from orchestration.intake.issues.issue import Fault
from orchestration.warehouse.log import SYSTEM, Entry
from orchestration.warehouse.own_rows import own_rows

CLAIM = "not_applicable_claimed"
Connection = psycopg.Connection[Any]
Where = tuple[str, str, str]
"""(institution, quarter, department)."""


def not_delivered(contract: Contract) -> Fault:
    """The fault of a department that delivered nothing in a quarter that is over."""
    return _fault("not_delivered", contract, Spot(""))


def unsigned_rows(
    conn: Connection, where: Where, submission: int, catalogue: Catalogue, contract: Contract
) -> list[Fault]:
    """The rows of the department's own units whose values no other department has counter-signed."""
    units = [row.code for row in catalogue.units if (row.institution, row.reports_as) == (where[0], where[2])]
    if not units:
        return []
    return [
        _fault(
            "own_row_unsigned",
            contract,
            Spot(
                row.source_file,
                row.source_sheet,
                row.source_cell,
                framework=row.framework,
                subject=row.subject_code,
            ),
        )
        for row in own_rows(conn, where, submission, units)
        if not row.is_signed
    ]


def upheld_objections(
    conn: Connection, where: Where, submission: int, contract: Contract
) -> tuple[list[Fault], list[Entry]]:
    """Upheld objections whose value the submission reports again; those it corrects are lifted and logged."""
    rows = conn.execute(_UPHELD, {**_named(where), "submission": submission}).fetchall()
    faults, lifted = [], []
    for objection, is_same, framework, subject, item, file, sheet, cell, value, denominator, note in rows:
        if is_same:
            found = " / ".join(filter(None, (shown(value), shown(denominator))))
            spot = Spot(
                *(file, sheet, cell, framework, subject, item), found=found, values={"note": note or ""}
            )
            faults.append(_fault("objection_upheld", contract, spot))
            continue
        conn.execute("delete from quality.cell_decision where objection = %s", [objection])
        content = {"department": where[2], "submission": submission}
        lifted.append(
            Entry(SYSTEM, "objection.lifted", where[0], where[1], "objection", str(objection), content)
        )
    return faults, lifted


def unsettled(conn: Connection, where: Where, faults: Sequence[Fault]) -> list[Fault]:
    """The faults without claims that a second person has approved."""
    if not any(fault.rule == CLAIM for fault in faults):
        return list(faults)
    approved = set(
        conn.execute(
            "select framework, subject_code, item from quality.cell_decision"
            " where institution = %s and quarter = %s and decision = 'not_applicable'",
            where[:2],
        )
    )
    return [
        fault
        for fault in faults
        if fault.rule != CLAIM or (fault.spot.framework, fault.spot.subject, fault.spot.item) not in approved
    ]


def submission_entry(
    where: Where, submission: int, number: int, state: str, files: Iterable[str], **content: object
) -> Entry:
    """The log's entry on a submission, accepted or refused."""
    told = {"department": where[2], "number": number, "files": list(files), **content}
    return Entry(SYSTEM, f"submission.{state}", where[0], where[1], "submission", str(submission), told)


def _fault(rule: str, contract: Contract, spot: Spot) -> Fault:
    return Fault(rule, contract.beside[rule], contract.message(rule), spot, is_cell=False)


def _named(where: Where) -> dict[str, str]:
    return dict(zip(("institution", "quarter", "department"), where, strict=True))


_UPHELD = """
    select objection.id,
        (now_reported.value, now_reported.denominator) is not distinct from (objection.value, objection.denominator),
        objection.framework, objection.subject_code, objection.item, now_reported.source_file,
        now_reported.source_sheet, now_reported.source_cell, objection.value, objection.denominator, objection.note
    from quality.cell_decision as decision
    join quality.objection on objection.id = decision.objection
    left join raw.observation as now_reported
        on now_reported.quarter = objection.quarter and now_reported.submission = %(submission)s
        and now_reported.framework = objection.framework
        and now_reported.subject_code = objection.subject_code and now_reported.item = objection.item
    where
        decision.institution = %(institution)s and decision.quarter = %(quarter)s
        and objection.department = %(department)s and objection.state = 'upheld'
    order by objection.id"""
