"""What the owners of marts may read, and which of those rows the login that asks may see: declared here, once.

Marts are views of mart_owner, so that inside a table's policy `current_user` is the caller, and `ops.readable` what
the caller may read by membership. mart_whole owns the marts whose figures need every row; they filter by themselves
(`dbt_project/macros/marts/readable.sql`). A table that is not named here is for neither of them.
Not here: memberships (migration 0025), who may name which mart (dbt's grants).
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

# As a select of its own it is asked once a query, and what is asked for every row comes last.
FOR_OFFICE = "(select current_user in ('pipeline', 'owner'))"
SCHEMAS = ("raw", "catalogue", "quality", "ops", "scores", "audit")


@dataclass(frozen=True)
class Reads:
    """Of one table: `rows` says which rows a caller sees in a mart of mart_owner; None: every one.

    `marts` and `whole`: whether mart_owner and mart_whole may read it at all. `columns`: only these.
    """

    rows: str | None = None
    marts: bool = True
    whole: bool = False
    columns: str | None = None


def _places(institution: str, *kinds: str) -> str:
    """Of every institution where a membership of these kinds names none; else of the institutions that they name."""
    among = " or ".join(f"kind = '{kind}'" for kind in kinds) or "true"
    return (
        f"(exists (select from ops.readable where readable.institution is null and ({among}))"
        f" or {institution} in (select readable.institution from ops.readable"
        f" where readable.institution is not null and ({among})))"
    )


def _subject(institution: str, kind: str, code: str) -> str:
    """Rows of one subject: for who reads all but office-holders, and for who may read this one."""
    return (
        f"({kind} <> 'office_holder' and {_places(institution, 'all')}"
        f" or ({institution}, {kind}, {code}) in (select readable.institution, readable.kind, readable.code"
        " from ops.readable where kind in ('institution', 'unit', 'office_holder', 'department')))"
    )


def _unit(unit: str) -> str:
    return _subject("institution", "'unit'", unit)


def _reported(kind: str) -> str:
    """Rows of the department that reported them, for its steward; what is about office-holders is not for stewards."""
    return (
        f"{kind} <> 'office_holder' and (institution, department) in (select readable.institution, readable.code"
        " from ops.readable where kind = 'department')"
    )


def _copied(kind: str, code: str) -> str:
    """Files and copies, by the subject or recipient that each names, in the institution of its publication."""
    everywhere = _places("publication.institution", "all")
    as_read = f"case {kind} when 'post' then 'office_holder' when 'lead_unit' then 'unit' else {kind} end"
    return f"""
        {kind} is distinct from 'post'
        and publication in (select publication.id from ops.publication where {everywhere})
        or {kind} is null and publication in (select publication.id from ops.publication)
        or (publication, {as_read}, {code}) in (
            select publication.id, readable.kind, readable.code
            from ops.publication join ops.readable on readable.institution = publication.institution
            where readable.kind in ('institution', 'unit', 'office_holder')
        )"""


_MEMBERS = _places("institution", "all", "institution")
_SUBJECT = _subject("institution", "subject_kind", "subject_code")
_KIND = (  # of what names its tree and its subject alone
    "case when framework in (select frameworks.code from catalogue.frameworks"
    " where frameworks.subject_kind = 'office_holder') then 'office_holder' else 'unit' end"
)
_BY_FRAMEWORK = _subject("institution", _KIND, "subject_code")
_OF_VERSION = "score_version in (select score_version.score_version from ops.score_version)"

READS: Mapping[str, Reads] = {
    # Of one subject
    "scores.indicator_score": Reads(_SUBJECT, whole=True),
    "scores.item_score": Reads(f"{_SUBJECT} or {_reported('subject_kind')}", whole=True),
    "scores.score_change": Reads(_SUBJECT),
    "scores.robustness": Reads(_SUBJECT),
    "scores.leverage": Reads(_SUBJECT),
    "scores.lost_points": Reads(_SUBJECT),
    "scores.peer_gap": Reads(_SUBJECT),
    "scores.item_flag": Reads("false"),  # for the method board alone
    "ops.confirmation": Reads(_SUBJECT, whole=True),
    "quality.confirmation": Reads(_SUBJECT),
    "quality.confirmation_pending": Reads(_SUBJECT),
    "quality.objection": Reads(_BY_FRAMEWORK, whole=True),
    # A unit sees what was found in its own row, a steward what the department reported.
    "quality.issue": Reads(f"{_BY_FRAMEWORK} or {_reported(_KIND)}", whole=True),
    "quality.waiver": Reads("issue in (select issue.id from quality.issue)"),
    # A department's warning is its steward's, and the unit's that is to act.
    "quality.warning": Reads(f"{_SUBJECT} or subject_kind = 'department' and {_unit('unit')}", whole=True),
    # Tasks about office-holders name no subject: they are for no login.
    "quality.rectification": Reads(
        f"{_KIND} <> 'office_holder' and {_unit('unit')}",
        whole=True,
        columns="id, institution, framework, unit, indicator, severity, severity_rank, source, source_ref,"
        " supervision_mode, task, measure, responsible_post, state, opened_at, opened_on, due_on, original_due_on,"
        " asked_due_on, submitted_on, document, document_on, rechecked_on, struck_off_on, extensions,"
        " consultations, needs_consultation",
    ),
    "quality.rectification_step": Reads(
        "rectification in (select rectification.id from quality.rectification)",
        columns="id, rectification, act, from_state, to_state, unit, at, done_on, document, document_on, due_on,"
        " severity, held_on, units, conclusion",
    ),
    # Of the institution
    "raw.submission": Reads(_MEMBERS, whole=True),
    "ops.current_version": Reads(_MEMBERS, whole=True),
    "ops.score_version": Reads(_MEMBERS, whole=True),
    "ops.restated_version": Reads(_MEMBERS, whole=True),
    "ops.contested_version": Reads(_MEMBERS),
    "ops.score_version_submission": Reads(_OF_VERSION, whole=True),
    "ops.score_version_decision": Reads(_OF_VERSION),
    "ops.publication": Reads(_MEMBERS),
    "ops.publication_file": Reads(_copied("subject_kind", "subject_code")),
    "ops.distribution": Reads(_copied("recipient_kind", "recipient_code")),
    "ops.person": Reads(
        f"{_MEMBERS} or institution is null and exists (select from ops.readable)",
        columns="code, institution, department",
    ),
    "quality.key_task_now": Reads(marts=False, whole=True),
    "quality.assessment_now": Reads(marts=False, whole=True),
    "ops.warning_scope": Reads(marts=False, whole=True),
    "ops.warning_rule": Reads(marts=False, whole=True),
    # The log, and who may read: for auditors; and what was done to an issue, for who may read the issue
    "audit.entry": Reads(
        f"{_places('institution', 'log')} or object_kind = 'issue' and object_id in ("
        "select cast(issue.id as text) from quality.issue)"
    ),
    "ops.membership": Reads(_places("institution", "log")),
    # The catalogue: who and what there is in an institution is known to its members.
    "catalogue.institutions": Reads(_places("code", "all", "institution"), whole=True),
    "catalogue.units": Reads(_MEMBERS, whole=True),
    "catalogue.posts": Reads(_MEMBERS, whole=True),
    "catalogue.item_overrides": Reads(_MEMBERS, whole=True),
    **{
        f"catalogue.{table}": Reads(whole=True)
        for table in (
            "frameworks",
            "departments",
            "indicators",
            "items",
            "item_steps",
            "bands",
            "colour_caps",
        )
    },
}


def declare(execute: Callable[[str], object]) -> None:
    """Make it so, as the tables' owner, in the caller's transaction: nothing else remains granted to either role."""
    for schema in SCHEMAS:
        execute(f"revoke all on all tables in schema {schema} from mart_owner, mart_whole")
    execute("grant select on ops.readable to mart_owner, mart_whole")
    for table, reads in READS.items():
        for statement in _statements(table, reads):
            execute(statement)


def fingerprint() -> str:
    """64 hex digits of all that is declared here."""
    said = [statement for table, reads in READS.items() for statement in _statements(table, reads)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _statements(table: str, reads: Reads) -> Iterator[str]:
    columns = f" ({reads.columns})" if reads.columns else ""
    for role in (*("mart_owner",) * reads.marts, *("mart_whole",) * reads.whole):
        yield f"grant select{columns} on {table} to {role}"
    if reads.rows is None:
        return
    yield f"alter table {table} enable row level security"
    for policy, condition in (
        ("pipeline_all to pipeline using (true) with check", "true"),
        ("marts_read for select to mart_owner using", f"{FOR_OFFICE} or {reads.rows}"),
        *((("marts_whole for select to mart_whole using", "true"),) if reads.whole else ()),
    ):
        name, rest = policy.split(" ", 1)
        yield f"drop policy if exists {name} on {table}"
        yield f"create policy {name} on {table} {rest} ({condition})"
