"""What every row of a catalogue file is: frozen, blank cells None, maybe valid from one quarter to another.

Not here: the rows themselves (`models`, `registers`).
"""

from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, PrivateAttr

# A blank flag is false (scoring.md section 2).
Flag = Annotated[bool, BeforeValidator(lambda cell: False if cell in (None, "") else cell)]


class Row(BaseModel):
    """One row of a catalogue file; a blank cell is None."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    key: ClassVar[tuple[str, ...]] = ("code",)
    _line: int | None = PrivateAttr(default=None)

    @property
    def line(self) -> int | None:
        """The line of the CSV file where the row begins, for messages; None for a row made elsewhere."""
        return self._line

    def at_line(self, line: int) -> Self:
        """This row, known to begin at `line` of its file."""
        self._line = line
        return self

    def __eq__(self, other: object) -> bool:
        # Where a row stands is no part of what it says.
        return type(self) is type(other) and self.__dict__ == other.__dict__


class ValidRow(Row):
    """A row that holds from one quarter to another, both included; None is open."""

    valid_from: str | None = None
    valid_to: str | None = None

    def holds_in(self, quarter: str) -> bool:
        """Whether the row is valid in `quarter` (`YYYYQn`, which sorts as text)."""
        return (self.valid_from or quarter) <= quarter <= (self.valid_to or quarter)
