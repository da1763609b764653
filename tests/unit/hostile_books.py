"""Files that mean harm, or that a disk or a mail program harmed. Built here, never kept in the repository."""

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Mapping

import xlwt
from xlwt import CompoundDoc

from orchestration.sandbox.addresses import address
from tests.unit.reading_books import DUE, ERRORS, HELD, Rows, book, lines

ROWS: Rows = [
    ["2026年第三季度"],
    ["单位", HELD, DUE, ERRORS],
    ["内科", 3, 4, 0],
    ["外科", "５", "—", "1.2万"],
]
GOOD = book({"care": ROWS}, merges={"care": ["A1:D1"]})
GOOD_TEXT = lines(ROWS, encoding="gb18030")
SHEET, STYLES, STRINGS = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"
WORKBOOK, TYPES = "xl/workbook.xml", "[Content_Types].xml"
Change = Callable[[bytes], bytes]


def good_legacy() -> bytes:
    """The same rows as an .xls."""
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("care")
    for row, values in enumerate(ROWS):
        for column, value in enumerate(values):
            sheet.write(row, column, value)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def with_record(number: int, data: bytes) -> bytes:
    """An .xls with one more record in its workbook stream."""
    workbook = xlwt.Workbook()
    workbook.add_sheet("care").write(0, 0, "单位")
    target = io.BytesIO()
    stream = workbook.get_biff_data() + struct.pack("<HH", number, len(data)) + data
    CompoundDoc.XlsDoc().save(target, stream)
    return target.getvalue()


def altered(
    changes: Mapping[str, Change] | None = None,
    add: Mapping[str, bytes] | None = None,
    packing: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """The good workbook with parts changed or added."""
    source, target = zipfile.ZipFile(io.BytesIO(GOOD)), io.BytesIO()
    changes, added = dict(changes or {}), dict(add or {})
    with zipfile.ZipFile(target, "w", packing) as copy:
        for member in source.infolist():
            part = source.read(member)
            change = changes.pop(member.filename, None)
            copy.writestr(member.filename, change(part) if change else part)
        for name, part in added.items():
            copy.writestr(name, part)
    assert not changes, changes
    return target.getvalue()


def swap(old: bytes, new: bytes) -> Change:
    """Replace what must be there."""

    def change(part: bytes) -> bytes:
        assert old in part, (old, part[:400])
        return part.replace(old, new, 1)

    return change


def cells(xml: bytes) -> bytes:
    """The good workbook with these rows instead of its own."""

    def change(part: bytes) -> bytes:
        start, end = part.index(b"<sheetData>"), part.index(b"</sheetData>")
        return part[: start + len(b"<sheetData>")] + xml + part[end:]

    return altered({SHEET: change})


def merged(*areas: str) -> bytes:
    """The good workbook with these merged ranges."""
    xml = b"".join(b'<mergeCell ref="%s"/>' % area.encode() for area in areas)
    return altered({SHEET: lambda part: re.sub(rb'<mergeCell ref="A1:D1" ?/>', xml, part, count=1)})


def bomb(megabytes: int) -> bytes:
    """A workbook whose sheet unpacks to so many megabytes of space."""
    return altered({SHEET: swap(b"</sheetData>", b" " * (megabytes * 1_000_000) + b"</sheetData>")})


def lying_bomb() -> bytes:
    """A bomb whose directory declares a thousand bytes."""
    content = bytearray(bomb(30))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        real = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    return bytes(content).replace(real, (1_000).to_bytes(4, "little"))


def named(name: str) -> bytes:
    """A workbook with one more part of this name."""
    return altered(add={name: b"x"})


def twice() -> bytes:
    """A workbook with two parts of one name: who looks first and who reads see different sheets."""
    target = io.BytesIO(GOOD)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(SHEET.upper(), b"<worksheet/>")
    return target.getvalue()


LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (letter + 1, b"&%c;" % letter * 20) for letter in range(ord("a"), ord("j"))
    )
    + b"]>"
)


