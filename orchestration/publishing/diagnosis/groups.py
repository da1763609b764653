"""Several subjects on one page: who is in which colour, and what each does first.

Ranks nobody: within a colour the lowest score stands first, kinds apart. Not here: one subject's own sections.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.publishing.diagnosis.causes import is_unjudged
from orchestration.publishing.diagnosis.figures import PERIOD, Drafting
from orchestration.publishing.diagnosis.model import Subject
from orchestration.publishing.diagnosis.result import action, first_steps
from orchestration.publishing.documents.model import Line, Listing
from orchestration.publishing.heat_map.model import Score
from orchestration.publishing.look.numbers import exact

NAMED = 8
HEADED = 3


@dataclass(frozen=True)
class Member:
    """A subject's node with its row of the period; `name` as it is called where several stand together."""

    subject: Subject
    node: str
    name: str
    row: Score


def members(
    drafting: Drafting, wanted: Sequence[tuple[Subject, str]], *, is_bare: bool = False
) -> tuple[Member, ...]:
    """Those of the wanted subjects and nodes that have a row, in the order given, each once.

    `is_bare`: they are called by the subject alone, where the page says of which node it speaks.
    """
    found = []
    for subject, node in dict.fromkeys(wanted):
        row = drafting.data.in_period.get((subject, node))
        if row is not None:
            name = name_of(drafting, subject, drafting.data.root if is_bare else node)
            found.append(Member(subject, node, name, row))
    return tuple(found)


def name_of(drafting: Drafting, subject: Subject, node: str) -> str:
    """The subject's name, with the node where it is not the root."""
    data, words = drafting.data, drafting.words
    unit = data.units.get(subject.code) if subject != data.school else None
    whole = words.name(unit) if unit else words.scores.say("school")
    if node == data.root:
        return whole
    return f"{whole}{words.space}{words.named(node, data.indicators)}"


def in_alarm(drafting: Drafting, found: Sequence[Member]) -> list[tuple[str, list[Member]]]:
    """Members by alarm colour, worst colour first, lowest score first."""
    groups = []
    for band in reversed(drafting.data.frame.judged):
        own = [one for one in found if one.row.band == band.code and band.alarm]
        if own:
            groups.append((band.code, sorted(own, key=_by_score)))
    return groups


def waiting(found: Sequence[Member]) -> list[Member]:
    """Members whose colour waits for a person."""
    return sorted((one for one in found if one.row.band_pending), key=_by_score)


def unjudged(drafting: Drafting, found: Sequence[Member]) -> list[Member]:
    """Members that are not judged."""
    return [one for one in found if is_unjudged(drafting, one.row)]


def group_heading(drafting: Drafting, who: str, found: Sequence[Member]) -> str:
    """Whose page it is, and who is in the worst alarm colours; the grey ones last."""
    words, parts = drafting.words, list[str]()
    if not found:
        return words.say("heading.none", who=who)
    for code, own in in_alarm(drafting, found):
        key = "group.alarm_more" if parts else "group.alarm"
        parts.append(words.say(key, who=who, units=names(drafting, own), band=words.band(code)))
    said = words.say("clause").join(parts) if parts else words.say("group.quiet", who=who)
    grey = unjudged(drafting, found)
    return words.say("group.grey", heading=said, units=names(drafting, grey)) if grey else said


def group_lines(drafting: Drafting, found: Sequence[Member]) -> tuple[Line, ...]:
    """One line for who waits for a person, one a colour in alarm, one for the grey, each with its action."""
    words, lines = drafting.words, []
    if pending := waiting(found):
        lines.append(words.line("group.pending", members=_chips(drafting, pending)))
    grey = unjudged(drafting, found)
    judged = [*in_alarm(drafting, found), *([(grey[0].row.band or "", grey)] if grey else [])]
    for code, own in judged:
        line = words.line("group.members", band=drafting.band_chip(code), members=_chips(drafting, own))
        band = drafting.data.frame.band_of.get(code)
        lines.append(words.sentences([line, action(drafting, band) if band else ""]))
    return tuple(lines) or (words.line("group.none"),)


def first_acts(drafting: Drafting, found: Sequence[Member]) -> Listing | None:
    """For each member in alarm, worst first, its steps to the next colour; None where there are none."""
    words, data = drafting.words, drafting.data
    lines = []
    for _, own in in_alarm(drafting, found):
        for one in own:
            steps = data.steps_of.get(one.subject, ())
            if one.node == data.root and steps:
                lines.append(words.line("group.step", unit=one.name, steps=first_steps(drafting, steps)))
    return Listing(tuple(lines[:NAMED])) if lines else None


def chips(drafting: Drafting, found: Sequence[Member], most: int) -> Line:
    """Names with their chips, `and others` beyond `most`."""
    return _chips(drafting, found, most)


def names(drafting: Drafting, found: Sequence[Member]) -> str:
    """Their names, `and others` beyond three."""
    words = drafting.words
    listed = words.say("list").join(one.name for one in found[:HEADED])
    return listed if len(found) <= HEADED else words.say("and_others", names=listed)


def _chips(drafting: Drafting, found: Sequence[Member], most: int = NAMED) -> Line:
    words = drafting.words
    named = [
        words.line("group.member", name=one.name, chip=drafting.chip(PERIOD, one.row)) for one in found[:most]
    ]
    line = words.listed(named)
    return line if len(found) <= most else words.line("and_others", names=line)


def _by_score(one: Member) -> tuple[bool, object]:
    return (True, 0) if one.row.score is None else (False, exact(one.row.score))
