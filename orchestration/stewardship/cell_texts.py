"""Texts of others in workbooks of ours: they arrive as text, whatever they look like.

Not here: which texts.
"""

import re
from typing import Any

# What XML cannot hold, and control characters that it can but nobody should see; halves of characters.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# The format writes control characters as `_x000D_`; the same seven characters typed by hand are no such thing.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST = 32_767  # characters of a cell
_LIVE = ("=", "+", "-", "@", "\t", "\n", "|", "%")


def fit(text: str) -> str:
    """`text` as a cell can hold it: line ends as one, what XML cannot hold as U+FFFD, at most 32,767 characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = _UNFIT.sub("\ufffd", lines)
    return kept if len(kept) <= _LONGEST else f"{kept[: _LONGEST - 1]}…"


def literal(text: str) -> str:
    """`text` fit for a cell, and shown as it stands: nothing in it is taken for an escaped character."""
    return fit(_ESCAPE.sub("_x005F_", text))


def write(cell: Any, text: str) -> None:
    """Make `text` the cell's content, as a text: never a formula, an error value or a link.

    One that begins like a formula is marked as text for programs that look again when it is edited.
    """
    cell.value = text
    cell.data_type = "s"
    if text.startswith(_LIVE):
        cell.quotePrefix = True
