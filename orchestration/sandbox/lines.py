"""The text of a CSV file, decoded and cut into fields. Not here: which fields mean what.

Encodings in a fixed order, all strict: byte order mark, UTF-8, GB18030. No guessing.
"""

import codecs
import csv
import io
from collections.abc import Iterator

from orchestration.sandbox.addresses import address
from orchestration.sandbox.findings import RefusedError

_MARKED = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNMARKED = ("utf-8", "gb18030")
_NAMES = {"utf-8": "UTF-8", "gb18030": "GB18030", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
SEPARATORS = (",", ";", "\t")
_LONGEST_LINE = 200_000  # characters; a table at its limits of columns stays far below


def decoded(content: bytes) -> tuple[str, str]:
    """(text, encoding): by its byte order mark, else UTF-8, else GB18030, all strict. Raises RefusedError."""
    marked = [(mark, name) for mark, name in _MARKED if content.startswith(mark)]
    for mark, encoding in marked or [(b"", name) for name in _UNMARKED]:
        try:
            return content[len(mark) :].decode(encoding), _NAMES[encoding]
        except UnicodeDecodeError:
            continue
    tried = " / ".join(_NAMES[name] for _, name in marked) or " / ".join(_NAMES[name] for name in _UNMARKED)
    raise RefusedError("encoding_unknown", found=content[:4].hex(" ").upper(), expected=tried)


def refuse_long_lines(text: str) -> None:
    """Raises RefusedError where a line is longer than any table's."""
    place = 0
    while len(text) - place > _LONGEST_LINE:
        window = place, place + _LONGEST_LINE
        end = max(text.rfind("\n", *window), text.rfind("\r", *window))
        if end < 0:
            number = len(text[:place].splitlines()) + 1
            raise RefusedError("text_broken", address=address(number, 1), found=f"> {_LONGEST_LINE:,}")
        place = end + 1


def records(text: str, separator: str) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """(line, [(column, field)]) of each record. Raises RefusedError where quotes are broken."""
    csv.field_size_limit(_LONGEST_LINE)
    number = 0
    try:
        for number, record in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1
        ):
            yield number, list(_fields(record))
    except csv.Error as error:
        raise RefusedError("text_broken", address=address(number + 1, 1), found=str(error)) from error


def _fields(record: list[str]) -> Iterator[tuple[int, str]]:
    """(column, field); `="003"`, which keeps a spreadsheet from changing it, is `003`."""
    for at, field in enumerate(record, 1):
        is_kept = field.startswith('="') and field.endswith('"') and len(field) > 3
        yield at, field[2:-1] if is_kept else field
