"""Reported text made harmless where it is shown or kept: what steers a terminal or reorders a line is replaced.

Pure. Not here: escaping for one format (HTML in templates, formulas in the writer of a workbook).
"""

import unicodedata

_STAND_IN = "\ufffd"
# Control, format (bidirectional marks, invisible ones), surrogate, line and paragraph separator.
_ACTIVE = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
# No characters at all: XML does not take them, and drawing libraries stop at them.
_NONE = "\ufffe\uffff"


def inert(text: str) -> str:
    """`text` with every control, invisible or line-breaking character as U+FFFD; a line break as a blank."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_inert, text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")))


def _inert(character: str) -> str:
    is_active = unicodedata.category(character) in _ACTIVE or character in _NONE
    return _STAND_IN if is_active else character