def with_strings(xml: bytes, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The good workbook with a part of shared strings, as Excel writes one; its first key is the first string."""
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = b'<Relationship Id="rS" Type="%s" Target="sharedStrings.xml"/></Relationships>' % kind
    content_type = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % content_type
    key = "内科".encode()
    changes = {
        "xl/_rels/workbook.xml.rels": swap(b"</Relationships>", relation),
        TYPES: swap(b"</Types>", override),
        SHEET: swap(b't="inlineStr"><is><t>%s</t></is>' % key, b't="s"><v>0</v>'),
    }
    return altered(changes, {STRINGS: xml}, packing)


def shared(*items: str, doctype: bytes = b"") -> bytes:
    """The XML of shared strings."""
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    body = b"".join(b"<si>%s</si>" % item.encode() for item in items)
    return doctype + b'<sst xmlns="%s">%s</sst>' % (main, body)


def laughing() -> bytes:
    """Billion laughs in the shared strings."""
    return with_strings(shared("<t>&j;</t>", doctype=LAUGHS))


def fetching() -> bytes:
    """An external entity that would read a file."""
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return altered({SHEET: lambda part: entity + part[part.index(b"<worksheet") :]})


def inserted(xml: bytes) -> bytes:
    """The good workbook with more before the rows of its sheet, packed loosely."""
    return altered({SHEET: swap(b"<sheetData>", xml + b"<sheetData>")}, packing=zipfile.ZIP_STORED)


def sheets(number: int) -> bytes:
    """Very many names of sheets for one part."""
    space = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    entry = b'<sheet name="s%d" sheetId="%d" r:id="rId1" xmlns:r="%s"/>'
    entries = b"".join(entry % (at, at, space) for at in range(2, number + 2))
    return altered({WORKBOOK: swap(b"</sheets>", entries + b"</sheets>")})


def formulas(rows: int, text: bytes) -> bytes:
    """One long formula shared by many rows, none with a value."""
    first = b'<row r="1"><c r="A1"><f t="shared" ref="A1:A9" si="0">%s</f></c></row>' % text
    others = b'<row r="%d"><c r="A%d"><f t="shared" si="0"/></c></row>'
    return cells(first + b"".join(others % (row, row) for row in range(2, rows + 1)))


def macro_typed() -> bytes:
    """A workbook with macros that was renamed .xlsx."""
    return altered({TYPES: swap(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")})


def linked(kind: str, mode: str = "External") -> bytes:
    """A workbook with one more relation."""
    relation = f'<Relationship Id="rX" Type="http://x/{kind}" Target="http://example.invalid/a" TargetMode="{mode}"/>'
    close = b"</Relationships>"
    return altered({"xl/_rels/workbook.xml.rels": swap(close, relation.encode() + close)})


def strings(number: int) -> bytes:
    """Very many shared strings, packed so loosely that no ratio tells."""
    return with_strings(shared(*["<t>内科</t>"] * number), zipfile.ZIP_STORED)


def styles(number: int) -> bytes:
    """Very many cell formats, packed loosely."""
    formats = b'<xf fontId="0"/>' * number + b"</cellXfs>"
    return altered({STYLES: swap(b"</cellXfs>", formats)}, packing=zipfile.ZIP_STORED)


def dense(rows: int, columns: int, *, is_blank: bool = False) -> bytes:
    """A sheet with very many small cells, no two alike; or all blank but for a format."""
    letters = [address(1, column)[:-1] for column in range(1, columns + 1)]
    xml = []
    for row in range(1, rows + 1):
        filled = (
            f'<c r="{at}{row}" s="0"/>' if is_blank else f'<c r="{at}{row}"><v>{row * 7919 % 9973}</v></c>'
            for at in letters
        )
        xml.append(f'<row r="{row}">{"".join(filled)}</row>')
    return cells("".join(xml).encode())


def noise(length: int, seed: int = 1) -> bytes:
    """Random bytes."""
    return random.Random(seed).randbytes(length)


def encrypted() -> bytes:
    """A workbook whose directory says that its parts are encrypted."""
    content = bytearray(GOOD)
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def strict() -> bytes:
    """Saved as Strict Open XML."""
    old, new = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    return altered({WORKBOOK: swap(old, new), SHEET: swap(old, new)})


def harmed(content: bytes, seed: int) -> bytes:
    """The file after a disk or a mail program had it: bytes flipped, the end cut off, a block doubled."""
    chance = random.Random(seed)
    place = chance.randrange(len(content))
    match seed % 3:
        case 0:
            return content[:place]
        case 1:
            return (
                content[:place] + bytes([content[place] ^ (1 << chance.randrange(8))]) + content[place + 1 :]
            )
    return content[:place] + content[max(0, place - chance.randrange(400)) :]
