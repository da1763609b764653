"""`qingyuan sample`: workbooks of a fictional school into the inbox. Not here: what is in them (`samples`)."""

from pathlib import Path

import click

from orchestration.cli.door import UserMistake, Verb, option, say
from orchestration.cli.parameters import Quarters
from orchestration.settings import Settings, settings


def local_inbox(own: Settings) -> Path:
    """The inbox as a folder of this machine; UserMistake when it is elsewhere."""
    if "://" in own.inbox_url:
        raise UserMistake("inbox_elsewhere", inbox=own.inbox_url)
    return Path(own.inbox_url)


@click.command(cls=Verb)
@option("--quarters", type=Quarters(), required=True)
@option("--seed", type=int, default=7, show_default=True)
@option("--mended", is_flag=True)
def sample(quarters: list[str], seed: int, mended: bool) -> None:
    """Writes sample extracts into the inbox."""
    from orchestration.samples.write import write_mended, write_samples
    from orchestration.warehouse.catalogue import read_catalogue

    own = settings()
    inbox = local_inbox(own)
    write = write_mended if mended else write_samples
    paths = write(inbox, read_catalogue(own.catalogue), quarters, seed)
    say("samples_written", files=len(paths), inbox=inbox, first=quarters[0], last=quarters[-1])
