"""How words are compared: headers, sheet names and names of subjects, whatever way they were typed.

Not here: figures (`figures.py`). A form is only compared, never stored: what is kept is the text as written.
"""

import unicodedata

# Compatibility characters that are the same character in another width; all others (①, ½, ㎡) change meaning.
_SAME_IN_ANOTHER_WIDTH = ("<wide>", "<narrow>", "<noBreak>", "<small>")
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


def visible(text: str) -> str:
    """`text` without invisible format characters (zero-width, byte order, direction, variation marks)."""
    return "".join(
        mark for mark in text if unicodedata.category(mark) != "Cf" and ord(mark) not in _VARIATION_SELECTORS
    )


def name_form(text: str) -> str:
    """A name for comparison: NFKC, no white space (`文 学 院`), no invisible characters, case ignored."""
    kept = text if text.isascii() else visible(unicodedata.normalize("NFKC", text))
    return "".join(kept.split()).casefold()


def header_form(text: str) -> str:
    """A header for comparison: as a name; the bar between a group and its column may be a line break."""
    return name_form(text).replace("|", "")


def narrow(text: str) -> str:
    """`text` with full-width characters made narrow and outer space gone; ①, ½ and ㎡ stay as they are."""
    if text.isascii():
        return text.strip()
    kept = (
        unicodedata.normalize("NFKC", mark)
        if unicodedata.decomposition(mark).startswith(_SAME_IN_ANOTHER_WIDTH)
        else mark
        for mark in visible(text)
    )
    return "".join(kept).strip()
