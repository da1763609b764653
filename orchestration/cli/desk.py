"""What commands of stewards share: who acts, one transaction an act, a row found by its number, JSON or sentences.

Not here: the acts (`stewardship`), what each command says (`cli.issues`).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import psycopg

from orchestration.cli.door import UserMistake, language, option, say
from orchestration.core.catalogue.models import Catalogue
from orchestration.settings import settings

Connection = psycopg.Connection[Any]

as_person = option("--as", "person")
as_json = option("--json", "as_json", is_flag=True)
noted = option("--note")
reasoned = option("--note", required=True)


class Number(click.ParamType[int]):
    """The number of an issue or an objection."""

    name = "number"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; UserMistake for anything else."""
        if not value.isascii() or not value.isdigit() or not 0 < int(value) < 2**63:
            raise UserMistake("bad_number", found=value)
        return int(value)


def acting(person: str | None) -> str:
    """Who acts: the person named, else the setting's; UserMistake where neither is there."""
    who = person or settings().person
    if not who:
        raise UserMistake("nobody_acts")
    return who


@contextmanager
def transaction() -> Iterator[Connection]:
    """A connection to the warehouse; committed when the block ends, undone when it raises."""
    from orchestration.warehouse.connections import open_warehouse

    with open_warehouse(settings()).connect() as connection:
        yield connection


def today() -> date:
    """The day it is in the office."""
    return datetime.now(ZoneInfo(settings().timezone)).date()


def catalogue() -> Catalogue:
    """The catalogue's files, every row."""
    from orchestration.warehouse.catalogue import read_catalogue

    return read_catalogue(settings().catalogue)


def band_words(rows: Catalogue) -> dict[str, str]:
    """A colour's code → its word in the terminal's language."""
    return {band.code: band.name_zh if language() == "zh-CN" else band.name_en for band in rows.bands}


def institution_of(rows: Catalogue, given: str | None) -> str:
    """The institution given, else the only one; UserMistake for an unknown one or where there are several."""
    known = [row.code for row in rows.institutions]
    if given is None and len(known) == 1:
        return known[0]
    if given is None:
        raise UserMistake("which_institution", known=" ".join(known))
    return known_code("unknown_institution", given, known)


def known_code(reason: str, code: str, known: list[str]) -> str:
    """The code, when it is among those known; UserMistake `reason` otherwise."""
    if code not in known:
        raise UserMistake(reason, found=code, known=" ".join(known))
    return code


def tell(is_json: bool, key: str, content: Mapping[str, object]) -> None:
    """What came of an act: the message `cli.<key>` filled with `content`, or `content` as JSON."""
    if is_json:
        print_json(content)
    else:
        say(key, **content)


def print_json(content: object) -> None:
    """Writes rows as JSON; days and times as ISO 8601."""
    click.echo(json.dumps(content, ensure_ascii=False, default=_plain, indent=1))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else vars(value)


def write_file(path: Path, content: bytes) -> None:
    """Writes a file, and its folder where there is none; UserMistake where that is not possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as problem:
        why = problem.strerror or type(problem).__name__
        raise UserMistake("file_not_writable", path=path, why=why) from problem
