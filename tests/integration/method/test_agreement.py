"""Random catalogues: the warehouse agrees with the independent reference on every figure of every node and item."""

from tests.integration.method.batch import score
from tests.integration.method.compare import disagreements, report
from tests.integration.method.strategies import variety
from tests.integration.method.traits import traits
from tests.integration.scored import Scoring, with_coverage

BATCH = 50


def test_random_catalogues_agree_on_every_node(scoring: Scoring, catalogues: int) -> None:
    drawn, seen = variety(catalogues), set()
    for start in range(0, len(drawn), BATCH):
        least = (0.8, 0.5)[start // BATCH % 2]
        for one in score(with_coverage(scoring, least), drawn[start : start + BATCH], f"-{start}"):
            parted = list(disagreements(one, least))
            assert not parted, report(one, parted)
            seen |= traits(one)
