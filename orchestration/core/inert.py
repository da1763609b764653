"""Reported text made harmless where it is shown or kept: what steers a terminal or reorders a line is replaced.

Pure. Not here: escaping for one format (HTML in templates, formulas in the writer of a workbook).
"""

import unicodedata

_STAND_IN = "\ufffd"
# Control, format (bidirectional marks, invisible ones), surrogate, line and paragraph separator.
_ACTIVE = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def inert(text: str) -> str:
    """`text` with every control, invisible or line-breaking character as U+FFFD; a line break as a blank."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_inert, text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")))


def _inert(character: str) -> str:
    return _STAND_IN if unicodedata.category(character) in _ACTIVE else character
