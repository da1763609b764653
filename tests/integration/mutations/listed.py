"""The list of mutations, read from `rules.yml`."""

from pathlib import Path

import yaml

from tests.integration.mutations.stage import Mutation

LIST = Path(__file__).with_name("rules.yml")


def mutations(listed: Path = LIST) -> list[Mutation]:
    """Every mutation of a list, its rule with the section in front."""
    sections = yaml.safe_load(listed.read_text(encoding="utf-8"))
    return [
        Mutation(f"{section}: {one['rule']}", one["file"], one["text"], one["becomes"])
        for section, rules in sections.items()
        for one in rules
    ]
