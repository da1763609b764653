"""`qingyuan catalogue …`: check the catalogue's files, print the lists of items.

Not here: the checks (`core.catalogue`), the lists (`publishing`).
"""

from pathlib import Path

import click

from orchestration.cli.door import Verb, Verbs, option, say
from orchestration.cli.parameters import Quarter
from orchestration.settings import settings
from orchestration.warehouse.catalogue import checked_catalogue


@click.group(cls=Verbs)
def catalogue() -> None:
    """The catalogue of indicators, items and units."""


@catalogue.command(cls=Verb)
@option("--quarter", type=Quarter())
def check(quarter: str | None) -> None:
    """Checks the catalogue's structure as it is valid in a quarter."""
    at = quarter or this_quarter()
    found = checked_catalogue(settings().catalogue, at)
    say(
        "catalogue_sound",
        quarter=at,
        folder=settings().catalogue,
        indicators=len(found.indicators),
        items=len(found.items),
        units=len(found.units),
        departments=len(found.departments),
    )


@catalogue.command("print", cls=Verb)
@option("--quarter", type=Quarter())
@option("--out", type=click.Path(file_okay=False, path_type=Path))
def print_lists(quarter: str | None, out: Path | None) -> None:
    """Writes the positive and the negative list as XLSX and HTML, in both languages."""
    from orchestration.publishing.catalogue_lists.lists import print_catalogue

    own = settings()
    at = quarter or this_quarter()
    folder = out or own.publications / "catalogue" / at
    for path in print_catalogue(checked_catalogue(own.catalogue, at), folder):
        say("lists_written", path=path)


def this_quarter() -> str:
    """The quarter of today in the settings' time zone."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from orchestration.core.quarters import quarter_of

    return quarter_of(datetime.now(ZoneInfo(settings().timezone)).date())
