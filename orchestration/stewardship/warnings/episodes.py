"""From quarters in which one cause was found to episodes, and from episodes to rows of the ledger.

Pure, and the same whatever was evaluated first or twice: an episode follows from what is known of the quarters, not
from what the ledger says. Not here: causes and rows (`ledger`), days and deadlines.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple


class Evaluated(NamedTuple):
    """A quarter that was evaluated; `is_settled`: what was not found in it is not there."""

    quarter: str
    is_settled: bool


class Episode(NamedTuple):
    """Quarters in a row with the same cause; open while no settled quarter after it is without."""

    first: str
    last: str
    is_open: bool


class Standing(NamedTuple):
    """A row of the ledger with the same fingerprint: its number, its quarters, whether it has not ended."""

    number: int
    first: str
    last: str
    is_open: bool


class Step(NamedTuple):
    """What becomes of a row: None for a row is a new one, None for an episode is that no quarter shows its cause."""

    row: Standing | None
    episode: Episode | None


def episodes(evaluated: Iterable[Evaluated], found: AbstractSet[str]) -> list[Episode]:
    """The episodes of one fingerprint, oldest first; `found` are quarters in which its cause was found.

    Quarters that were never evaluated are passed over, and so are unsettled ones without the cause: that a file has
    not come is no recovery.
    """
    told: list[Episode] = []
    for quarter, is_settled in sorted(evaluated):
        going_on = bool(told) and told[-1].is_open
        if quarter in found:
            first = told.pop().first if going_on else quarter
            told.append(Episode(first, quarter, is_open=True))
        elif going_on and is_settled:
            told.append(told.pop()._replace(is_open=False))
    return told


def steps(told: Sequence[Episode], rows: Iterable[Standing]) -> Iterator[Step]:
    """Which row each episode goes on in, the latest first; then the rows whose cause is gone.

    A row is an episode's when they share a quarter: the one that has not ended first, so that a person's task stays
    with it, then the latest.
    """
    left = sorted(rows, key=lambda row: (not row.is_open, _backwards(row.last), row.number))
    for episode in reversed(told):
        own = next((row for row in left if row.first <= episode.last and episode.first <= row.last), None)
        if own is not None:
            left.remove(own)
        yield Step(own, episode)
    yield from (Step(row, None) for row in left)


def _backwards(quarter: str) -> tuple[int, ...]:
    """Sorts quarters the latest first."""
    return tuple(-ord(character) for character in quarter)
