"""The list of mutations, read from `rules.yml`."""

from pathlib import Path

import yaml

from tests.integration.mutations.stage import Mutation

LIST = Path(__file__).with_name("rules.yml")


def mutations() -> list[Mutation]:
    """Every mutation of the list, its rule with the section in front."""
    sections = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return [
        Mutation(f"{section}: {one['rule']}", one["file"], one["text"], one["becomes"])
        for section, listed in sections.items()
        for one in listed
    ]
