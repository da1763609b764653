"""A first pass over the XML of an .xlsx, piece by piece: how large it really is, and what it leads to.

It runs before openpyxl, which builds whatever it is told to. Not here: the reach of one sheet (`extent.py`), values.
"""

import posixpath
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from xml.parsers import expat

from orchestration.core.returns import LIST_SHEET
from orchestration.sandbox.archive import chunks
from orchestration.sandbox.extent import Extent
from orchestration.sandbox.findings import RefusedError
from orchestration.sandbox.limits import Limits

_STRICT = "http://purl.oclc.org/ooxml/"
_DEEPEST = 100
_COMMENTS = ("comments", "xml")  # and the drawing of their boxes
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
    """What the first pass found: how far the sheets reach, and the names of sheets by part."""

    rows: int = 0
    columns: int = 0
    has_troubled_formulas: bool = False
    elements: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    list_counts: Counter[str] = field(default_factory=Counter)
    lists: set[str] = field(default_factory=set)  # parts that are returned workbooks' lists
    comments: dict[str, int] = field(default_factory=dict)  # parts of comments and their drawings → elements
    names: dict[str, str] = field(default_factory=dict)  # relation → name of the sheet
    relations: dict[str, str] = field(default_factory=dict)  # part → relation

    def title(self, part: str) -> str:
        """The name of the sheet in `part`, as a person sees it."""
        file = posixpath.basename(part)
        return self.names.get(self.relations.get(file, ""), file)


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
        self._root, self._depth, self._elements = "", 0, 0
        self._allowed = 1
        self._extent: Extent | None = None

    def run(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        """Parse the part if it is XML; whatever else it is, nobody reads it."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        place, last_mark = 0, 0
        for chunk in chunks(archive, member):
            if place == 0 and b"<" not in chunk[:64]:
                return
            mark = chunk.rfind(b">")
            last_mark = place + mark if mark >= 0 else last_mark
            place += len(chunk)
            if place - last_mark > self._limits.token:  # parsers start over on a piece that does not end
                raise self._complex()
            parser.Parse(chunk, False)
        if place:
            parser.Parse(b"", True)
        self._found.elements += self._elements
        if self._root in _COMMENTS:
            self._found.comments[self._part] = self._elements
        self._note_extent()

    def _note_extent(self) -> None:
        if self._extent is not None:
            self._found.rows = max(self._found.rows, self._extent.rows)
            self._found.columns = max(self._found.columns, self._extent.columns)
            self._found.has_troubled_formulas |= self._extent.has_troubled_formulas

    def _complex(self) -> RefusedError:
        return RefusedError("workbook_too_complex", found=self._part)

    def _doctype(self, *_: object) -> None:
        raise RefusedError("unsafe_markup", found=self._part)

    def _text(self, text: str) -> None:
        if self._extent is not None:
            self._extent.text(len(text))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        namespace, _, local = name.rpartition("}")
        if self._depth == 1:
            self._enter(namespace, local)
        if self._elements > self._allowed or self._depth > _DEEPEST:
            raise self._complex()
        if self._extent is not None:
            self._extent.start(local, attributes)
        elif self._depth > 1:
            self._elsewhere(local, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._extent is not None:
            self._extent.end(name.rpartition("}")[2])

    def _enter(self, namespace: str, root: str) -> None:
        limits = self._limits
        self._root = root
        if root == "workbook" and namespace.startswith(_STRICT):
            raise RefusedError("strict_ooxml")
        if root == "macrosheet":
            raise RefusedError("has_macros", found=self._part)
        if root == "worksheet":
            title = self._found.title(self._part)
            # A returned workbook's list may be longer than the department's own sheets, and is not read.
            is_list = title == LIST_SHEET
            counts = self._found.list_counts if is_list else self._found.counts
            self._found.lists |= {self._part} if is_list else set()
            self._extent = Extent(title, self._part, limits, counts)
        own = {
            "worksheet": limits.elements,
            "sst": limits.string_elements,
            "styleSheet": limits.style_elements,
            **dict.fromkeys(_COMMENTS, limits.elements),  # left out before anything is built of them
        }
        self._allowed = min(own.get(root, limits.other_elements), limits.elements - self._found.elements)

    def _elsewhere(self, local: str, attributes: dict[str, str]) -> None:
        if self._root == "workbook" and local == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith("}id")), "")
            self._found.names[relation] = attributes.get("name", "")
            self._found.counts["sheet"] += 1
            if self._found.counts["sheet"] > self._limits.sheets:
                raise self._complex()
        elif self._root == "Relationships":
            self._relation(attributes)
        elif self._root == "Types":
            self._content_type(attributes.get("ContentType", "").casefold())

    def _relation(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "")
        is_outside = attributes.get("TargetMode") == "External" and kind != "hyperlink"
        if is_outside or kind in ("externalLink", "connections"):
            raise RefusedError("has_external_links", found=target)
        if kind == "worksheet":
            self._found.relations[posixpath.basename(target)] = attributes.get("Id", "")

    def _content_type(self, kind: str) -> None:
        if "macro" in kind or "vbaproject" in kind:
            raise RefusedError("has_macros", found=kind.rpartition(".")[2] or kind)
