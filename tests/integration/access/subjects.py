"""The subjects of two institutions, and what both are scored by. Not here: their rows."""

from dataclasses import dataclass, field

from tests.integration.small_catalogue import TREE

HERE, THERE = "here", "there"
POSTS = "posts"  # the tree over office-holders
QUARTERS = ("2026Q1", "2026Q2")
DEPARTMENTS = ("records", "rules")
NODES = {"T": ("", 0), "A": ("T", 1), "B": ("T", 1)}
ITEMS = {"a": ("A", "records"), "b": ("B", "rules")}


@dataclass(frozen=True)
class Subject:
    institution: str
    kind: str
    code: str
    framework: str = field(default=TREE)


def subjects(institution: str) -> list[Subject]:
    """The same codes in both, as in a catalogue of many schools."""
    return [
        Subject(institution, "institution", institution),
        *(Subject(institution, "unit", code) for code in ("U1", "U2", "U3")),
        *(Subject(institution, "office_holder", code, POSTS) for code in ("P1", "P2")),
    ]
