"""The command line `qingyuan`: a thin door to the same definitions that Dagster's UI uses.

Not here: anything that is not arguments, order and words; commands import what they need when they run.
"""

import click

from orchestration.cli.assessment import assess
from orchestration.cli.catalogue import catalogue
from orchestration.cli.contracts import contracts
from orchestration.cli.database import db
from orchestration.cli.demo import demo
from orchestration.cli.dev import dev
from orchestration.cli.door import Door
from orchestration.cli.issues import issues
from orchestration.cli.key_tasks import tasks
from orchestration.cli.marts import marts
from orchestration.cli.notices import notices
from orchestration.cli.persons import persons
from orchestration.cli.preview import preview
from orchestration.cli.publications import publications
from orchestration.cli.publish import publish
from orchestration.cli.rectify import rectify
from orchestration.cli.runs import backfill, run
from orchestration.cli.samples import sample
from orchestration.cli.templates import templates
from orchestration.cli.verify import gate, verify
from orchestration.cli.warnings import warnings


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Scores how well units do their duty."""


for command in (
    run, backfill, preview, publish, publications, notices, issues, warnings, rectify, gate, tasks, assess,
    persons, verify, templates, contracts, catalogue, marts, sample, db, demo, dev,
):  # fmt: skip
    main.add_command(command)
