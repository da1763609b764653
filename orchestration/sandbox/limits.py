"""How large a delivered file may be. Not here: the time and the memory that opening it may take (settings)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How large a file may be. Sizes in megabytes (10^6 bytes), counts over the whole file."""

    file_mb: int = 20
    unpacked_mb: int = 64
    ratio: int = 200  # of a part above 1 MB: real sheets stay below 50
    parts: int = 1_000
    sheets: int = 100
    elements: int = 1_500_000  # of XML, all parts together
    string_elements: int = 200_000
    style_elements: int = 60_000
    other_elements: int = 50_000  # of one part: what is neither cell, string nor style
    token: int = 200_000  # bytes of one piece of markup or text; a full cell has 98,301
    formula_characters: int = 2_000_000  # with those of shared formulas spelt out
    cells: int = 200_000
    row_elements: int = 70_000  # the old format had 65,536
    rows: int = 20_000
    columns: int = 500
    area: int = 600_000
    merges: int = 1_000  # intake.md, "Smaller rulings"
