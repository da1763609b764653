"""The copies of a final publication: listed, sent, opened, acknowledged, each a person's act and one way only.

The database holds the same order and rights (migration 0015). Not here: who gets which copy (`recipients`), the
publication itself (`publishing.publications`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString

import psycopg
from psycopg.rows import class_row

from orchestration.core.catalogue.models import Catalogue
from orchestration.stewardship.errors import StewardshipError, Term
from orchestration.stewardship.persons import Person, acting, find_person
from orchestration.stewardship.recipients import Subject, copies
from orchestration.warehouse.log import SYSTEM, Entry, append

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Copy:
    """A copy as it stands: whose, of which document, from which day, and its receipts so far."""

    id: int
    publication: int
    institution: str
    period: str
    document: str
    recipient_kind: str
    recipient_code: str
    rule: str
    visible_on: date
    sent_at: datetime | None
    sent_by: str | None
    opened_at: datetime | None
    acknowledged_at: datetime | None

    @property
    def state(self) -> str:
        """`listed`, `sent`, `opened` or `acknowledged`."""
        if self.acknowledged_at:
            return "acknowledged"
        if self.opened_at:
            return "opened"
        return "sent" if self.sent_at else "listed"


def may_publish(conn: Connection, person: str, institution: str) -> None:
    """StewardshipError, which says why, unless the person may publish for the institution."""
    acting(conn, person, "publish", institution)


def draw_up(conn: Connection, publication: int, catalogue: Catalogue, *, zone: str) -> int:
    """Write down who gets which copy, unless it is written; the number of copies that are new.

    `catalogue` as it holds in the period's last quarter; `zone` says which day the publication was made on.
    """
    row = conn.execute(_PUBLICATION, {"publication": publication, "zone": zone}).fetchone()
    if row is None:
        raise StewardshipError("publication_unknown", publication=publication)
    institution, published_on = row
    with conn.cursor(row_factory=class_row(Subject)) as cursor:
        documents = cursor.execute(_DOCUMENTS, [publication]).fetchall()
    new = 0
    for copy in copies(catalogue, institution, documents, published_on):
        new += conn.execute(_LIST, {"publication": publication, **vars(copy)}).rowcount
    if new:
        content = {"copies": new, "published_on": published_on}
        append(conn, [_entry(SYSTEM, "listed", institution, "publication", publication, content)])
    return new


def list_copies(conn: Connection, publication: int) -> list[Copy]:
    """Every copy of a publication, by document and recipient."""
    return _copies(
        conn,
        f"{_COPIES} where publication = %s order by document, recipient_kind, recipient_code",
        publication,
    )


def send(conn: Connection, person: str, publication: int, *, today: date) -> list[Copy]:
    """Send every copy whose day has come and that was not sent; those sent. `today` is the day in the office.

    Refused for a draft, and for a revision that a later one replaced; what was sent of it keeps its receipts.
    """
    row = conn.execute(
        "select institution, is_draft from ops.publication where id = %s", [publication]
    ).fetchone()
    if row is None:
        raise StewardshipError("publication_unknown", publication=publication)
    acting(conn, person, "publish", row[0])
    if row[1]:
        raise StewardshipError("draft_not_sent", publication=publication)
    later = conn.execute(_LATER, [publication]).fetchone()
    if later is not None:
        raise StewardshipError("superseded", publication=publication, later=later[0])
    sent = conn.execute(_SEND, {"publication": publication, "person": person, "today": today}).fetchall()
    found = [copy for copy in list_copies(conn, publication) if (copy.id,) in sent]
    append(conn, [_told(copy, person, "sent", {"on": today}) for copy in found])
    return found


def open_copy(conn: Connection, person: str, copy: int) -> Copy:
    """Note that the recipient opened its copy; by an active person of the unit, or of the post."""
    return _receive(conn, person, copy, "opened")


def acknowledge(conn: Connection, person: str, copy: int, note: str | None = None) -> Copy:
    """Note that the recipient has read its copy, after it was opened; by a person as for `open_copy`."""
    return _receive(conn, person, copy, "acknowledged", note)


_BEFORE = {"opened": "sent", "acknowledged": "opened"}


def _receive(conn: Connection, person: str, copy: int, act: str, note: str | None = None) -> Copy:
    found = _copies(conn, f"{_COPIES} where distribution.id = %s for update of distribution", copy)
    if not found:
        raise StewardshipError("copy_unknown", copy=copy)
    one = found[0]
    _of_recipient(conn, person, one)
    if one.state != _BEFORE[act]:
        state = Term(f"copy.{one.state}")
        raise StewardshipError("copy_not_from_here", copy=copy, state=state, act=Term(f"copy.act.{act}"))
    if person == one.sent_by:
        raise StewardshipError("own_copy", person=person)
    statement: LiteralString = _OPEN if act == "opened" else _ACKNOWLEDGE
    conn.execute(statement, [person, copy])
    append(conn, [_told(one, person, act, {} if note is None else {"note": note})])
    return _copies(conn, f"{_COPIES} where distribution.id = %s", copy)[0]


def _of_recipient(conn: Connection, person: str, copy: Copy) -> Person:
    """The active person of the unit or post that the copy is for."""
    actor = find_person(conn, person)
    if actor is None:
        raise StewardshipError("person_unknown", person=person)
    if not actor.is_active:
        raise StewardshipError("person_retired", person=person)
    mine = {copy.recipient_code}
    if copy.recipient_kind == "post":
        mine |= {unit for (unit,) in conn.execute(_UNIT_OF_POST, [copy.publication, copy.recipient_code])}
    if actor.institution != copy.institution or actor.unit not in mine:
        raise StewardshipError("other_unit", person=person, unit=copy.recipient_code)
    return actor


def _copies(conn: Connection, query: LiteralString, number: int) -> list[Copy]:
    with conn.cursor(row_factory=class_row(Copy)) as cursor:
        return cursor.execute(query, [number]).fetchall()


def _told(copy: Copy, person: str, act: str, content: dict[str, object]) -> Entry:
    to = {"document": copy.document, "recipient": copy.recipient_code, "publication": copy.publication}
    return _entry(person, act, copy.institution, "copy", copy.id, {**to, **content})


def _entry(
    actor: str, act: str, institution: str, kind: str, number: int, content: dict[str, object]
) -> Entry:
    return Entry(actor, f"copy.{act}", institution, None, kind, str(number), content)


_PUBLICATION: LiteralString = """
    select institution, (created_at at time zone %(zone)s::text)::date
    from ops.publication where id = %(publication)s"""
_LATER: LiteralString = """
    select later.id from ops.publication
    join ops.publication as later using (institution, kind, period, is_draft)
    where publication.id = %s and later.revision > publication.revision
    order by later.revision desc
    limit 1"""
_DOCUMENTS: LiteralString = """
    select distinct document, subject_kind, subject_code from ops.publication_file
    where publication = %s and document is not null"""
_LIST: LiteralString = """
    insert into ops.distribution (publication, document, recipient_kind, recipient_code, rule, visible_on)
    values (%(publication)s, %(document)s, %(recipient_kind)s, %(recipient_code)s, %(rule)s, %(visible_on)s)
    on conflict do nothing"""
_COPIES: LiteralString = """
    select distribution.id, publication, publication.institution, publication.period, document, recipient_kind,
        recipient_code, rule, visible_on, sent_at, sent_by, opened_at, acknowledged_at
    from ops.distribution
    join ops.publication on publication.id = distribution.publication"""
_SEND: LiteralString = """
    update ops.distribution set sent_at = now(), sent_on = %(today)s, sent_by = %(person)s
    where publication = %(publication)s and visible_on <= %(today)s and sent_at is null
    returning id"""
_OPEN: LiteralString = "update ops.distribution set opened_at = now(), opened_by = %s where id = %s"
_ACKNOWLEDGE: LiteralString = (
    "update ops.distribution set acknowledged_at = now(), acknowledged_by = %s where id = %s"
)
_UNIT_OF_POST: LiteralString = """
    select posts.unit from ops.publication
    join catalogue.posts using (catalogue_hash, institution)
    where publication.id = %s and posts.code = %s and posts.unit is not null"""
