"""SQL sources: departments whose figures lie in a database instead of a file.

`QINGYUAN_SOURCES` names a YAML file: `department: {url | url_file, queries: {framework: sql}}`. A query's
rows become a CSV file with the query's column names as headers and go the way of every file. Queries only
read and may use `:institution` and `:quarter`. Not here: drivers (SQLAlchemy finds them), reading, judging.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, SecretStr, model_validator

from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.incoming import Incoming

_READING = ("select", "with", "values", "table")


class SourceError(Exception):
    """A SQL source could not be asked; the sentence names no password."""


class Source(BaseModel):
    """One department's database and its query per framework."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    url: SecretStr | None = None
    url_file: Path | None = None
    queries: Mapping[str, str]

    @model_validator(mode="after")
    def _check(self) -> "Source":
        if (self.url is None) == (self.url_file is None):
            raise ValueError("name either url or url_file")
        for framework, query in self.queries.items():
            if not query.lstrip(" \t\r\n(").casefold().startswith(_READING):
                raise ValueError(f"the query of {framework} must begin with one of {', '.join(_READING)}")
        return self

    def address(self) -> str:
        """The URL, from its file where one is named."""
        if self.url_file is not None:
            return self.url_file.read_text(encoding="utf-8").strip()
        return self.url.get_secret_value() if self.url else ""


@dataclass(frozen=True)
class QueriedFile:
    """A query's answer as a file `<department>.<framework>.csv`, asked for when it is received."""

    file_name: str
    source: Source = field(repr=False)
    query: str = field(repr=False)
    institution: str
    quarter: str
    version: str | None = None

    def fetch(self) -> bytes:
        """The rows as UTF-8 CSV with a byte order mark. Raises SourceError."""
        headers, rows = _ask(self)
        page = io.StringIO(newline="")
        writer = csv.writer(page)
        writer.writerow(headers)
        writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
        return page.getvalue().encode("utf-8-sig")


def read_sources(path: Path | None) -> dict[str, Source]:
    """The sources by department; none without a file. Raises SourceError where the file does not fit."""
    if path is None:
        return {}
    try:
        parsed = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        return {department: Source.model_validate(source) for department, source in parsed.items()}
    except yaml.MarkedYAMLError as error:  # its own words quote the line, which may hold an address
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SourceError(f"{path}: line {line} is not YAML") from None
    except (OSError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise SourceError(f"{path}: {error}") from None


def find_sources(
    sources: Mapping[str, Source], catalogue: Catalogue, quarters: Sequence[str]
) -> list[Incoming]:
    """One Incoming for each institution, quarter and department that has a source."""
    known = {row.code for row in catalogue.departments}
    return [
        Incoming(
            institution.code,
            quarter,
            department,
            tuple(
                QueriedFile(f"{department}.{framework}.csv", source, query, institution.code, quarter)
                for framework, query in sorted(source.queries.items())
            ),
        )
        for institution in catalogue.institutions
        for quarter in quarters
        for department, source in sorted(sources.items())
        if department in known
    ]


def _ask(file: QueriedFile) -> tuple[list[str], list[Sequence[Any]]]:
    import sqlalchemy as sa

    try:
        engine = sa.create_engine(_address(file), poolclass=sa.NullPool)
        with engine.connect() as conn:
            _read_only(conn)
            # Bound, never pasted; whatever the query did is rolled back when the connection closes.
            query = sa.text(file.query)
            values = {"institution": file.institution, "quarter": file.quarter}
            wanted = {name: value for name, value in values.items() if name in query.compile().params}
            answer = conn.execute(query, wanted)
            return list(answer.keys()), [tuple(row) for row in answer]
    except (sa.exc.SQLAlchemyError, OSError, ImportError) as error:
        # Its own words may hold the address: the class and, from the driver, the first line are enough.
        said = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
        raise SourceError(f"{file.file_name}: the source could not be read ({said})") from None


def _address(file: QueriedFile) -> Any:
    """The URL, understood. Part of a password with an unescaped sign in it would be taken for a host or a port."""
    import sqlalchemy as sa

    try:
        url = sa.make_url(file.source.address())
    except (sa.exc.ArgumentError, ValueError):
        url = None
    if url is None or "@" in (url.host or ""):
        raise SourceError(
            f"{file.file_name}: the source's url cannot be read; signs in its password are written as %40 for @"
        )
    return url


def _read_only(conn: Any) -> None:
    """Let the database itself refuse writing, where it knows how."""
    import sqlalchemy as sa

    statement = {
        "postgresql": "set transaction read only",
        "sqlite": "pragma query_only = on",
    }.get(conn.dialect.name)
    if statement:
        conn.execute(sa.text(statement))
