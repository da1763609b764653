"""A document before it has a form: furniture, blocks, and what stands inline in them. Frozen, in one language.

Text is plain and inert: forms escape it. Every number that was computed is a `Figure`; a number inside plain text
is a code, a date or a quarter. Not here: drawing, reading marts, what is said.
"""

from dataclasses import dataclass
from typing import Literal

from orchestration.messages import Language
from orchestration.publishing.documents.figures import Figure
from orchestration.publishing.look.bands import BandStyle


@dataclass(frozen=True)
class Strong:
    """Text that stands out."""

    text: str


@dataclass(frozen=True)
class Quiet:
    """Text in the second ink and the small size."""

    text: str


@dataclass(frozen=True)
class LineBreak:
    """A new line inside a cell or a paragraph."""


@dataclass(frozen=True)
class Chip:
    """A score on its band's fill: fill, mark (hollow where not certain), number, and a lid where a rule set the band.

    `figure` None draws the band's name instead of a number. `has_word`: the band's name stands beside the number.
    """

    style: BandStyle
    figure: Figure | None
    is_certain: bool = True
    has_lid: bool = False
    has_word: bool = False


@dataclass(frozen=True)
class Range:
    """The range in which a score may lie, on a scale with the bands' thresholds; `at` is the score, if any."""

    low: Figure
    high: Figure
    at: Figure | None
    style: BandStyle | None
    scale: tuple[float, float]
    thresholds: tuple[float, ...]


@dataclass(frozen=True)
class TrendPoint:
    """A score of one quarter or period; None where there is none."""

    label: str
    figure: Figure | None
    style: BandStyle | None
    low: Figure | None = None
    high: Figure | None = None


@dataclass(frozen=True)
class Spark:
    """A line of a few scores, the last one marked in its colour. `label` names what it is for who cannot see it."""

    label: str
    points: tuple[TrendPoint, ...]
    scale: tuple[float, float]
    thresholds: tuple[float, ...]


@dataclass(frozen=True)
class Bar:
    """A bar from a common zero; `share` −1..1 of the longest in its table."""

    figure: Figure
    share: float


Inline = str | Strong | Quiet | LineBreak | Figure | Chip | Range | Spark | Bar
Line = tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (a chapter), 2 or 3. `starts_page`: on paper it begins a page."""

    level: Literal[1, 2, 3]
    text: str
    starts_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Running text; `lead` is the document's conclusion, `note` stands small."""

    line: Line
    role: Literal["plain", "lead", "note"] = "plain"


@dataclass(frozen=True)
class Listing:
    """Points one below another; `is_numbered` where their order matters."""

    lines: tuple[Line, ...]
    is_numbered: bool = False


@dataclass(frozen=True)
class Result:
    """The result block at the head of a diagnosis: the chip large, beside it lines of label and text."""

    chip: Chip
    lines: tuple[tuple[str, Line], ...]


@dataclass(frozen=True)
class Column:
    """A column of a table; `share` of the width on paper (all shares of a table are relative)."""

    head: str
    align: Literal["left", "right", "centre"] = "left"
    share: float = 1.0


@dataclass(frozen=True)
class Row:
    """A row: one line a column. `is_sum` draws a rule above; `is_group` is a heading over all columns (one cell)."""

    cells: tuple[Line, ...]
    is_sum: bool = False
    is_group: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its caption, which may be for screen readers alone. `halves`: two columns of rows where wide."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    is_caption_shown: bool = False
    halves: bool = False


@dataclass(frozen=True)
class Series:
    """One line of a chart; dashed where it is beside the main one."""

    name: str
    points: tuple[TrendPoint, ...]
    is_dashed: bool = False


@dataclass(frozen=True)
class TrendChart:
    """Scores over quarters with their ranges, thresholds named at the left. At most one a unit's diagnosis."""

    caption: str
    series: tuple[Series, ...]
    scale: tuple[float, float]
    thresholds: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class BarChart:
    """Bars by category, sorted as given; `style` fills a bar with a band."""

    caption: str
    bars: tuple[tuple[str, Figure, BandStyle | None], ...]
    unit: str


Block = Heading | Paragraph | Listing | Result | Table | TrendChart | BarChart


@dataclass(frozen=True)
class Furniture:
    """What stands at head and foot of every page; hashes and versions in full, dates in words of the language."""

    owner: str
    title: str
    period: str
    is_draft: bool
    data_on: str
    catalogue_hash: str
    score_versions: tuple[str, ...]
    foot: str


@dataclass(frozen=True)
class Document:
    """One document in one language. `stem` is its file name without language and ending, e.g. `unit-C05`.

    `subject_kind` and `subject_code` say whom it is about: `institution`, `post`, `lead_unit` or `unit`.
    """

    language: Language
    stem: str
    subject_kind: str
    subject_code: str
    heading: str
    furniture: Furniture
    blocks: tuple[Block, ...]
