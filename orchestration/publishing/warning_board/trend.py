"""Warnings over the quarters: how many of each severity held in each, and the tasks struck off in it.

An episode counts in every quarter from its first to its last, under the severity it has. Not here: drawing.
"""

from orchestration.core.quarters import quarter_of
from orchestration.publishing.warning_board.facts import Telling
from orchestration.publishing.warning_board.page import Bar, Trend, TrendRow

HEIGHT = 56


def trend(telling: Telling) -> Trend | None:
    """The table; None where fewer than two quarters were scored."""
    board, quarters = telling.board, telling.board.quarters
    if len(quarters) < 2:
        return None
    rows = []
    for severity in board.severities:
        own = [row for row in board.warnings if row.severity == severity]
        counts = tuple(sum(row.first_quarter <= at <= row.quarter for row in own) for at in quarters)
        mark = telling.mark(severity)
        if any(counts):
            rows.append(TrendRow(mark, mark.name, counts))
    total = tuple(sum(column) for column in zip(*(row.counts for row in rows), strict=True)) if rows else ()
    done = tuple(
        sum(quarter_of(task.struck_off_on) == at for task in board.tasks if task.struck_off_on)
        for at in quarters
    )
    if rows:
        rows.append(TrendRow(None, telling.say("trend.all"), total))
    if any(done):
        rows.append(TrendRow(None, telling.say("trend.struck_off"), done))
    if not rows:
        return None
    return Trend(_title(telling, total or (0,) * len(quarters)), quarters, tuple(rows), _bars(rows, total))


def _title(telling: Telling, total: tuple[int, ...]) -> str:
    """What the last quarter is beside the one before."""
    now, before = total[-1], total[-2]
    key = "trend.same" if now == before else "trend.more" if now > before else "trend.less"
    quarter = telling.words.quarter(telling.board.quarters[-1])
    return telling.say(key, quarter=quarter, now=now, before=before)


def _bars(rows: list[TrendRow], total: tuple[int, ...]) -> tuple[Bar, ...]:
    """Columns on one scale, the worst severity at the foot."""
    highest = max(total, default=0)
    if not highest:
        return ()
    found = []
    for index in range(len(total)):
        segments, foot = list[tuple[str, int, int]](), HEIGHT
        for row in rows:
            if row.mark is None or not row.counts[index]:
                continue
            height = max(2, round(HEIGHT * row.counts[index] / highest))
            foot -= height
            segments.append((row.mark.css, foot, height))
        found.append(Bar(tuple(segments)))
    return tuple(found)
