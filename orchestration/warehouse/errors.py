"""The one error of the warehouse that a person is meant to read.

Its texts are rows of `report_templates/messages/warehouse.yml`. Not here: faults of the program itself, which
stay ordinary exceptions with a traceback.
"""

from orchestration.messages import Language, text


class WarehouseError(Exception):
    """Something outside the program is missing or in the way; one sentence says what and what to do.

    `reason` is the last part of the message key `warehouse.<reason>`, `values` fills its placeholders.
    """

    def __init__(self, reason: str, **values: object) -> None:
        self.reason = reason
        self.values_given = values
        super().__init__(self.sentence("en"))

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the keyword values when the error crosses a process border."""
        return (_rebuild, (self.reason, self.values_given))

    def sentence(self, language: Language) -> str:
        """The sentence in `language`."""
        return text(f"warehouse.{self.reason}", language, **self.values_given)


def _rebuild(reason: str, values: dict[str, object]) -> WarehouseError:
    return WarehouseError(reason, **values)
