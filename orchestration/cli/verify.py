"""`qingyuan verify` and `qingyuan gate`: is the record whole, and may the quarter go out. Not here: the checks."""

import click

from orchestration.cli.desk import as_json, institution_of, print_json, today, transaction
from orchestration.cli.door import MISTAKE, Verb, language, option, say
from orchestration.cli.parameters import Quarter
from orchestration.messages import text
from orchestration.settings import settings


@click.command(cls=Verb)
@as_json
def verify(as_json: bool) -> None:
    """Walks the log and compares publications with their manifests and the ledger; 2 when something is broken."""
    from orchestration.publishing.manifests import altered_files
    from orchestration.publishing.publications.check import check_publications
    from orchestration.warehouse import log

    folder = settings().publications
    with transaction() as connection:
        chain = log.verify(connection)
        # What the ledger says of a file stands above what its manifest says.
        altered = {**altered_files(folder), **check_publications(connection, folder)}
    if as_json:
        print_json({"length": chain.length, "head": chain.head, "broken": chain.broken, "altered": altered})
    else:
        say("log_whole", length=chain.length, head=chain.head)
        if chain.broken:
            what = text(f"cli.log_broken.{chain.broken.what}", language())
            say("log_broken", number=chain.broken.number, what=what)
        for path, what in altered.items():
            say(f"publication_{what}", path=path)
        if not altered:
            say("publications_whole", folder=folder)
    if chain.broken or altered:
        raise click.exceptions.Exit(MISTAKE)


@click.command(cls=Verb)
@click.argument("quarter", type=Quarter())
@option("--institution")
@as_json
def gate(quarter: str, institution: str | None, as_json: bool) -> None:
    """Says whether the quarter may be published, and why not; 2 when it may not."""
    from orchestration.stewardship.gate import publication_gate
    from orchestration.warehouse.catalogue import checked_catalogue

    rows = checked_catalogue(settings().catalogue, quarter)
    with transaction() as connection:
        found = publication_gate(connection, rows, institution_of(rows, institution), quarter, today=today())
    reasons = [reason.sentence(language()) for reason in found.reasons]
    warnings = [reason.sentence(language()) for reason in found.warnings]
    if as_json:
        print_json({"is_open": found.is_open, "reasons": reasons, "warnings": warnings})
    else:
        say("gate_open" if found.is_open else "gate_shut", quarter=quarter, reasons=len(reasons))
        for line in reasons:
            click.echo(f"  {line}")
        if warnings:
            say("gate_warnings", warnings=len(warnings))
        for line in warnings:
            click.echo(f"  {line}")
    if not found.is_open:
        raise click.exceptions.Exit(MISTAKE)
