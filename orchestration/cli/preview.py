"""`qingyuan preview`: what a file would bring if it were delivered, and nothing kept of it.

Not here: the preview itself (`intake.preview`), what a run prints (`cli.summary`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.cli.desk import as_json, institution_of, known_code, print_json
from orchestration.cli.door import UserMistake, Verb, option
from orchestration.cli.parameters import Quarter
from orchestration.core.catalogue.models import Catalogue
from orchestration.messages import Language, text
from orchestration.settings import settings

if TYPE_CHECKING:
    from orchestration.intake.previewing.model import NodeFigures, Preview
    from orchestration.warehouse.warning_causes import Cause

SHOWN = ("institution", "unit")


@click.command(cls=Verb)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@option("--department", required=True)
@option("--quarter", required=True, type=Quarter())
@option("--institution")
@as_json
def preview(
    files: Sequence[Path], department: str, quarter: str, institution: str | None, as_json: bool
) -> None:
    """What FILES would bring as one delivery of the department."""
    from orchestration.warehouse.catalogue import checked_catalogue

    rows = checked_catalogue(settings().catalogue, quarter)
    place = institution_of(rows, institution)
    known_code("unknown_department", department, [row.code for row in rows.departments])
    made = _made(rows, place, department, quarter, files)
    if as_json:
        print_json(_plain(made))
        return
    for line in _lines(made, rows, settings().language):
        click.echo(line)


def _made(
    rows: Catalogue, institution: str, department: str, quarter: str, files: Iterable[Path]
) -> "Preview":
    from orchestration.intake.incoming import HeldFile, Incoming
    from orchestration.intake.preview import open_previewer
    from orchestration.intake.reading.reader import Reader
    from orchestration.warehouse.connections import open_warehouse

    own = settings()
    held = tuple(HeldFile(path.name, _content(path)) for path in files)
    with Reader(own.parse_seconds, own.parse_memory_mb) as reader:
        previewer = open_previewer(open_warehouse(own), reader, own)
        return previewer.preview(rows, Incoming(institution, quarter, department, held))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        why = problem.strerror or type(problem).__name__
        raise UserMistake("file_not_readable", path=path, why=why) from problem


def _plain(made: "Preview") -> dict[str, Any]:
    """The preview as JSON: of the nodes the roots, and those of which a figure differs."""
    nodes = [asdict(node) for node in made.nodes if node.key.level == 0 or node.is_changed]
    return {**asdict(made), "nodes": nodes}


def _lines(made: "Preview", rows: Catalogue, language: Language) -> Iterator[str]:
    from orchestration.intake.receiving.telling import sentence

    department = next(row for row in rows.departments if row.code == made.receipt.department)
    yield text("cli.preview.nothing_kept", language)
    yield sentence(made.receipt, department, settings())
    for rule in made.receipt.rules:
        for cell in rule.cells:
            yield f"  {cell.message_zh if language == 'zh-CN' else cell.message_en}"
    if not made.is_settled:
        yield text("cli.preview.not_settled", language)
    moved = [root for root in made.roots if root.is_changed and root.key.subject_kind in SHOWN]
    for root in moved:
        values = {"subject": _subject(rows, root.key.subject_code, language)}
        values |= {
            "before": _figure(rows, root.before, language),
            "after": _figure(rows, root.after, language),
        }
        yield text("cli.preview.root", language, **values)
    if not moved:
        yield text("cli.preview.nothing_moves", language)
    for key, causes in (("begins", made.begins), ("ends", made.ends)):
        for cause in causes:
            yield text(f"cli.preview.{key}", language, **_cause(rows, cause, language))


def _subject(rows: Catalogue, code: str, language: Language) -> str:
    """The name of a unit, a department or the school; what has none is told by its code."""
    return _named((*rows.units, *rows.departments, *rows.institutions), code, language)


def _named(rows: Iterable[Any], code: str | None, language: Language) -> str:
    suffix = "zh" if language == "zh-CN" else "en"
    return next((getattr(row, f"name_{suffix}") for row in rows if row.code == code), code or "")


def _figure(rows: Catalogue, figures: "NodeFigures | None", language: Language) -> str:
    if figures is None:
        return "—"
    band = next(row for row in rows.bands if row.code == figures.band)
    score = "—" if figures.score is None else f"{figures.score:.1f}"
    return f"{band.mark} {band.name_zh if language == 'zh-CN' else band.name_en} {score}"


def _cause(rows: Catalogue, cause: "Cause", language: Language) -> dict[str, str]:
    return {
        "rule": _named(rows.warning_rules, cause.rule, language),
        "subject": _subject(rows, cause.subject_code, language),
    }
