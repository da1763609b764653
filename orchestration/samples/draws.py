"""Figures by hashing: the same names always give the same draw, whatever else is drawn.

A generator with a state would give every later cell another figure as soon as one unit, quarter or item is
added. Not here: what the draws mean (`shares`, `figures`).
"""

from hashlib import blake2b
from math import pi, sin
from statistics import NormalDist

_STANDARD = NormalDist()
_EDGE = 1e-9


def time_of(quarter: str) -> int:
    """Quarters since year 0, so that neighbours differ by one."""
    return int(quarter[:4]) * 4 + int(quarter[5])


class Draws:
    """Draws of one school under one seed; every method is a pure function of its names."""

    def __init__(self, seed: int, institution: str) -> None:
        self._root = f"{seed}|{institution}"
        self._known: dict[tuple[str, ...], float] = {}

    def uniform(self, *names: str) -> float:
        """A number in [0, 1)."""
        if names not in self._known:
            key = "|".join((self._root, *names)).encode()
            self._known[names] = int.from_bytes(blake2b(key, digest_size=7).digest()) / 2**56
        return self._known[names]

    def normal(self, *names: str) -> float:
        """A standard normal number."""
        return _STANDARD.inv_cdf(min(1 - _EDGE, max(_EDGE, self.uniform(*names))))

    def wave(self, time: int, *names: str) -> float:
        """A slow wave between -1 and 1 over quarters; its period is 6 to 12 quarters."""
        period = 6 + 6 * self.uniform("period", *names)
        return sin(2 * pi * (time / period + self.uniform("phase", *names)))
