"""The catalogue's folder read and checked, its faults in words, and its rows copied into the warehouse.

Not here: what makes a catalogue valid, its hash (`core.catalogue`); the tables (migration 0002).
"""

from collections.abc import Iterable
from pathlib import Path

from psycopg import Connection

from orchestration.core.catalogue.checks import check_structure
from orchestration.core.catalogue.faults import CatalogueError, Fault, stems
from orchestration.core.catalogue.hashing import catalogue_hash, hashed_tables
from orchestration.core.catalogue.models import Catalogue, Row
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.messages import Language, text
from orchestration.warehouse.copying import copying

# One writer of catalogues at a time: two that wrote several in different orders would wait for each other.
_LOCK = "select pg_advisory_xact_lock(hashtext('qingyuan'), hashtext('catalogue'))"


def read_catalogue(directory: Path) -> Catalogue:
    """Every row of the catalogue in `directory`, of all quarters.

    Raises CatalogueError where a file is absent, is not UTF-8, or holds a fault of columns, cells or keys.
    """
    if not directory.is_dir():
        raise CatalogueError([Fault(str(directory), None, "folder_absent")])
    files: dict[str, str] = {}
    faults: list[Fault] = []
    for stem in stems().values():
        path = directory / f"{stem}.csv"
        if not path.is_file():
            continue
        content = path.read_bytes()
        try:
            files[stem] = content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            faults.append(Fault(path.name, line, "not_utf8", {"found": f"0x{content[error.start]:02X}"}))
    if faults:
        raise CatalogueError(faults)
    return parse_catalogue(files)


def checked_catalogue(directory: Path, quarter: str) -> Catalogue:
    """The rows valid in `quarter`, known to make up a catalogue that can be scored; else CatalogueError."""
    catalogue = read_catalogue(directory).at(quarter)
    if faults := check_structure(catalogue):
        raise CatalogueError(faults)
    return catalogue


def store_catalogue(conn: Connection[tuple[object, ...]], catalogue_at_quarter: Catalogue) -> str:
    """Copy the catalogue under its hash, unless it is there, and return the hash.

    In the caller's transaction: nobody sees the rows before it commits. Of two processes that store the same
    catalogue the second waits for the first and then writes nothing.
    """
    name = catalogue_hash(catalogue_at_quarter)
    known = "select 1 from catalogue.version where catalogue_hash = %s"
    if conn.execute(known, [name]).fetchone():
        return name
    conn.execute(_LOCK)
    if conn.execute(known, [name]).fetchone():
        return name
    conn.execute("insert into catalogue.version (catalogue_hash) values (%s)", [name])
    for stem, rows in hashed_tables(catalogue_at_quarter):
        _copy(conn, stem, rows, name)
    return name


def _copy(conn: Connection[tuple[object, ...]], table: str, rows: Iterable[Row], name: str) -> None:
    rows = tuple(rows)
    if not rows:
        return
    columns = tuple(type(rows[0]).model_fields)
    with copying(conn, "catalogue", table, ("catalogue_hash", *columns)) as copy:
        for row in rows:
            copy.write_row([name, *(getattr(row, column) for column in columns)])


def fault_text(fault: Fault, language: Language) -> str:
    """The fault as one sentence: file, row, reason and what to do."""
    comma = text("catalogue.list_comma", language)
    values = {
        key: comma.join(map(str, value)) if isinstance(value, tuple) else value
        for key, value in fault.values.items()
    }
    where = text(
        "catalogue.in_file" if fault.row is None else "catalogue.in_row",
        language,
        file=fault.file,
        row=fault.row,
    )
    return where + text(f"catalogue.{fault.reason_key}", language, **values)
