"""What a file is: by its name, and by its first bytes. The two must agree.

Not here: what is inside a file of an accepted kind.
"""

from pathlib import PurePath
from typing import Literal

from orchestration.sandbox.findings import RefusedError

Kind = Literal["xlsx", "xls", "csv"]
ACCEPTED: tuple[Kind, ...] = ("xlsx", "xls", "csv")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (OLE, "Excel 97-2003 / OLE"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
    (b"SQLite format 3", "SQLite"),
    (b"{\\rtf", "RTF"),
)
_MARKUP = (b"<!doctype html", b"<html", b"<table", b"<?xml", b"<meta", b"<style", b"<head", b"<div")


def kind_of(file_name: str, content: bytes) -> Kind:
    """The kind of an accepted file. Raises RefusedError for any other, and if its content belies its name."""
    extension = PurePath(file_name).suffix.casefold().removeprefix(".")
    kind = next((kind for kind in ACCEPTED if kind == extension), None)
    if kind is None:
        raise RefusedError("file_type_refused", found=f".{extension}" if extension else file_name)
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise RefusedError("file_empty")
    looks = _looks(content)
    expected = {"xlsx": ("ZIP",), "xls": ("Excel 97-2003 / OLE",), "csv": ("text",)}[kind]
    if looks == "Excel 97-2003 / OLE" and _has_password(content):
        raise RefusedError("password_protected")
    if looks not in expected:
        raise RefusedError("extension_belies_content", found=looks, extension=f".{kind}")
    return kind


def _looks(content: bytes) -> str:
    for magic, name in _MAGIC:
        if content.startswith(magic) and not (name == "EXE" and _is_text(content)):
            return name
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP):
        return "HTML / XML"
    return "text" if _is_text(content) else content[:4].hex(" ").upper()


def _is_text(content: bytes) -> bool:
    """No control characters that text does not have; UTF-16 must say so in its first bytes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(mark in content for mark in _NO_TEXT)


_NO_TEXT = tuple(bytes([code]) for code in (*range(9), *range(14, 26), *range(28, 32)))


def _has_password(content: bytes) -> bool:
    """An encrypted workbook is an OLE file that holds the package in a stream of this name."""
    return "EncryptedPackage".encode("utf-16-le") in content
