"""The heat map as a workbook: units by first level, units by points, the school's quarters, notes.

Not here: how a cell is dressed (`sheets`), what is said of the whole (`headline`).
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

from orchestration.core.catalogue.models import Indicator, Unit
from orchestration.messages import Language
from orchestration.publishing.heat_map import follow_up_sheet, headline
from orchestration.publishing.heat_map.causes import causes, short_cause
from orchestration.publishing.heat_map.cells import ARROW_POINTS, Drawing, moved
from orchestration.publishing.heat_map.legend import legend
from orchestration.publishing.heat_map.model import HeatMap, Score
from orchestration.publishing.heat_map.revision import SHORT, Content, content_of
from orchestration.publishing.heat_map.sheets import MARK_WIDTH, NUMBER_WIDTH, Looks, Painter

_HEAD = 4
_NAME = 3  # the first column after code and name
_FACTS = ("change", "before", "low", "high", "coverage", "pending", "cause")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_xlsx(heat_map: HeatMap, language: Language, path: Path, content: Content | None = None) -> None:
    """Write the workbook of one language; equal heat maps give equal bytes.

    `content` is the heat map's, where the caller has computed it already.
    """
    book = _Book(Drawing(heat_map, language), (content or content_of(heat_map)).sha256, Workbook(), {})
    properties = book.file.properties
    properties.creator, properties.language = book.drawing.words.name(heat_map.institution), language
    properties.title = book.title
    book.file.remove(book.file.worksheets[0])
    if heat_map.scores:
        _units_sheet(book, "firsts", heat_map.firsts)
        if any(leaf.indicator.level > 1 for leaf in heat_map.leaves):
            _units_sheet(book, "points", [leaf.indicator for leaf in heat_map.leaves])
        _history_sheet(book)
        follow_up_sheet.fill(book.sheet("follow_up"), book.foot)
    _notes_sheet(book)
    buffer = io.BytesIO()
    book.file.save(buffer)
    path.write_bytes(_without_clock(buffer.getvalue()))


@dataclass(frozen=True)
class _Book:
    """One workbook in the making."""

    drawing: Drawing
    manifest: str
    file: Workbook
    looks: Looks

    @property
    def title(self) -> str:
        """Institution, quarter and state."""
        heat_map, words = self.drawing.heat_map, self.drawing.words
        quarter = words.quarter(heat_map.quarter)
        title = words.say("title", institution=words.name(heat_map.institution), quarter=quarter)
        return f"{title} · {words.say('provisional')}" if heat_map.provisional else title

    @property
    def foot(self) -> str:
        """What every printed page says of itself."""
        return f"{self.title} · {self.drawing.words.say('foot.manifest', hash=self.manifest[:SHORT])}"

    def sheet(self, key: str) -> Painter:
        """A new sheet with the title in its first row."""
        painter = Painter(
            self.drawing, self.file.create_sheet(self.drawing.words.say(f"sheet.{key}")), self.looks
        )
        painter.text(1, 1, self.title, bold=True, size=14)
        return painter


def _units_sheet(book: _Book, key: str, nodes: Sequence[Indicator]) -> None:
    """The school, then kind after kind; each score in two columns."""
    drawing, painter = book.drawing, book.sheet(key)
    heat_map, words = drawing.heat_map, drawing.words
    # The totals' facts stand once, beside the first level.
    are_told = key == "firsts"
    heads = [words.say("column.total"), *(f"{node.code} {words.name(node)}" for node in nodes)]
    _top(painter, heads, words.say("column.unit"), is_upright=are_told)
    for index, fact in enumerate(_FACTS if are_told else ()):
        painter.head(_HEAD, _NAME + 2 * len(heads) + index, words.say(f"column.{fact}"), columns=1)
    row = _HEAD + 1
    _unit_row(painter, row, None, nodes, are_told=are_told)
    for kind in heat_map.kinds:
        row += 1
        title = words.say("kind_count", kind=words.kind(kind.code), count=len(kind.units))
        painter.text(row, 1, title, bold=True, size=11)
        for unit in kind.units:
            row += 1
            _unit_row(painter, row, unit, nodes, are_told=are_told)
    widths = [7, _name_width(drawing), *([MARK_WIDTH, NUMBER_WIDTH] * len(heads))]
    painter.widths([*widths, *([8.0] * 5), 8.0, 44.0] if are_told else widths)
    _freeze(book, painter)


def _unit_row(
    painter: Painter, row: int, unit: Unit | None, nodes: Sequence[Indicator], *, are_told: bool
) -> None:
    heat_map, words = painter.drawing.heat_map, painter.drawing.words
    subject = unit.code if unit else heat_map.institution.code
    painter.text(row, 1, unit.code if unit else "")
    painter.text(row, 2, words.name(unit) if unit else words.say("school"), bold=unit is None)
    for index, node in enumerate((heat_map.root, *nodes)):
        key = (subject, node.code)
        decimals = 1 if index == 0 or unit is None else 0
        painter.score(row, _NAME + 2 * index, heat_map.now.get(key), heat_map.then.get(key), decimals)
    key = (subject, heat_map.root.code)
    if are_told and (now := heat_map.now.get(key)):
        _root_facts(painter, row, _NAME + 2 * (len(nodes) + 1), now, heat_map.then.get(key))


def _root_facts(painter: Painter, row: int, column: int, now: Score, before: Score | None) -> None:
    """Change, last quarter, bounds, coverage, what waits for a person, and cause of a total."""
    drawing = painter.drawing
    painter.change(row, column, moved(now, before))
    for offset, value in enumerate((before.score if before else None, now.score_low, now.score_high), 1):
        painter.number(row, column + offset, value, painter.picture(value, 1))
    painter.share(row, column + 4, now.coverage)
    if style := drawing.style(now.band_pending):
        painter.mark(row, column + 5, style.mark, style)
    clauses = causes(drawing.heat_map, drawing.words, now) or (
        short_cause(drawing.heat_map, drawing.words, now),
    )
    painter.text(row, column + 6, drawing.words.joined(clauses))


def _history_sheet(book: _Book) -> None:
    """The school's total, first-level nodes and points over the quarters shown."""
    painter = book.sheet("history")
    heat_map, words = book.drawing.heat_map, book.drawing.words
    _top(painter, heat_map.quarters, words.say("column.point"))
    leaves = [leaf.indicator for leaf in heat_map.leaves]
    inner = [heat_map.root, *(node for node in heat_map.firsts if node not in leaves)]
    for row, node in enumerate([*inner, *leaves], _HEAD + 1):
        painter.text(row, 1, node.code)
        painter.text(row, 2, words.name(node), bold=node in inner)
        rows = [heat_map.school.get((quarter, node.code)) for quarter in heat_map.quarters]
        for index, now in enumerate(rows):
            painter.score(row, _NAME + 2 * index, now, rows[index - 1] if index else None, 1)
    painter.widths([7, _name_width(book.drawing) + 6, *([MARK_WIDTH, NUMBER_WIDTH] * len(heat_map.quarters))])
    _freeze(book, painter)


