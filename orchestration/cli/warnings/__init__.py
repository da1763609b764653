"""`qingyuan warnings …`: what warns, and colours that wait for a person. Not here: the acts (`stewardship`)."""

import click

from orchestration.cli.door import Verbs
from orchestration.cli.warnings.acts import confirm, evaluate, refuse
from orchestration.cli.warnings.board import board
from orchestration.cli.warnings.lists import list_all, list_waiting, show


@click.group(cls=Verbs)
def warnings() -> None:
    """What warns, and colours that wait for a person."""


for command in (list_all, show, list_waiting, confirm, refuse, evaluate, board):
    warnings.add_command(command)
