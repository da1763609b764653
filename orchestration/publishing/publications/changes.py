"""The page "what changed since r1 and why" of a later revision: a document like the others, and all of it as JSON.

What a figure was before is text: no mart holds it any more, the earlier revision's folder does. Not here: what
differs (`frozen`), what may have moved it (`causes`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import psycopg

from orchestration.core.catalogue.models import Catalogue
from orchestration.messages import LANGUAGES, Language, text
from orchestration.publishing.documents.figures import Figure
from orchestration.publishing.documents.model import (
    Block,
    Column,
    Document,
    Heading,
    Line,
    Listing,
    Paragraph,
    Table,
)
from orchestration.publishing.documents.model import Row as TableRow
from orchestration.publishing.folders import canonical, file_digest
from orchestration.publishing.look.numbers import ABSENT
from orchestration.publishing.publications.causes import Cause, causes
from orchestration.publishing.publications.edition import Edition, PublicationError
from orchestration.publishing.publications.forms import write_pages
from orchestration.publishing.publications.frozen import (
    FIGURES,
    Cell,
    Difference,
    Frozen,
    differences,
    frozen_figures,
    read_figures_json,
)
from orchestration.publishing.publications.ledger import Row, files_of
from orchestration.publishing.publications.names import Names
from orchestration.publishing.publications.publish import Explain

Connection = psycopg.Connection[Any]
STEM = "changes"
# A page is read, not searched: `changes.json` has every figure.
ROWS_SHOWN = 300
Align = Literal["left", "right"]


def changes_document(
    edition: Edition,
    since: int,
    found: Sequence[Difference],
    why: Sequence[Cause],
    catalogue: Catalogue,
    language: Language,
) -> Document:
    """The page in one language; `since` is the revision that the edition follows, `found` in reading order."""
    names = Names(catalogue, edition.place.institution, language)
    head = edition.documents[language][0]
    heading = text("publications.changes.heading", language, now=f"r{since + 1}", before=f"r{since}")
    return Document(
        language,
        STEM,
        "institution",
        edition.place.institution,
        heading,
        replace(head.furniture, title=heading),
        tuple(_blocks(edition, since, found, why, names)),
    )


def changes_json(found: Sequence[Difference], why: Sequence[Cause], since: int) -> bytes:
    """Every figure that differs and every cause, as canonical JSON."""
    return canonical(
        {
            "since": since,
            "figures": [
                {
                    **dict(zip(("mart", "column", "key"), one.cell, strict=True)),
                    "before": one.before and one.before.value,
                    "now": one.now and one.now.value,
                    "documents": _documents(one),
                }
                for one in found
            ],
            "why": [{"what": one.key, **one.values} for one in why],
        }
    )


def explain_in(catalogue: Catalogue, root: Path) -> Explain:
    """What writes the page and the JSON into a later revision's draft; PublicationError where the earlier is altered.

    `catalogue` names what changed; `root` is the folder of publications.
    """

    def explain(conn: Connection, before: Row, edition: Edition, draft: Path) -> None:
        old = _figures_of(conn, before, root)
        found = tuple(differences(old, frozen_figures(edition.documents)))
        why = causes(conn, before, edition)
        for language in LANGUAGES:
            page = changes_document(edition, before.revision, found, why, catalogue, language)
            write_pages([page], draft)
        (draft / f"{STEM}.json").write_bytes(changes_json(found, why, before.revision) + b"\n")

    return explain


def _figures_of(conn: Connection, before: Row, root: Path) -> dict[Cell, Frozen]:
    path = root / before.folder / FIGURES
    told = {file.name: file.sha256 for file in files_of(conn, before.id)}
    if not path.is_file() or file_digest(path) != told[FIGURES]:
        raise PublicationError("figures_altered", folder=path.parent)
    return read_figures_json(path)


def _blocks(
    edition: Edition, since: int, found: Sequence[Difference], why: Sequence[Cause], names: Names
) -> Iterator[Block]:
    language = names.language
    counted = text(
        "publications.changes.counted" if found else "publications.changes.none",
        language,
        before=f"r{since}",
        figures=len(found),
        documents=len({stem for one in found for stem in _documents(one)}),
    )
    yield Paragraph((counted,), "lead")
    yield Heading(2, text("publications.changes.why", language))
    said = why or [Cause("elsewhere" if found else "nothing", {})]
    yield Listing(tuple((names.sentence(cause),) for cause in said))
    numbers = [one for one in found if not _is_text(one)]
    texts = [one for one in found if _is_text(one)]
    parts: tuple[tuple[str, Align, list[Difference]], ...] = (
        ("figures", "right", numbers),
        ("texts", "left", texts),
    )
    for key, align, rows in parts:
        if rows:
            yield Heading(2, text(f"publications.changes.{key}", language))
            yield _table(key, align, rows[:ROWS_SHOWN], since, names)
        if len(rows) > ROWS_SHOWN:
            left = {"count": len(rows) - ROWS_SHOWN, "file": f"{STEM}.json"}
            yield Paragraph((text("publications.changes.more", language, **left),), "note")
    yield Paragraph((text("publications.changes.source", language, before=f"r{since}"),), "note")


def _is_text(one: Difference) -> bool:
    figure = one.now or one.before
    return figure is not None and isinstance(figure.value, str)


def _table(key: str, align: Align, found: Sequence[Difference], since: int, names: Names) -> Table:
    heads = [text(f"publications.changes.{part}", names.language) for part in ("what", "documents")]
    columns = (
        Column(heads[0], share=4),
        Column(f"r{since}", align),
        Column(f"r{since + 1}", align),
        Column(heads[1], share=2),
    )
    rows = tuple(TableRow((*_cells(one, names), (_stems(one),))) for one in found)
    return Table(text(f"publications.changes.{key}", names.language), columns, rows)


def _cells(one: Difference, names: Names) -> tuple[Line, Line, Line]:
    mart, column, key = one.cell
    now: Line = (ABSENT,)
    if one.now is not None:
        now = (Figure(mart, column, key, one.now.value, _shown(one.now, names.language)),)
    before = ABSENT if one.before is None else _shown(one.before, names.language)
    return (names.cell(one.cell),), (before,), now


def _shown(figure: Frozen, language: Language) -> str:
    return figure.shown.get(language) or next(iter(figure.shown.values()))


def _documents(one: Difference) -> tuple[str, ...]:
    figure = one.now or one.before
    return figure.documents if figure else ()


def _stems(one: Difference) -> str:
    stems = _documents(one)
    return ", ".join(stems[:3]) + (" …" if len(stems) > 3 else "")
