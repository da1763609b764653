"""A first pass over the XML of an .xlsx, piece by piece: how large it really is, and what it leads to.

It runs before openpyxl, which builds whatever it is told to. Sizes are those of cells with content, never the
declared dimension. Not here: the values.
"""

import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

from orchestration.intake.reading.archive import chunks
from orchestration.intake.reading.findings import RefusedError
from orchestration.intake.reading.grid import address
from orchestration.intake.reading.spec import Limits

_STRICT = "http://purl.oclc.org/ooxml/"
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_DEEPEST = 100
_BROKEN = (
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
)


@dataclass
class Survey:
    """What the first pass found, over all sheets: the last row and column with content, and counts."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    elements: int = 0
    has_troubled_formulas: bool = False  # without a stored value, or with an error value
    sheets: dict[str, str] = field(default_factory=dict)  # relation → name of the sheet
    targets: dict[str, str] = field(default_factory=dict)  # part → relation

    def sheet(self, part: str) -> str:
        """The sheet that `part` holds, by the name a person sees."""
        return self.sheets.get(self.targets.get(posixpath.basename(part), ""), posixpath.basename(part))


def survey(archive: zipfile.ZipFile, limits: Limits) -> Survey:
    """One pass over every part that is XML. Raises RefusedError at the first thing that must not be."""
    found = Survey()
    # The workbook and its relations first: they name the sheets.
    for member in sorted(archive.infolist(), key=lambda member: "worksheets" in member.filename.casefold()):
        try:
            _Pass(member.filename, found, limits).run(archive, member)
        except _BROKEN as error:
            raise RefusedError("file_unreadable", found=member.filename) from error
    return found


class _Pass:
    """The pass over one part."""

    def __init__(self, part: str, found: Survey, limits: Limits) -> None:
        self._part, self._found, self._limits = part, found, limits
        self._root, self._depth, self._elements, self._merges, self._merged = "", 0, 0, 0, 0
        self._row, self._column = 0, 0
        self._type, self._has_formula, self._has_text, self._has_content = "n", False, False, False

    def run(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        """Parse the part if it is XML; whatever else it is, nobody reads it."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        is_first = True
        for chunk in chunks(archive, member):
            if is_first and b"<" not in chunk[:64]:
                return
            is_first = False
            parser.Parse(chunk, False)
        if not is_first:
            parser.Parse(b"", True)

    def _doctype(self, *_: object) -> None:
        raise RefusedError("unsafe_markup", found=self._part)

    def _characters(self, text: str) -> None:
        self._has_text = True

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition("}")
        self._count(local)
        if self._depth == 1:
            self._root = local
            self._refuse_root(namespace)
        match self._root, local:
            case "worksheet", "row":
                self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            case "worksheet", "c":
                self._cell(attributes)
            case "worksheet", "v" | "is" | "f":
                self._has_text = False
                self._has_formula = self._has_formula or local == "f"
            case "worksheet", "mergeCell":
                self._merge(attributes.get("ref", ""))
            case "workbook", "sheet":
                relation = next((value for key, value in attributes.items() if key.endswith("}id")), "")
                self._found.sheets[relation] = attributes.get("name", "")
            case "Relationships", "Relationship":
                self._relation(attributes)
            case "Types", _:
                self._content_type(attributes.get("ContentType", "").casefold())

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._root != "worksheet":
            return
        local = name.rpartition("}")[2]
        if local in ("v", "is"):
            self._has_content = self._has_content or self._has_text
        elif local == "c" and (self._has_content or self._has_formula):
            self._reach(self._row, self._column)
            has_no_value = not self._has_content and self._type != "str"
            if self._has_formula and (has_no_value or self._type == "e"):
                self._found.has_troubled_formulas = True

    def _count(self, local: str) -> None:
        self._depth += 1
        self._elements += 1
        self._found.elements += 1
        shared = self._root in ("styleSheet", "sst") and self._elements > self._limits.shared_elements
        if shared or self._found.elements > self._limits.elements or self._depth > _DEEPEST:
            raise RefusedError("workbook_too_complex", found=self._part)

    def _refuse_root(self, namespace: str) -> None:
        if self._root == "workbook" and namespace.startswith(_STRICT):
            raise RefusedError("strict_ooxml")
        if self._root == "macrosheet":
            raise RefusedError("has_macros", found=self._part)

    def _cell(self, attributes: dict[str, str]) -> None:
        self._type = attributes.get("t", "n")
        self._has_formula = self._has_content = False
        place = _PLACE.fullmatch(attributes.get("r", ""))
        self._column = _column(place[1]) if place else self._column + 1
        self._row = int(place[2]) if place else self._row
        self._found.cells += 1
        if self._found.cells > self._limits.cells:
            self._too_large("sheet_too_many_cells", f"{self._limits.cells:,}+", f"{self._limits.cells:,}")

    def _reach(self, row: int, column: int) -> None:
        found, limits = self._found, self._limits
        found.rows, found.columns = max(found.rows, row), max(found.columns, column)
        if (
            found.rows > limits.rows
            or found.columns > limits.columns
            or found.rows * found.columns > limits.area
        ):
            self._too_large("sheet_too_large", address(row, column), address(limits.rows, limits.columns))

    def _merge(self, reference: str) -> None:
        self._merges += 1
        if self._merges > self._limits.merges:
            self._too_large("too_many_merges", f"{self._limits.merges:,}+", f"{self._limits.merges:,}")
        first, _, last = reference.partition(":")
        corners = [_PLACE.fullmatch(corner) for corner in (first, last or first)]
        places = [(int(corner[2]), _column(corner[1])) for corner in corners if corner]
        if len(places) != 2:
            raise RefusedError("file_unreadable", found=f"{self._part} {reference}")
        (top, left), (bottom, right) = places
        self._merged += (abs(bottom - top) + 1) * (abs(right - left) + 1)
        if self._merged > self._limits.area:
            self._too_large("merges_too_large", reference, f"{self._limits.area:,}")

    def _too_large(self, rule: str, found: str, expected: str) -> None:
        raise RefusedError(rule, sheet=self._found.sheet(self._part), found=found, expected=expected)

    def _relation(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "")
        if kind in ("externalLink", "connections") or (
            attributes.get("TargetMode") == "External" and kind != "hyperlink"
        ):
            raise RefusedError("has_external_links", found=target)
        if kind == "worksheet":
            self._found.targets[posixpath.basename(target)] = attributes.get("Id", "")

    def _content_type(self, kind: str) -> None:
        if "macro" in kind or "vbaproject" in kind:
            raise RefusedError("has_macros", found=kind.rpartition(".")[2] or kind)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
