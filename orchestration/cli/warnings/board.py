"""`board`: the warning board and the marks of the last scored quarter's heat map, drawn as things stand.

Not here: what either shows (`publishing`), evaluating rules (`acts`).
"""

import click

from orchestration.cli.desk import as_json, catalogue, institution_of, print_json, today
from orchestration.cli.door import Verb, option, say
from orchestration.settings import settings


@click.command("board", cls=Verb)
@option("--institution")
@as_json
def board(institution: str | None, as_json: bool) -> None:
    """Draws the board, and the marks of open tasks on the last scored quarter's heat map."""
    from orchestration.publishing.current import draw_current
    from orchestration.warehouse.connections import open_warehouse

    rows = catalogue()
    place = None if institution is None else institution_of(rows, institution)
    drawn = draw_current(open_warehouse(settings()), rows, settings(), today=today(), institution=place)
    if as_json:
        print_json([vars(one) for one in drawn])
        return
    for one in drawn:
        said = "unchanged" if one.unchanged else "drawn"
        say(f"{one.kind}_{said}", institution=one.institution, folder=one.folder)
