"""Files that mean harm, read by the real child process: each is refused by name, and the next file reads.

Limits are those of the shipped settings: five seconds and 512 MB a file.
"""

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator

import psutil
import pytest

from orchestration.core.delivery import Delivery
from orchestration.intake.reading.reader import IncomingFile, Reader
from tests.unit import hostile_books as hostile
from tests.unit.reading_books import SPEC, figures, rules

SECONDS, MEGABYTES = 5.0, 512
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(SECONDS, MEGABYTES) as reader:
        yield reader


def read(reader: Reader, content: bytes, name: str = "money.xlsx") -> Delivery:
    return reader.read([IncomingFile(name, content)], SPEC)


def lives(reader: Reader) -> bool:
    """Whether the next good file reads."""
    delivery = read(reader, hostile.GOOD)
    [table] = delivery.tables
    assert delivery.findings == ()
    return figures(table) == {"U1": [3.0, 4.0, 0.0], "U2": [5.0, None, 12000.0]}


def children() -> set[psutil.Process]:
    """The reading processes of all readers."""
    return {
        row for row in psutil.Process().children() if "orchestration.intake.reading.child" in row.cmdline()
    }


Case = tuple[str, str, Callable[[], bytes]]
HOSTILE: list[Case] = [
    ("archive_too_large", "xlsx", lambda: hostile.bomb(100)),
    ("archive_too_dense", "xlsx", lambda: hostile.bomb(40)),
    ("file_unreadable", "xlsx", hostile.lying_bomb),
    ("archive_too_many_parts", "xlsx", lambda: hostile.altered(add={f"xl/media/{n}": b"" for n in range(5_000)})),
    ("sheet_too_large", "xlsx", lambda: hostile.cells(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
    ("sheet_too_large", "xlsx", lambda: hostile.cells(b'<row><c r="AAA9"><v>1</v></c></row>')),
    ("sheet_too_many_cells", "xlsx", lambda: hostile.dense(4_010, 50)),
    ("sheet_too_many_cells", "xlsx", lambda: hostile.dense(20_010, 10, is_blank=True)),
    ("file_unreadable", "xlsx", lambda: hostile.cells(b'<row r="1"><c r="A99999999"><v>1</v></c></row>')),
    ("file_unreadable", "xlsx", lambda: hostile.cells(b'<row r="x"><c><v>1</v></c></row>')),
    ("workbook_too_complex", "xlsx", lambda: hostile.cells(b"<a>" * 5_000 + b"</a>" * 5_000)),
    ("workbook_too_complex", "xlsx", lambda: hostile.strings(600_000)),
    ("workbook_too_complex", "xlsx", lambda: hostile.styles(1_000_000)),
    ("workbook_too_complex", "xlsx", lambda: hostile.sheets(20_000)),
    ("workbook_too_complex", "xlsx", lambda: hostile.inserted(b'<col min="1" max="9"/>' * 200_000)),
    ("workbook_too_complex", "xlsx", lambda: hostile.inserted(b'<x a="' + b"x" * 19_000_000 + b'"/>')),
    ("workbook_too_complex", "xlsx", lambda: hostile.inserted(b"<x>" + b"x" * 19_000_000 + b"</x>")),
    ("workbook_too_complex", "xlsx", lambda: hostile.formulas(5_000, b"(" * 8_000)),
    ("sheet_too_many_rows", "xlsx", lambda: hostile.cells(b"".join(b'<row r="%d"/>' % n for n in range(1, 70_100)))),
    ("unsafe_markup", "xlsx", hostile.laughing),
    ("unsafe_markup", "xlsx", hostile.fetching),
    ("has_external_links", "xlsx", lambda: hostile.named("xl/externalLinks/externalLink1.xml")),
    ("has_external_links", "xlsx", lambda: hostile.named("xl/connections.xml")),
    ("has_external_links", "xlsx", lambda: hostile.linked("externalLink")),
    ("has_external_links", "xlsx", lambda: hostile.linked("image")),
    ("has_macros", "xlsx", lambda: hostile.named("xl/vbaProject.bin")),
    ("has_macros", "xlsx", lambda: hostile.named("xl/macrosheets/sheet1.xml")),
    ("has_macros", "xlsx", hostile.macro_typed),
    ("has_macros", "xls", lambda: hostile.good_legacy() + "_VBA_PROJECT_CUR".encode("utf-16-le")),
    ("has_macros", "xls", lambda: hostile.with_record(0x85, b"\0\0\0\0\0\1\1\0x")),
    ("has_external_links", "xls", lambda: hostile.with_record(0x1AE, b"\1\0\6\0\1\1other")),
    ("password_protected", "xls", lambda: hostile.with_record(0x2F, b"\0" * 6)),
    ("unsafe_archive", "xlsx", lambda: hostile.named("../../etc/cron.d/x")),
    ("unsafe_archive", "xlsx", lambda: hostile.named("/etc/passwd")),
    ("unsafe_archive", "xlsx", lambda: hostile.named("..\\x")),
    ("unsafe_archive", "xlsx", lambda: hostile.named("C:/x")),
    ("unsafe_archive", "xlsx", hostile.twice),
    ("too_many_merges", "xlsx", lambda: hostile.merged(*(f"F{row}:G{row}" for row in range(1, 1_002)))),
    ("merges_too_large", "xlsx", lambda: hostile.merged("A1:XFD1048576")),
    ("file_unreadable", "xlsx", lambda: hostile.merged("A1:", "::")),
    ("strict_ooxml", "xlsx", hostile.strict),
    ("password_protected", "xlsx", hostile.encrypted),
    ("password_protected", "xlsx", lambda: OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")),
    ("extension_belies_content", "xlsx", lambda: b"\x89PNG\r\n\x1a\n" + hostile.noise(5_000)),
    ("extension_belies_content", "xlsx", lambda: hostile.noise(10_000_000)),
    ("extension_belies_content", "xlsx", hostile.good_legacy),
    ("extension_belies_content", "xlsx", lambda: hostile.GOOD_TEXT),
    ("extension_belies_content", "xls", lambda: hostile.GOOD),
    ("extension_belies_content", "xls", lambda: b"<html><table><tr><td>1</td></tr></table></html>"),
    ("extension_belies_content", "csv", lambda: hostile.GOOD),
    ("extension_belies_content", "csv", lambda: hostile.noise(10_000_000)),
    ("file_unreadable", "xls", lambda: OLE + hostile.noise(10_000_000)),
    ("file_unreadable", "xls", lambda: hostile.good_legacy()[:2_000]),
    ("file_unreadable", "xlsx", lambda: hostile.GOOD[: len(hostile.GOOD) // 2]),
    ("file_unreadable", "xlsx", lambda: b"PK\x03\x04" + hostile.noise(10_000_000)),
    ("file_empty", "xlsx", lambda: b""),
    ("file_empty", "xls", lambda: b""),
    ("file_empty", "csv", lambda: b""),
    ("file_too_large", "csv", lambda: b"a" * 50_000_000),
    ("text_broken", "csv", lambda: b"a" * 15_000_000),
    ("text_broken", "csv", lambda: b'"' * 15_000_001),
    ("text_broken", "csv", lambda: b"," * 15_000_000 + b"1"),
    ("sheet_too_large", "csv", lambda: b"ab\n" * 6_000_000),
    ("file_type_refused", "xlsm", lambda: hostile.GOOD),
    ("file_type_refused", "xlsb", lambda: hostile.GOOD),
    ("file_type_refused", "et", hostile.good_legacy),
    ("file_type_refused", "exe", lambda: b"MZ"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "extension", "build"), HOSTILE, ids=[f"{n}-{row[0]}" for n, row in enumerate(HOSTILE)]
)
def test_refused_by_name_and_the_next_file_reads(
    reader: Reader, rule: str, extension: str, build: Callable[[], bytes]
) -> None:
    content = build()
    started = time.monotonic()
    delivery = read(reader, content, f"money.{extension}")
    taken = time.monotonic() - started
    assert rules(delivery) == [rule], delivery.findings
    assert delivery.tables == ()
    assert delivery.findings[0].severity == "block"
    assert taken < SECONDS
    assert lives(reader)


@pytest.mark.parametrize("areas", [("A3:B4", "B4:C5", "C5:A3"), ("D4:A1",), ("A1:D1", "A1:D1"), ("A2:A2",)])
def test_odd_merges_break_nothing(reader: Reader, areas: tuple[str, ...]) -> None:
    read(reader, hostile.merged(*areas))
    assert lives(reader)


def test_a_hyperlink_is_no_external_link(reader: Reader) -> None:
    assert rules(read(reader, hostile.linked("hyperlink"))) == []


def test_a_file_that_takes_too_long() -> None:
    others = children()
    with Reader(0.6, MEGABYTES) as hasty:
        assert lives(hasty)
        [first] = children() - others
        started = time.monotonic()
        delivery = read(hasty, hostile.dense(3_990, 50))
        assert rules(delivery) == ["file_too_slow"]
        assert delivery.findings[0].values["expected"] == "0.6 s"
        assert time.monotonic() - started < 4
        assert not first.is_running()
        assert lives(hasty)


def test_a_file_that_takes_too_much_memory() -> None:
    with Reader(60, 110) as poor:
        assert lives(poor)
        assert rules(read(poor, hostile.dense(3_990, 50))) == ["file_over_memory"]
        assert lives(poor)


def test_the_largest_sheet_allowed_stays_within_the_memory() -> None:
    with Reader(60, MEGABYTES) as patient:
        assert rules(read(patient, hostile.dense(3_990, 50))) == ["header_absent"]
        assert lives(patient)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGSEGV])
def test_a_child_that_died_idle_is_replaced(sign: signal.Signals) -> None:
    others = children()
    with Reader(SECONDS, MEGABYTES) as reader:
        assert lives(reader)
        [victim] = children() - others
        os.kill(victim.pid, sign)
        # Seen dead without being waited for: its parent is still to learn of it.
        while victim.is_running() and victim.status() != psutil.STATUS_ZOMBIE:
            os.sched_yield()
        assert lives(reader)
        assert children() - others != {victim}


def test_one_child_for_all_files_and_none_afterwards() -> None:
    others = children()
    with Reader(SECONDS, MEGABYTES) as reader:
        assert lives(reader)
        [process] = children() - others
        assert lives(reader)
        assert children() - others == {process}
        assert process.environ() == {}  # no secrets for a file that takes it over
    assert not process.is_running()


def test_a_bad_file_spoils_no_other_of_its_submission(reader: Reader) -> None:
    files = [IncomingFile("money.xlsx", b"PK\x03\x04rubbish"), IncomingFile("money.csv", hostile.GOOD_TEXT)]
    delivery = reader.read(files, SPEC)
    assert [(found.rule, found.file_name) for found in delivery.findings] == [
        ("file_unreadable", "money.xlsx")
    ]
    assert [table.file_name for table in delivery.tables] == ["money.csv"]
    assert delivery.encodings == {"money.csv": "GB18030"}


@pytest.mark.parametrize(
    ("name", "content"),
    [("money.xlsx", hostile.GOOD), ("money.xls", hostile.good_legacy()), ("money.csv", hostile.GOOD_TEXT)],
)
def test_a_harmed_file_is_read_or_refused(reader: Reader, name: str, content: bytes) -> None:
    assert rules(read(reader, content, name)) == []
    answers = [read(reader, hostile.harmed(content, seed), name) for seed in range(200)]
    assert all(delivery.tables or delivery.findings for delivery in answers)
    assert "file_too_slow" not in {rule for delivery in answers for rule in rules(delivery)}
    assert sum(bool(delivery.findings) for delivery in answers) > 60
    assert lives(reader)


def test_a_part_of_the_archive_that_was_harmed_is_noticed(reader: Reader) -> None:
    target = io.BytesIO(hostile.GOOD)
    with zipfile.ZipFile(target) as archive:
        place = archive.getinfo(hostile.SHEET).header_offset + 120
    content = bytearray(hostile.GOOD)
    content[place] ^= 0xFF
    assert rules(read(reader, bytes(content))) == ["file_unreadable"]


def test_noise_on_standard_output_is_no_answer() -> None:
    program = """
import os, sys
from orchestration.sandbox import child, wire
requests, answers = child._private_pipes()
print("noise", flush=True); os.write(1, b"noise"); os.write(2, b"noise"); sys.stdout.write("noise")
wire.send(answers, b"ready")
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=60)
    assert ended.stdout == b"\0\0\0\0\0\0\0\x05ready"
    assert ended.stderr == b""


def test_the_child_is_light() -> None:
    program = """
import sys
import orchestration.intake.reading.child
from orchestration.intake.reading import parse
import openpyxl, xlrd
loaded = {name.partition(".")[0] for name in sys.modules if sys.modules[name] is not None}
print(*sorted(loaded & {"numpy", "pandas", "dagster", "dbt", "great_expectations", "pydantic", "sqlalchemy", "yaml"}))
"""
    ended = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=True, timeout=60)
    assert ended.stdout.split() == []
