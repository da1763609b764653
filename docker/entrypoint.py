"""Start of every container: secrets from files, the warehouse open, Dagster pointed at it; then the command.

`QINGYUAN_<NAME>_FILE` names a file that holds the setting `QINGYUAN_<NAME>`: secrets need not stand in the
environment of compose. Not here: the services and their order (`compose.yml`).
"""

import os
import sys
from pathlib import Path


def secrets_from_files(environment: dict[str, str]) -> dict[str, str]:
    """The settings that `QINGYUAN_…_FILE` variables of `environment` point at, by their own names."""
    return {
        name.removesuffix("_FILE"): Path(path).read_text(encoding="utf-8").strip()
        for name, path in environment.items()
        if name.startswith("QINGYUAN_") and name.endswith("_FILE")
    }


def main(command: list[str]) -> None:
    """Become `command`."""
    os.environ.update(secrets_from_files(dict(os.environ)))

    from orchestration.cli.session import prepare_dagster
    from orchestration.settings import settings
    from orchestration.warehouse.connections import open_warehouse
    from orchestration.warehouse.errors import WarehouseError

    try:
        prepare_dagster(settings(), open_warehouse(settings()))
    except WarehouseError as error:
        sys.exit(error.sentence(settings().language))
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
