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
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", re.IGNORECASE)
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
        self._allowed = limits.elements - found.elements
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
        self._found.elements += self._elements

    def _doctype(self, *_: object) -> None:
        raise RefusedError("unsafe_markup", found=self._part)

    def _characters(self, text: str) -> None:
        self._has_text = True

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._elements > self._allowed or self._depth > _DEEPEST:
            raise RefusedError("workbook_too_complex", found=self._part)
        namespace, _, local = name.rpartition("}")
        if self._depth == 1:
            self._enter(namespace, local)
        elif self._root == "worksheet":
            self._in_sheet(local, attributes)
        else:
            self._elsewhere(local, attributes)

    def _enter(self, namespace: str, root: str) -> None:
        self._root = root
        if root in ("styleSheet", "sst"):
            self._allowed = min(self._allowed, self._limits.shared_elements)
        if root == "workbook" and namespace.startswith(_STRICT):
            raise RefusedError("strict_ooxml")
        if root == "macrosheet":
            raise RefusedError("has_macros", found=self._part)

    def _in_sheet(self, local: str, attributes: dict[str, str]) -> None:
        if local == "c":
            self._cell(attributes)
        elif local in ("v", "is", "f"):
            self._has_text = False
            self._has_formula = self._has_formula or local == "f"
        elif local == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif local == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _elsewhere(self, local: str, attributes: dict[str, str]) -> None:
        if self._root == "workbook" and local == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith("}id")), "")
            self._found.sheets[relation] = attributes.get("name", "")
        elif self._root == "Relationships":
            self._relation(attributes)
        elif self._root == "Types":
            self._content_type(attributes.get("ContentType", "").casefold())

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._root != "worksheet":
            return
        if name.endswith(("}v", "}is")):
            self._has_content = self._has_content or self._has_text
        elif name.endswith("}c") and (self._has_content or self._has_formula):
            self._reach(self._row, self._column)
            has_no_value = not self._has_content and self._type != "str"
            if self._has_formula and (has_no_value or self._type == "e"):
                self._found.has_troubled_formulas = True

    def _cell(self, attributes: dict[str, str]) -> None:
        self._type = attributes.get("t", "n")
        self._has_formula = self._has_content = False
        if "r" in attributes:
            self._row, self._column = self._place(attributes["r"])
        else:
            self._column += 1
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
        (top, left), (bottom, right) = self._place(first), self._place(last or first)
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

    def _place(self, reference: str) -> tuple[int, int]:
        """(row, column) of `F17`."""
        place = _PLACE.fullmatch(reference)
        if place is None:
            raise RefusedError("file_unreadable", found=f"{self._part} {reference}")
        column = 0
        for letter in place[1].upper():
            column = column * 26 + ord(letter) - ord("A") + 1
        return int(place[2]), column

    def _content_type(self, kind: str) -> None:
        if "macro" in kind or "vbaproject" in kind:
            raise RefusedError("has_macros", found=kind.rpartition(".")[2] or kind)
