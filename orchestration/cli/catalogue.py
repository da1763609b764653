"""`qingyuan catalogue …`: check the catalogue's files, print the lists of items.

Not here: the checks (`core.catalogue`), the lists (`publishing`).
"""


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


def this_quarter() -> str:
    """The quarter of today in the settings' time zone."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from orchestration.core.quarters import quarter_of

    return quarter_of(datetime.now(ZoneInfo(settings().timezone)).date())
