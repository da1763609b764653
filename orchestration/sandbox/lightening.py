"""A surveyed .xlsx without what reading has no use for: comments, and a returned workbook's list below its token.

Programs write a comment or a line of two languages as dozens of pieces; openpyxl would build every one of them.
Not here: whether a workbook may be opened at all (`archive.py`, `markup.py`).
"""

import io
import re
import zipfile

from orchestration.sandbox.markup import Survey

HEAD_ROWS = 12  # of the list: its token stands there, before anything that a file may hold
_COMMENTS = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*/(?:comments|vmlDrawing)\"[^>]*>")
_BELOW = re.compile(rb'<row\b[^>]*\br="%d"' % (HEAD_ROWS + 1))
_LEGACY = re.compile(rb"<legacyDrawing\b[^>]*/>")


def lightened(content: bytes, found: Survey) -> bytes:
    """The archive, its unread parts left out; as it is when there are none."""
    if not found.comments and not found.lists:
        return content
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive,
    ):
        for member in source.infolist():
            if member.filename in found.comments:
                continue
            body = source.read(member)
            if found.comments and member.filename.endswith(".rels"):
                body = _COMMENTS.sub(b"", body)
            if found.comments and "worksheets/" in member.filename:
                body = _LEGACY.sub(b"", body)
            if member.filename in found.lists and (below := _BELOW.search(body)):
                body = body[: below.start()] + b"</sheetData></worksheet>"
            archive.writestr(member.filename, body)
    return target.getvalue()
