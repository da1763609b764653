"""Keeps what each rule said of a submission, and gives it back when the same bytes come again.

Not here: judging (`judgement`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import psycopg

from orchestration.intake.issues.issue import Issue
from orchestration.intake.receiving.judgement import RuleCount
from orchestration.intake.receiving.landing import copy_rows
from orchestration.intake.receiving.receipt import SAMPLES, RuleReceipt, SampleCell

_SAMPLES = """
    select rule, source_file, source_sheet, source_cell, found, message_zh, message_en
    from quality.issue
    where last_submission = %s
    order by id
"""


def rule_receipts(counts: Iterable[RuleCount], issues: Iterable[Issue]) -> tuple[RuleReceipt, ...]:
    """Each rule's result with the first places that broke it."""
    samples: dict[str, list[SampleCell]] = defaultdict(list)
    for issue in issues:
        own = samples[issue.fault.rule]
        zh, en = issue.texts.message["zh-CN"], issue.texts.message["en"]
        own.extend(
            SampleCell(spot.file_name, spot.sheet, spot.address, spot.found, zh, en)
            for spot in issue.spots[: SAMPLES - len(own)]
        )
    return tuple(
        RuleReceipt(count.rule, count.severity, count.evaluated, count.failing, tuple(samples[count.rule]))
        for count in counts
    )


def record_rules(conn: psycopg.Connection, submission: int, rules: Iterable[RuleReceipt]) -> None:
    """Keep each rule's result on the submission."""
    copy_rows(
        conn,
        "quality",
        "rule_result",
        (
            {
                "submission": submission,
                "rule": rule.rule,
                "severity": rule.severity,
                "evaluated": rule.evaluated,
                "failing": rule.failing,
            }
            for rule in rules
        ),
    )


def recorded_rules(
    conn: psycopg.Connection, submission: int, order: Sequence[str]
) -> tuple[RuleReceipt, ...]:
    """The results kept for the submission, in the order of `order`, with the places its issues name."""
    samples: dict[str, list[SampleCell]] = defaultdict(list)
    for rule, *place in conn.execute(_SAMPLES, (submission,)):
        samples[rule].append(SampleCell(*place))
    rows = conn.execute(
        "select rule, severity, evaluated, failing from quality.rule_result where submission = %s",
        (submission,),
    ).fetchall()
    rank = {rule: index for index, rule in enumerate(order)}
    rows.sort(key=lambda row: (rank.get(row[0], len(rank)), row[0]))
    return tuple(
        RuleReceipt(rule, severity, evaluated, failing, tuple(samples[rule][:SAMPLES]))
        for rule, severity, evaluated, failing in rows
    )