def _notes_sheet(book: _Book) -> None:
    """What the colours and marks mean, and what the figures rest on."""
    painter, row = book.sheet("notes"), 3
    heat_map, words = book.drawing.heat_map, book.drawing.words
    lines = [words.say("empty.what", quarter=words.quarter(heat_map.quarter)), words.say("empty.why")]
    if heat_map.scores:
        lines = _explained(book)
        for entry in legend(book.drawing):
            painter.mark(row, 1, entry.style.mark, entry.style)
            counted = f"{entry.count}{entry.unit}{entry.before}"
            todo = headline.act(book.drawing, entry.style.band)
            for column, value in enumerate((entry.name, entry.threshold, counted, todo), 2):
                painter.text(row, column, value)
            row += 1
    for line in lines:
        row += 1
        painter.text(row, 1, line)
    painter.widths([5, 18, 22, 20, 60])
    painter.page(book.foot)


def _explained(book: _Book) -> list[str]:
    heat_map, words = book.drawing.heat_map, book.drawing.words
    thresholds = "/".join(words.points(edge, 0) for edge in words.thresholds[:-1])
    keys = (
        "mark.hollow",
        "mark.lid",
        "notes.mark_column",
        "notes.outline",
        "notes.corner",
        "notes.numbers",
        "notes.kinds",
    )
    return [
        *(words.say(key) for key in keys),
        words.say("mark.moved", points=ARROW_POINTS),
        "",
        words.say("foot.thresholds", thresholds=thresholds),
        *([words.provisional(heat_map.absent)] if heat_map.provisional else []),
        words.say("foot.source"),
        words.say("foot.catalogue", hash=heat_map.catalogue_hash),
        words.say("foot.version", version=heat_map.score_version),
        words.say("foot.manifest", hash=book.manifest),
    ]


def _top(painter: Painter, heads: Sequence[str], second: str, *, is_upright: bool = True) -> None:
    """The conclusion under the title, and the heads."""
    words = painter.drawing.words
    painter.text(2, 1, words.joined(headline.headline(painter.drawing)), size=11)
    painter.text(_HEAD, 1, words.say("column.code"))
    painter.text(_HEAD, 2, second)
    for index, head in enumerate(heads):
        painter.head(_HEAD, _NAME + 2 * index, head, is_upright=is_upright)
    longest = max(len(head) for head in heads) * (2 if painter.drawing.language == "zh-CN" else 1)
    height = 14.0 * (1 + longest // 8) if is_upright else 5.5 * longest
    painter.sheet.row_dimensions[_HEAD].height = min(200.0, height)


def _freeze(book: _Book, painter: Painter) -> None:
    painter.sheet.freeze_panes = painter.at(_HEAD + 1, _NAME).coordinate
    painter.page(book.foot, f"{_HEAD}:{_HEAD}", "A:B")


def _name_width(drawing: Drawing) -> float:
    """Room for the longest name: a Chinese character is twice as wide as a Latin one."""
    names = [drawing.words.name(unit) for unit in drawing.heat_map.units]
    return min(48.0, 4 + max((sum(2 if ord(c) > 0x2E7F else 1 for c in name) for name in names), default=12))


def _without_clock(content: bytes) -> bytes:
    """The same workbook without the times at which it was written."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(target, "w", ZIP_DEFLATED) as copy:
        for name in source.namelist():
            body = source.read(name)
            if name == "docProps/core.xml":
                body = re.sub(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>", b"", body)
            info = ZipInfo(name, _EPOCH)
            info.compress_type = ZIP_DEFLATED
            copy.writestr(info, body)
    return target.getvalue()
