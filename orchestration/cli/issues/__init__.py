"""`qingyuan issues …`: the stewards' desk. Not here: what an act does and who may (`stewardship`)."""

import click

from orchestration.cli.door import Verbs
from orchestration.cli.issues.acts import acknowledge, hand_back, reject, reopen
from orchestration.cli.issues.approvals import approve, refuse, sign, waive
from orchestration.cli.issues.export import export
from orchestration.cli.issues.lists import list_open, show
from orchestration.cli.issues.objections import decide, object_to


@click.group(cls=Verbs)
def issues() -> None:
    """What was refused, held back or flagged, and what is done about it."""


for command in (
    list_open, show, acknowledge, hand_back, waive, approve, refuse, reject, reopen, object_to, decide, sign, export
):  # fmt: skip
    issues.add_command(command)
