"""A figure's key as one text and back: `institution=demo;quarter=2026Q2`, each part quoted, in order. Pure.

Not here: what the key leads to (`figures`).
"""

from urllib.parse import parse_qsl, quote_plus

Key = tuple[tuple[str, str], ...]

# Unlike an ampersand it needs no escape on a page, where it stands hundreds of times.
_BETWEEN = ";"


def key_text(key: Key) -> str:
    """The key as text; Chinese stays readable, what separates parts is quoted."""
    return _BETWEEN.join(f"{_quoted(column)}={_quoted(value)}" for column, value in key)


def key_of_text(text: str) -> Key:
    """The key that `key_text` wrote."""
    return tuple(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), separator=_BETWEEN))


def _quoted(part: str) -> str:
    return "".join(one if one.isalnum() else quote_plus(one, safe="-_.~:") for one in part)
