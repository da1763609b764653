"""How many random catalogues to score: `--catalogues 500` on the command line; else a few, the same each time."""

import pytest

from tests.integration.method.traits import FEW
from tests.integration.scored import Scoring


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--catalogues", type=int, default=FEW, help="random catalogues to score")


@pytest.fixture(scope="session")
def catalogues(request: pytest.FixtureRequest) -> int:
    """How many random catalogues to score."""
    # A run of all tests reads this file after the command line: the option is not known then.
    return int(request.config.getoption("--catalogues", default=FEW))


@pytest.fixture(scope="module")
def scoring(unscored: Scoring) -> Scoring:
    return unscored
