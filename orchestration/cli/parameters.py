"""Arguments that several commands take. Not here: the commands."""

import re
from datetime import date

import click

from orchestration.cli.door import UserMistake
from orchestration.core.periods import parse_period
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


class Period(click.ParamType[str]):
    """A half-year or a year that may be published, `2026H1` or `2026`."""

    name = "period"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The canonical period; UserMistake for anything else."""
        try:
            period = parse_period(value)
        except ValueError as problem:
            raise UserMistake("bad_period", found=value) from problem
        if not FIRST[:4] <= period[:4] <= LAST[:4]:
            raise UserMistake("bad_year", found=value, first=FIRST[:4], last=LAST[:4])
        return period


class Year(click.ParamType[str]):
    """A year of four digits that has quarters to run."""

    name = "year"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The year; UserMistake for anything else."""
        if not re.fullmatch(r"[0-9]{4}", value) or not FIRST[:4] <= value <= LAST[:4]:
            raise UserMistake("bad_year", found=value, first=FIRST[:4], last=LAST[:4])
        return value


class Day(click.ParamType[date]):
    """A calendar day, `2026-10-18`."""

    name = "day"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; UserMistake for anything else."""
        if isinstance(value, date):
            return value
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise UserMistake("bad_day", found=value)
