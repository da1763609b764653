"""Gives a submission back: its files as one marked workbook, made in a limited child process.

Reads the database and writes nothing. Not here: who may return what (the acts on issues), taking the workbook
back (`intake.receiving.returned`).
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any, NamedTuple

import psycopg

from orchestration.core.catalogue.models import Catalogue
from orchestration.sandbox.process import ChildEndedError, ChildProcess
from orchestration.settings import Settings
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.returning import sentences
from orchestration.stewardship.returning.marks import Submission, find_spots, find_submission
from orchestration.stewardship.returning.request import Request, SourceFile

CHILD = "orchestration.stewardship.returning.child"
# Reading one file is bounded by the settings; a returned workbook is read, marked and written.
_TIMES_READING = 5
_PROBES = 200
_log = logging.getLogger(__name__)
Connection = psycopg.Connection[Any]


class Returned(NamedTuple):
    """A returned workbook: the file name under which it may lie in the inbox again, and its bytes."""

    file_name: str
    content: bytes


def return_workbook(
    conn: Connection, catalogue_at_quarter: Catalogue, submission: int, settings: Settings
) -> Returned:
    """The files of `submission` as one .xlsx with every unmended issue marked and listed, and a token.

    A file that cannot be opened has no sheet in it, and the first sheet says so. Raises StewardshipError
    (`unknown_submission`) where there is none, RuntimeError where no child process can be started.
    """
    found = find_submission(conn, submission)
    if found is None:
        raise StewardshipError("unknown_submission", submission=submission)
    files, content = _files(conn, found)
    spots = find_spots(conn, found)
    request = Request(
        files=files,
        marks=sentences.marks_of(spots, found),
        listing=sentences.listing_of(found, catalogue_at_quarter, len(spots)),
        said=sentences.said(),
    )
    return Returned(f"{found.department}.xlsx", _made(request, content, settings))


def _files(conn: Connection, submission: Submission) -> tuple[list[SourceFile], bytes]:
    """The delivered files and their bytes, one after another; a destroyed one is left out."""
    rows = conn.execute(
        "select own.file_name, own.encoding, file.content from raw.submission_file as own"
        " inner join raw.file as file using (sha256) where own.submission = %s order by own.file_name",
        (submission.id,),
    ).fetchall()
    files = []
    for name, encoding, content in rows:
        framework, probes = _probes(conn, submission, name)
        title = framework or PurePath(name).stem
        files.append(SourceFile(name, len(content), encoding, title, probes))
    return files, b"".join(content for _, _, content in rows)


def _probes(
    conn: Connection, submission: Submission, name: str
) -> tuple[str | None, Sequence[Sequence[str]]]:
    """What was read of a CSV file, where it stood, and under which framework."""
    if not name.casefold().endswith(".csv"):
        return None, ()
    rows = conn.execute(
        "select framework, address, left(raw_text, 100) from raw.cell where quarter = %s and submission = %s"
        " and file_name = %s and raw_text is not null order by row_number limit %s",
        (submission.quarter, submission.id, name, _PROBES),
    ).fetchall()
    return (rows[0][0] if rows else None), [(address, text) for _, address, text in rows]


def _made(request: Request, content: bytes, settings: Settings) -> bytes:
    """The child's workbook; where the files break it, one that holds the list alone."""
    seconds, memory_mb = settings.parse_seconds * _TIMES_READING, settings.parse_memory_mb
    failure = ""
    for attempt in (request, _without_files(request)):
        child = ChildProcess(CHILD, seconds, memory_mb)
        try:
            answer = child.ask(attempt.to_json(), content if attempt.files else b"")
        except ChildEndedError as end:
            failure = "too slow" if end.too_slow else end.how
        else:
            child.end()
            if "failure" not in answer.data:
                return answer.content
            failure = f"{answer.data['failure']}\n{answer.data.get('trace', '')}"
        _log.warning("a workbook could not be returned with its sheets: %s", failure)
    raise RuntimeError(f"no returned workbook could be made: {failure}")


def _without_files(request: Request) -> Request:
    names = ", ".join(file.name for file in request.files)
    note = request.said["not_opened"].format(file=names, found="–")
    listing = replace(request.listing, lines=[*request.listing.lines, note])
    return replace(request, files=(), listing=listing)
