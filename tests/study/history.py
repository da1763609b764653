"""One seed, one school: units that lie where they lie but for noise and gaps, and what was planted into them.

Noise has a standard deviation of 3 points a unit and quarter on the root, and 3 % of the cells are missing. Sizes of
events were fixed before the seeds that the study prints were drawn. Not here: rows of a catalogue, the database.
"""

from dataclasses import dataclass, field

import numpy as np

from orchestration.core.quarters import quarters_between

QUARTERS = quarters_between("2023Q4", "2026Q3")
UNITS = tuple(f"U{number:02}" for number in range(1, 21))
POINTS = tuple(f"P{number}" for number in range(1, 7))
POSITIVE = tuple(f"{point}{letter}" for point in POINTS for letter in "abcd")
NEGATIVE, GRAVE = "late", "charge"
LATE_DEPARTMENT_OWES = POSITIVE[-1]
NOISE, MISSING = 3.0, 0.03
# What an event takes from the root in the quarters up to and with its own.
FALLS = {"drop": (26.0,), "outlier": (40.0,), "decline": (18.0, 36.0, 54.0)}
GAP = 6  # cells that do not come
# The rules that must warn of it in its quarter.
WARNED: dict[str, tuple[str, ...]] = {
    "drop": ("fell", "colour_worsened"),
    "outlier": ("outlier", "fell", "colour_worsened"),
    "decline": ("declined",),
    "case": ("negative_case",),
    "grave": ("grave_case",),
    "gap": ("coverage_low", "uncertain_colour"),
    "late": ("department_late",),
}

Cell = tuple[str, str, float]  # unit, item, value


@dataclass(frozen=True)
class Event:
    """Something planted: in `quarter` (a place in QUARTERS), at a unit; None is the department that delivers late."""

    kind: str
    quarter: int
    unit: str | None

    @property
    def touched(self) -> range:
        """The quarters whose figures it changes."""
        return range(self.quarter + 1 - len(FALLS.get(self.kind, (0.0,))), self.quarter + 1)


@dataclass(frozen=True)
class School:
    """Events and, for each quarter, the cells that arrive; cells of the late department are among them."""

    code: str
    events: tuple[Event, ...]
    cells: list[list[Cell]] = field(repr=False)

    def planted(self) -> set[tuple[int, str | None]]:
        """Each quarter and unit that an event changes."""
        return {(quarter, event.unit) for event in self.events for quarter in event.touched}


def school(seed: int) -> School:
    """The school of a seed; the same in every process."""
    dice = np.random.default_rng(seed)
    units = dice.permutation(np.array(UNITS))
    events = tuple(
        Event(
            kind,
            int(dice.integers(len(FALLS.get(kind, ())), len(QUARTERS))),
            None if kind == "late" else str(unit),
        )
        for kind, unit in zip(WARNED, units, strict=False)
    )
    levels = dice.uniform(82, 90, len(UNITS))
    offsets = dice.normal(0, 2, (len(UNITS), len(POSITIVE)))
    offsets -= offsets.mean(axis=1, keepdims=True)
    cells = []
    for quarter in range(len(QUARTERS)):
        roots = levels + dice.normal(0, NOISE, len(UNITS))
        absent = dice.random((len(UNITS), len(POSITIVE) + 2)) < MISSING
        cases = np.zeros((len(UNITS), 2))
        for event in events:
            if event.unit is not None and quarter in event.touched:
                _plant(event, quarter, UNITS.index(event.unit), (roots, absent, cases))
        figures = np.hstack([np.clip(roots[:, None] + offsets, 0, 100), cases])
        items = (*POSITIVE, NEGATIVE, GRAVE)
        cells.append([(UNITS[u], items[i], float(figures[u, i])) for u, i in np.argwhere(~absent).tolist()])
    return School(f"s{seed:05}", events, cells)


def _plant(event: Event, quarter: int, unit: int, arrays: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    roots, absent, cases = arrays
    if event.kind in FALLS:
        roots[unit] -= FALLS[event.kind][quarter - event.touched.start]
    elif event.kind == "gap":
        absent[unit, : len(POSITIVE) : len(POSITIVE) // GAP] = True
    else:
        place = (NEGATIVE, GRAVE).index({"case": NEGATIVE, "grave": GRAVE}[event.kind])
        cases[unit, place] = 1
        absent[unit, len(POSITIVE) + place] = False
