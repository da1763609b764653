"""Arguments that several commands take. Not here: the commands."""

import click

from orchestration.cli.door import UserMistake
from orchestration.core.quarters import parse_quarter, quarters_between
from orchestration.partitions import FIRST, LAST


class Quarter(click.ParamType[str]):
    """A quarter that may be run, `2026Q3`."""

    name = "quarter"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The canonical quarter; UserMistake for anything else."""
        try:
            quarter = parse_quarter(value)
        except ValueError as problem:
            raise UserMistake("bad_quarter", found=value) from problem
        if not FIRST <= quarter <= LAST:
            raise UserMistake("quarter_out_of_reach", found=quarter, first=FIRST, last=LAST)
        return quarter


class Quarters(click.ParamType[list[str]]):
    """A range of quarters, `2024Q4:2026Q3`, or one quarter."""

    name = "quarters"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> list[str]:
        """The quarters of the range, both ends included; UserMistake for anything else."""
        first, colon, last = value.partition(":")
        one = Quarter()
        return between(one.convert(first, param, ctx), one.convert(last if colon else first, param, ctx))


def between(first: str, last: str) -> list[str]:
    """The quarters from `first` to `last`, both included; UserMistake where they stand the wrong way round."""
    if last < first:
        raise UserMistake("range_backwards", first=first, last=last)
    return quarters_between(first, last)
