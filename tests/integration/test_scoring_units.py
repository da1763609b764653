"""dbt's own unit tests: each rule of the method, three-row fixtures, one model at a time."""

from orchestration.settings import Settings
from orchestration.warehouse.connections import Warehouse
from tests.integration.scored import dbt


def test_every_unit_test_of_the_models_passes(warehouse: Warehouse, settings: Settings) -> None:
    result = dbt(warehouse, settings, ["test", "--select", "test_type:unit"])
    assert result.exception is None
    found = {one.node.name: str(one.message) for one in result.result.results if one.status != "pass"}
    assert found == {}
    assert len(result.result.results) > 30
