"""The heat map as a workbook: units by first level, units by points, the school's quarters, notes.

Not here: how a cell is dressed (`sheets`), what is said of the whole (`headline`).
"""

import io
import re
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

from orchestration.core.catalogue.models import Indicator, Unit
from orchestration.messages import Language
from orchestration.publishing.heat_map import headline
from orchestration.publishing.heat_map.causes import causes, short_cause
from orchestration.publishing.heat_map.cells import ARROW_POINTS, Drawing, moved
from orchestration.publishing.heat_map.legend import legend
from orchestration.publishing.heat_map.model import HeatMap, Score
from orchestration.publishing.heat_map.revision import content_of
from orchestration.publishing.heat_map.sheets import MARK_WIDTH, NUMBER_WIDTH, Painter

_HEAD = 4
_NAME = 3  # the first column after code and name
_FACTS = ("change", "before", "low", "high", "coverage", "pending", "cause")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_xlsx(heat_map: HeatMap, language: Language, path: Path) -> None:
    """Write the workbook of one language; equal heat maps give equal bytes."""
    drawing = Drawing(heat_map, language)
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = drawing.words.name(heat_map.institution)
    book.properties.title = _title(drawing)
    book.properties.language = language
    if heat_map.scores:
        for key, nodes in (("firsts", heat_map.firsts), ("points", _leaves(heat_map))):
            if key == "firsts" or any(node.level > 1 for node in nodes):
                _units_sheet(drawing, _painter(drawing, book, key), nodes)
        _history_sheet(drawing, _painter(drawing, book, "history"))
    _notes_sheet(drawing, _painter(drawing, book, "notes"))
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(_without_clock(buffer.getvalue()))


def _painter(drawing: Drawing, book: Workbook, key: str) -> Painter:
    return Painter(drawing, book.create_sheet(drawing.words.say(f"sheet.{key}")))


def _units_sheet(drawing: Drawing, painter: Painter, nodes: Sequence[Indicator]) -> None:
    """The school, then kind after kind; each score in two columns."""
    heat_map, words = drawing.heat_map, drawing.words
    after = _NAME + 2 * (len(nodes) + 1)
    # The totals' facts stand once, beside the first level.
    are_told = nodes == heat_map.firsts
    _top(drawing, painter)
    heads = [words.say("column.total"), *(f"{node.code} {words.name(node)}" for node in nodes)]
    _heads(drawing, painter, heads, is_upright=are_told)
    for index, key in enumerate(_FACTS if are_told else ()):
        painter.text(_HEAD, after + index, words.say(f"column.{key}"), wrap=True)
    row = _HEAD + 1
    _unit_row(drawing, painter, row, None, nodes, are_told=are_told)
    for kind in heat_map.kinds:
        row += 1
        title = words.say("kind_count", kind=words.kind(kind.code), count=len(kind.units))
        painter.text(row, 1, title, bold=True, size=11)
        for unit in kind.units:
            row += 1
            _unit_row(drawing, painter, row, unit, nodes, are_told=are_told)
    widths = [7, _name_width(drawing), *([MARK_WIDTH, NUMBER_WIDTH] * (len(nodes) + 1))]
    painter.widths([*widths, *([8.0] * 5), 8.0, 44.0] if are_told else widths)
    painter.sheet.freeze_panes = painter.at(_HEAD + 1, _NAME).coordinate
    painter.page(f"{_HEAD}:{_HEAD}", "A:B", _foot(drawing))


def _unit_row(
    drawing: Drawing,
    painter: Painter,
    row: int,
    unit: Unit | None,
    nodes: Sequence[Indicator],
    *,
    are_told: bool,
) -> None:
    heat_map, words = drawing.heat_map, drawing.words
    subject = unit.code if unit else heat_map.institution.code
    painter.text(row, 1, unit.code if unit else "")
    painter.text(row, 2, words.name(unit) if unit else words.say("school"), bold=unit is None)
    column = _NAME
    for node in (heat_map.root, *nodes):
        key = (subject, node.code)
        decimals = 1 if node == heat_map.root or unit is None else 0
        painter.score(row, column, heat_map.now.get(key), heat_map.then.get(key), decimals)
        column += 2
    if are_told:
        key = (subject, heat_map.root.code)
        _root_facts(drawing, painter, row, column, heat_map.now.get(key), heat_map.then.get(key))


def _root_facts(
    drawing: Drawing, painter: Painter, row: int, column: int, now: Score | None, before: Score | None
) -> None:
    """Change, last quarter, bounds, coverage and cause of a total."""
    painter.change(row, column, moved(now, before))
    scores = (before.score if before else None, *((now.score_low, now.score_high) if now else (None, None)))
    for offset, value in enumerate(scores, 1):
        painter.number(row, column + offset, value, painter.picture(value, 1))
    painter.share(row, column + 4, now.coverage if now else None)
    if now is None:
        return
    if style := drawing.style(now.band_pending):
        painter.swatch(row, column + 5, style)
    clauses = causes(drawing.heat_map, drawing.words, now)
    painter.text(
        row, column + 6, drawing.words.joined(clauses or [short_cause(drawing.heat_map, drawing.words, now)])
    )


