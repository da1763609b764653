"""Imports the two dashboards of `superset/` into a Superset, once for each connection it is given.

Runs in Superset's own environment, with SUPERSET_CONFIG_PATH set as for Superset itself, and writes into the
metadata database that the configuration names, so a Superset that is running shows them at once:

    python docs/bi/import_dashboards.py --name 清源 --url-file bi_reader.url
    qingyuan db url --role bi_reader | python docs/bi/import_dashboards.py --name 清源 --url-file -

The URL holds a password, so it comes from a file or from standard input, never as an argument. Every asset's
uuid is made from its own and the connection's name: the same name again brings the connection and its
dashboards up to date, another name adds a second set beside the first. Not here: figures; Superset asks the
database for them as the login of the connection, and sees what that login may see.
"""

import sys
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import click
import yaml

BUNDLE = Path(__file__).resolve().parent / "superset"
DATABASE = "databases/qingyuan.yaml"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where PyYAML was built with it
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@click.command()
@click.option(
    "--name", required=True, help="What the connection is called in Superset; one set of dashboards each."
)
@click.option(
    "--url-file", required=True, help="File with the database's URL; - reads it from standard input."
)
@click.option("--user", default="admin", show_default=True, help="Superset's user who owns what is imported.")
def main(name: str, url_file: str, user: str) -> None:
    """Import the dashboards for one connection; prints where they are."""
    given = sys.stdin.read() if url_file == "-" else Path(url_file).read_text(encoding="utf-8")
    url, password = without_password(given.strip())
    contents = bundle(name, url)
    for address in imported(contents, password, user):
        click.echo(address)


def without_password(url: str) -> tuple[str, str]:
    """The URL as Superset keeps it, its password masked, and the password."""
    from sqlalchemy.engine import make_url

    given = make_url(url)
    if not given.password:
        raise click.ClickException("The URL names no password.")
    masked = given.set(drivername="postgresql+psycopg2", password="XXXXXXXXXX")  # noqa: S106  Superset's own mask
    return masked.render_as_string(hide_password=False), str(given.password)


def bundle(name: str, url: str) -> dict[str, str]:
    """The files of the bundle by path, as one connection's own: its name, its URL, uuids of its own."""
    files = {
        path.relative_to(BUNDLE).as_posix(): read(path.read_text(encoding="utf-8"))
        for path in sorted(BUNDLE.rglob("*.yaml"))
    }
    files[DATABASE] |= {"database_name": name, "sqlalchemy_uri": url}
    for path, asset in files.items():
        # A dataset's name is unique over all connections where Superset keeps its metadata in SQLite.
        if path.startswith("datasets/"):
            asset["table_name"] = f"{name}：{asset['table_name']}"
        if path.startswith("dashboards/"):
            asset["dashboard_title"] = f"{name}：{asset['dashboard_title']}"
            asset["slug"] = f"{asset['slug']}-{str(uuid5(UUID(asset['uuid']), name))[:8]}"
    return {
        path: yaml.dump(own(asset, name), None, DUMPER, allow_unicode=True) for path, asset in files.items()
    }


def read(text: str) -> Any:
    return yaml.load(text, LOADER)  # noqa: S506  both loaders are safe ones


def own(value: Any, name: str) -> Any:
    """The value with every uuid in it replaced by the connection's own."""
    if isinstance(value, dict):
        return {
            key: str(uuid5(UUID(part), name)) if key.lower().endswith("uuid") else own(part, name)
            for key, part in value.items()
        }
    return [own(part, name) for part in value] if isinstance(value, list) else value


def imported(contents: dict[str, str], password: str, user: str) -> list[str]:
    """Import as that user of Superset, and return the paths of the dashboards below Superset's address."""
    from superset.app import create_app

    app = create_app()
    with app.app_context():
        from flask import g
        from superset import security_manager
        from superset.commands.importers.v1.assets import ImportAssetsCommand

        g.user = security_manager.find_user(username=user)
        if g.user is None:
            raise click.ClickException(f"Superset has no user {user}.")
        ImportAssetsCommand(contents, passwords={DATABASE: password}).run()
    return [
        f"/superset/dashboard/{read(text)['slug']}/"
        for path, text in contents.items()
        if path.startswith("dashboards/")
    ]


if __name__ == "__main__":
    main()
