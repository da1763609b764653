"""What each quarter waits for: files in the inbox that nobody looked at, and a basis that moved.

Compared anew at every look, so that nothing is remembered that a crash could lose. Not here: starting a run
(`sensors`), taking files in (`receive`).
"""

import hashlib
import time
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.inbox import QUIET_SECONDS, find_deliveries
from orchestration.intake.incoming import DeliveredFile, Incoming, content_version
from orchestration.intake.receiving.landing import storable_text
from orchestration.warehouse.basis import owing_departments
from orchestration.warehouse.looked_at import Look, Place, looked_at, note_looked_again
from orchestration.warehouse.moved import moves

# How often a file is read whose store tells no time: its content is all that tells.
AGAIN = timedelta(seconds=60)
Met = dict[tuple[Place, str], tuple[float, str]]


class Watch:
    """Looks with one connection (autocommit) and one reading of the catalogue.

    `met` holds when files whose store tells no time were first met as they are; when it is lost they are waited
    for anew.
    """

    def __init__(self, conn: psycopg.Connection[Any], inbox_url: str, catalogue: Catalogue, met: Met) -> None:
        self._conn, self._inbox_url, self._catalogue, self._met = conn, inbox_url, catalogue, met
        self._at: dict[str, tuple[Catalogue, set[str], set[str]]] = {}
        self._owing: dict[tuple[str, str], set[str]] = {}

    def look(self) -> dict[str, str]:
        """A digest of what each quarter waits for; quarters that wait for nothing are left out.

        The digest is the same as long as the quarter waits for the same.
        """
        lines: dict[str, list[str]] = defaultdict(list)
        noted = looked_at(self._conn)
        for incoming in find_deliveries(self._inbox_url, self._catalogue, patience=0)[0]:
            place = (incoming.institution, incoming.quarter, incoming.department)
            if self._is_known(*place):
                versions = self._versions(place, incoming, noted.get(place, {}))
                if versions != {name: look.version for name, look in noted.get(place, {}).items()}:
                    lines[incoming.quarter] += [f"{place} {one}" for one in sorted(versions.items())]
        for quarter, moved in moves(self._conn, self._owes).items():
            lines[quarter] += [f"{move.institution} {move.kind} {move.what}" for move in moved]
        return {
            quarter: hashlib.sha256("\n".join(found).encode()).hexdigest()[:12]
            for quarter, found in lines.items()
        }

    def _versions(self, place: Place, incoming: Incoming, noted: Mapping[str, Look]) -> dict[str, str]:
        """The versions by file name; those noted where a file is not complete or cannot be read now."""
        files = {storable_text(file.file_name): file for file in incoming.files}
        told = {name: file.version for name, file in files.items() if file.version is not None}
        if len(told) == len(files):
            return told
        as_noted = {name: look.version for name, look in noted.items()}
        if set(files) == set(noted) and min(look.at for look in noted.values()) > datetime.now(UTC) - AGAIN:
            return as_noted | told
        for name in set(files) - set(told):
            version = self._quiet((place, name), files[name], as_noted.get(name))
            if version is None:
                return as_noted
            told[name] = version
        if told == as_noted:
            note_looked_again(self._conn, place)
        return told

    def _quiet(self, key: tuple[Place, str], file: DeliveredFile, noted: str | None) -> str | None:
        """The version by content, None until two looks far enough apart found the same."""
        try:
            version = content_version(file.fetch())
        except OSError:
            return None
        now = time.monotonic()
        since, before = self._met.get(key, (now, version))
        if version == noted:
            self._met.pop(key, None)
            return version
        self._met[key] = (since if before == version else now, version)
        return version if before == version and now - since >= QUIET_SECONDS else None

    def _is_known(self, institution: str, quarter: str, department: str) -> bool:
        """Whether a run would read the file: institution and department are valid in the quarter."""
        if quarter not in self._at:
            rows = self._catalogue.at(quarter)
            self._at[quarter] = (
                rows,
                {row.code for row in rows.institutions},
                {row.code for row in rows.departments},
            )
        _, institutions, departments = self._at[quarter]
        return institution in institutions and department in departments

    def _owes(self, institution: str, quarter: str, department: str) -> bool:
        if not self._is_known(institution, quarter, department):
            return False
        if (institution, quarter) not in self._owing:
            self._owing[institution, quarter] = owing_departments(self._at[quarter][0], institution)
        return department in self._owing[institution, quarter]
