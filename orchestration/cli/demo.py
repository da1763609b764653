"""`qingyuan demo`: two years of a fictional school, delivered, scored and published on this machine.

Not here: the sample's figures (`samples`), the runs (`cli.runs`).
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli.door import Verb, language, say
from orchestration.cli.runs import score
from orchestration.cli.samples import local_inbox
from orchestration.settings import settings

if TYPE_CHECKING:
    from orchestration.warehouse.connections import Warehouse

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
    mended = write_mended(inbox, rows, quarters, SEED)
    late = sorted({path.parent.name for path in mended if not _was_accepted(warehouse, path)})
    write_samples(inbox, rows, late, SEED)  # first as the department sent them, mistake and all
    say("demo_backfill", first=quarters[0], last=quarters[-1], count=len(quarters))
    score(quarters)
    if late:
        names = ", ".join(f"{path.parent.name}/{path.name}" for path in mended)
        say("demo_mended", files=len(mended), names=names)
        write_mended(inbox, rows, late, SEED)
        score(quarters[quarters.index(late[0]) :])
    newest = own.publications / rows.institutions[0].code / quarters[-1] / "current"
    page = newest / f"heat_map.{language()}.html"
    board = (
        own.publications / rows.institutions[0].code / "warnings" / "current" / f"warnings.{language()}.html"
    )
    say("demo_done", heat_map=page, board=board, all=own.publications, url=warehouse.url("bi_reader"))


def _was_accepted(warehouse: "Warehouse", path: Path) -> bool:
    """Whether a department's file of that place in the inbox was accepted: the demo ran before."""
    where = [path.parent.parent.name, path.parent.name, path.name.split(".")[0]]
    query = (
        "select from raw.submission"
        " where institution = %s and quarter = %s and department = %s and state = 'accepted'"
    )
    with warehouse.connect() as connection:
        return bool(connection.execute(query, where).rowcount)
