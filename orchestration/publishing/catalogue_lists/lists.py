"""The positive and the negative list of items, for every framework over units: what stands on each page.

Drawn as HTML (`html`) and XLSX (`xlsx`); the wording of formulas is in
`words`. Not here: scores; a list is about the catalogue only.
"""

from collections.abc import Iterator
from pathlib import Path

from orchestration.core.catalogue.hashing import catalogue_hash
from orchestration.core.catalogue.models import Catalogue, Framework
from orchestration.messages import LANGUAGES
from orchestration.publishing.catalogue_lists.model import POLARITIES, CatalogueList, Entry, Group, Polarity
from orchestration.publishing.catalogue_lists.rows import groups_of
from orchestration.publishing.catalogue_lists.words import Words


def print_catalogue(catalogue_at_quarter: Catalogue, target: Path) -> list[Path]:
    """Writes both lists of every framework over units into `target`, as XLSX and HTML, in zh-CN and en.

    The catalogue is one narrowed to a quarter and structurally sound. Returns the files in the order written;
    the same catalogue gives the same bytes. Names carry the framework's code where there are several.
    """
    from orchestration.publishing.catalogue_lists.html import render_html
    from orchestration.publishing.catalogue_lists.xlsx import workbook_bytes

    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for page in catalogue_lists(catalogue_at_quarter):
        contents = {"xlsx": workbook_bytes(page), "html": render_html(page).encode()}
        for kind, content in contents.items():
            path = target / f"{page.stem}.{page.language}.{kind}"
            path.write_bytes(content)
            written.append(path)
    return written


def catalogue_lists(catalogue: Catalogue) -> Iterator[CatalogueList]:
    """Every list in every language."""
    frameworks = [row for row in catalogue.frameworks if row.subject_kind == "unit"]
    for framework in sorted(frameworks, key=lambda row: (row.sort is None, row.sort, row.code)):
        middle = f".{framework.code}" if len(frameworks) > 1 else ""
        for polarity in POLARITIES:
            for language in LANGUAGES:
                yield _list(catalogue, framework, polarity, Words(catalogue, language), middle)


def _list(
    catalogue: Catalogue, framework: Framework, polarity: Polarity, words: Words, middle: str
) -> CatalogueList:
    groups = tuple(groups_of(catalogue, framework, polarity, words))
    stems = {one: f"{one}_list{middle}" for one in POLARITIES}
    other = next(one for one in POLARITIES if one != polarity)
    return CatalogueList(
        language=words.language,
        polarity=polarity,
        owner=_owner(catalogue, words),
        title=words.say(f"list.title.{polarity}", framework=words.name(framework)),
        heading=_heading(groups, polarity, words),
        leads=tuple(_leads(catalogue, framework, groups, polarity, words)),
        groups=groups,
        catalogue_hash=catalogue_hash(catalogue),
        stem=stems[polarity],
        other_stem=stems[other],
    )


def _owner(catalogue: Catalogue, words: Words) -> str:
    if len(catalogue.institutions) == 1:
        return words.name(catalogue.institutions[0])
    return words.say("list.owner_many", count=len(catalogue.institutions))


def _heading(groups: tuple[Group, ...], polarity: Polarity, words: Words) -> str:
    entries = _entries(groups)
    if not entries:
        return words.say("list.heading.none")
    return words.say(
        f"list.heading.{polarity}",
        items=len(entries),
        points=sum(len(group.points) for group in groups),
        grave=sum(entry.is_grave for entry in entries),
    )


def _leads(
    catalogue: Catalogue, framework: Framework, groups: tuple[Group, ...], polarity: Polarity, words: Words
) -> Iterator[str]:
    """Below the heading: how these items count, what a grave case does, whose words are quoted."""
    if not groups:
        return
    yield words.say(f"list.lead.{polarity}")
    grave = any(entry.is_grave for entry in _entries(groups))
    bands = {band.code: band for band in catalogue.bands}
    for cap in catalogue.colour_caps:
        if grave and cap.framework == framework.code and cap.when == "grave_item":
            band = bands[cap.at_most_band]
            key = "list.lead.cap_confirmed" if cap.needs_confirmation else "list.lead.cap"
            colour = band.colour_zh if words.language == "zh-CN" else band.mark
            yield words.say(key, mark=words.say("list.grave"), band=words.name(band), colour=colour)
    if words.language != "zh-CN":
        yield words.say("list.lead.quoted")


def _entries(groups: tuple[Group, ...]) -> list[Entry]:
    return [entry for group in groups for point in group.points for entry in point.entries]
