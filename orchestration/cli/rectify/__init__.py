"""`qingyuan rectify …`: the ledger of rectification. Not here: what an act does and who may (`stewardship`)."""

import click

from orchestration.cli.door import Verbs
from orchestration.cli.rectify.acts import hand_back, recheck, start, strike, submit
from orchestration.cli.rectify.extensions import approve, extend, refuse
from orchestration.cli.rectify.lists import list_all, show
from orchestration.cli.rectify.opening import consult, open_by_hand


@click.group(cls=Verbs)
def rectify() -> None:
    """Tasks to mend what was found, until they are struck off."""


for command in (
    list_all, show, open_by_hand, start, submit, recheck, strike, hand_back, extend, approve, refuse, consult,
):  # fmt: skip
    rectify.add_command(command)