def _history_sheet(drawing: Drawing, painter: Painter) -> None:
    """The school's first-level nodes and points over the quarters shown."""
    heat_map, words = drawing.heat_map, drawing.words
    _top(drawing, painter)
    _heads(drawing, painter, list(heat_map.quarters), words.say("column.point"))
    leaves = _leaves(heat_map)
    nodes = [heat_map.root, *(node for node in heat_map.firsts if node not in leaves), *leaves]
    for row, node in enumerate(nodes, _HEAD + 1):
        painter.text(row, 1, node.code)
        painter.text(row, 2, words.name(node), bold=node.level < 2 and node not in leaves)
        rows = [heat_map.school.get((quarter, node.code)) for quarter in heat_map.quarters]
        for index, now in enumerate(rows):
            painter.score(row, _NAME + 2 * index, now, rows[index - 1] if index else None, 1)
    painter.widths([7, _name_width(drawing) + 6, *([MARK_WIDTH, NUMBER_WIDTH] * len(heat_map.quarters))])
    painter.sheet.freeze_panes = painter.at(_HEAD + 1, _NAME).coordinate
    painter.page(f"{_HEAD}:{_HEAD}", "A:B", _foot(drawing))


def _notes_sheet(drawing: Drawing, painter: Painter) -> None:
    """What the colours and marks mean, and what the figures rest on."""
    heat_map, words = drawing.heat_map, drawing.words
    painter.text(1, 1, _title(drawing), bold=True, size=14)
    lines = [words.say("empty.what", quarter=words.quarter(heat_map.quarter)), words.say("empty.why")]
    row = 3
    if heat_map.scores:
        for entry in legend(drawing):
            painter.swatch(row, 1, entry.style)
            for column, value in enumerate(
                (entry.name, entry.threshold, f"{entry.count}{entry.unit}{entry.before}"), 2
            ):
                painter.text(row, column, value)
            painter.text(row, 5, headline.act(drawing, entry.style.band))
            row += 1
        lines = _explained(drawing)
    for line in lines:
        row += 1
        painter.text(row, 1, line)
    painter.widths([5, 18, 22, 20, 60])
    painter.page("", "", _foot(drawing))


def _explained(drawing: Drawing) -> list[str]:
    heat_map, words = drawing.heat_map, drawing.words
    thresholds = "/".join(words.points(edge, 0) for edge in words.thresholds[:-1])
    keys = ("mark.hollow", "mark.lid", "notes.mark_column", "notes.outline", "notes.numbers", "notes.kinds")
    return [
        *(words.say(key) for key in keys),
        words.say("mark.moved", points=ARROW_POINTS),
        "",
        words.say("foot.thresholds", thresholds=thresholds),
        *([words.provisional(heat_map.absent)] if heat_map.provisional else []),
        words.say("foot.source"),
        words.say("foot.catalogue", hash=heat_map.catalogue_hash),
        words.say("foot.version", version=heat_map.score_version),
        words.say("foot.manifest", hash=content_of(heat_map).sha256),
    ]


def _top(drawing: Drawing, painter: Painter) -> None:
    """The title, and the conclusion under it."""
    painter.text(1, 1, _title(drawing), bold=True, size=14)
    painter.text(2, 1, drawing.words.joined(headline.headline(drawing)), size=11)


def _heads(
    drawing: Drawing, painter: Painter, heads: Sequence[str], second: str = "", *, is_upright: bool = True
) -> None:
    painter.text(_HEAD, 1, drawing.words.say("column.code"))
    painter.text(_HEAD, 2, second or drawing.words.say("column.unit"))
    for index, head in enumerate(heads):
        painter.head(_HEAD, _NAME + 2 * index, head, is_upright=is_upright)
    longest = max(len(head) for head in heads) * (2 if drawing.language == "zh-CN" else 1)
    height = 14.0 * (1 + longest // 8) if is_upright else 5.5 * longest
    painter.sheet.row_dimensions[_HEAD].height = min(200.0, height)


def _title(drawing: Drawing) -> str:
    heat_map, words = drawing.heat_map, drawing.words
    title = words.say(
        "title", institution=words.name(heat_map.institution), quarter=words.quarter(heat_map.quarter)
    )
    return f"{title} · {words.say('provisional')}" if heat_map.provisional else title


def _foot(drawing: Drawing) -> str:
    manifest = drawing.words.say("foot.manifest", hash=content_of(drawing.heat_map).revision)
    return f"{_title(drawing)} · {manifest}"


def _name_width(drawing: Drawing) -> float:
    """Room for the longest name: a Chinese character is twice as wide as a Latin one."""
    names = [drawing.words.name(unit) for unit in drawing.heat_map.units]
    return min(48.0, 4 + max((sum(2 if ord(c) > 0x2E7F else 1 for c in name) for name in names), default=12))


def _leaves(heat_map: HeatMap) -> list[Indicator]:
    return [leaf.indicator for leaf in heat_map.leaves]


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
