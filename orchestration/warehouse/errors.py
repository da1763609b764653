"""The one error of the warehouse that a person is meant to read.

Its texts are rows of `report_templates/messages/warehouse.yml`. Not here: faults of the program itself, which
stay ordinary exceptions with a traceback.
"""

from orchestration.messages import SpokenError


class WarehouseError(SpokenError):
    """Something outside the program is missing or in the way; one sentence says what and what to do."""

    area = "warehouse"
