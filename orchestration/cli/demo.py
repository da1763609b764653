"""`qingyuan demo`: two years of a fictional school, delivered, scored and published on this machine.

Not here: the sample's figures (`samples`), the runs (`cli.runs`).
"""

import click

from orchestration.cli.door import Verb, language, say
from orchestration.cli.runs import score
from orchestration.cli.samples import local_inbox
from orchestration.settings import settings

QUARTERS, SEED = ("2024Q4", "2026Q3"), 7


@click.command(cls=Verb)
def demo() -> None:
    """Shows the whole way once, and ends by saying where to look."""
    from orchestration.core.quarters import quarters_between
    from orchestration.samples.write import write_mended, write_samples
    from orchestration.warehouse.catalogue import read_catalogue
    from orchestration.warehouse.connections import open_warehouse

    own = settings()
    quarters = quarters_between(*QUARTERS)
    inbox, rows = local_inbox(own), read_catalogue(own.catalogue)
    say("demo_server")
    warehouse = open_warehouse(own)
    paths = write_samples(inbox, rows, quarters, SEED)
    say("samples_written", files=len(paths), inbox=inbox, first=quarters[0], last=quarters[-1])
    say("demo_backfill", first=quarters[0], last=quarters[-1], count=len(quarters))
    score(quarters)
    mended = write_mended(inbox, rows, quarters, SEED)
    if mended:
        first = min(path.parent.name for path in mended)
        say("demo_mended", files=len(mended), names="、".join(f"{p.parent.name}/{p.name}" for p in mended))
        score(quarters[quarters.index(first) :])
    newest = own.publications / rows.institutions[0].code / quarters[-1] / "current"
    page = newest / f"heat_map.{language()}.html"
    say("demo_done", heat_map=page, all=own.publications, url=warehouse.url("bi_reader"))
