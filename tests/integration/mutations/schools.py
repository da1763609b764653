"""The schools that every mutation is scored over, in the order of their quarters."""

from tests.integration.method.case import Case
from tests.integration.mutations.colours import capped, edges
from tests.integration.mutations.methods import crowd, every_method
from tests.integration.mutations.shapes import deep, neighbours

MIN_COVERAGE = 0.7  # not the one that is shipped: `colours.edges` comes to it


def schools() -> list[Case]:
    """Catalogues and observations in which every rule of scoring.md shows."""
    return [every_method(), deep(), neighbours(), capped(), edges(), crowd()]
