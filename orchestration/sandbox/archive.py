"""A look at the zip directory of an .xlsx before anything in it is unpacked.

Not here: the content of its parts (`markup.py`).
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from orchestration.sandbox.findings import RefusedError
from orchestration.sandbox.limits import Limits

_MEGABYTE = 1_000_000
_ENCRYPTED = 0x1
_CHUNK = 65_536


def open_archive(content: bytes, limits: Limits) -> zipfile.ZipFile:
    """The archive, its directory found harmless. Raises RefusedError."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise RefusedError("file_unreadable", found=type(error).__name__) from error
    members = archive.infolist()
    if len(members) > limits.parts:
        raise RefusedError("archive_too_many_parts", found=f"{len(members):,}", expected=f"{limits.parts:,}")
    names: set[str] = set()
    for member in members:
        _refuse_unsafe(member, names)
        names.add(member.filename.casefold())
    _refuse_bomb(members, limits)
    for member in members:
        _refuse_harmful(member.filename)
    _refuse_other_kinds(names)
    return archive


def chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked bytes of one part, piece by piece; never more than the directory declares."""
    with archive.open(member) as part:
        while chunk := part.read(_CHUNK):
            yield chunk


def _refuse_unsafe(member: zipfile.ZipInfo, names: set[str]) -> None:
    # zipfile cuts names at a NUL; orig_filename is what the archive says.
    name = member.orig_filename.replace("\\", "/")
    path = PurePosixPath(name)
    climbs = path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name
    if climbs or member.filename.casefold() in names:
        raise RefusedError("unsafe_archive", found=name.replace("\0", "␀"))
    if member.flag_bits & _ENCRYPTED:
        raise RefusedError("password_protected")


def _refuse_bomb(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    total = sum(member.file_size for member in members)
    if total > limits.unpacked_mb * _MEGABYTE:
        raise RefusedError(
            "archive_too_large", found=f"{total / _MEGABYTE:,.0f} MB", expected=f"{limits.unpacked_mb} MB"
        )
    for member in members:
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > _MEGABYTE and ratio > limits.ratio:
            raise RefusedError(
                "archive_too_dense",
                found=f"{ratio:,.0f} : 1",
                expected=f"{limits.ratio} : 1",
                part=member.filename,
            )


def _refuse_harmful(part: str) -> None:
    name = part.casefold()
    if name.endswith("vbaproject.bin") or "/macrosheets/" in name or "/activex/" in name:
        raise RefusedError("has_macros", found=part)
    if "/externallinks/" in name or name.endswith("connections.xml"):
        raise RefusedError("has_external_links", found=part)


def _refuse_other_kinds(names: set[str]) -> None:
    """A zip archive that is no .xlsx workbook."""
    if "xl/workbook.bin" in names:
        raise RefusedError("extension_belies_content", found=".xlsb", extension=".xlsx")
    if "[content_types].xml" not in names:
        raise RefusedError("extension_belies_content", found="ZIP", extension=".xlsx")
    for folder, found in (("word/", ".docx"), ("ppt/", ".pptx")):
        if any(name.startswith(folder) for name in names) and not any(
            name.startswith("xl/") for name in names
        ):
            raise RefusedError("extension_belies_content", found=found, extension=".xlsx")
