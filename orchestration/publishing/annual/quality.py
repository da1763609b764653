"""Data quality and stewardship of the year: what passed at once, what was mended and how fast, objections.

Not here: which scores rest on mended data (`corrections`).
"""

from orchestration.publishing.annual.drafting import Yearly
from orchestration.publishing.annual.rows import QualityRow
from orchestration.publishing.documents.model import Block, Heading, Paragraph, Row, Table

_COUNTS = (
    "first_pass_rate",
    "submissions",
    "issues",
    "issues_fixed",
    "days_to_fix",
    "issues_waived",
    "issues_unmended",
)
_OBJECTIONS = ("objections", "objections_upheld", "objections_dismissed", "objections_undecided")


def quality(yearly: Yearly) -> tuple[Block, ...]:
    """One row a department and their sum; then what became of objections."""
    title, whole = yearly.say("chapter.quality"), yearly.data.of_all
    if whole is None:
        return (Heading(1, title), Paragraph(yearly.line("quality.none")))
    head = yearly.line(
        "quality.rate",
        rate=yearly.quality(whole, "first_pass_rate"),
        passes=yearly.quality(whole, "first_passes"),
        firsts=yearly.quality(whole, "first_submissions"),
    )
    columns = yearly.columns(("department", "left", 2.0), *((column, "right", 1.0) for column in _COUNTS))
    rows = [_row(yearly, row, yearly.department(row.department)) for row in yearly.data.of_departments]
    rows.append(_row(yearly, whole, yearly.say("all_departments"), is_sum=True))
    return (
        Heading(1, title),
        Paragraph(head),
        Table(title, columns, tuple(rows)),
        Paragraph(yearly.line("quality.note"), "note"),
        *_objections(yearly, whole),
    )


def _row(yearly: Yearly, row: QualityRow, who: str, *, is_sum: bool = False) -> Row:
    return Row(((who,), *((yearly.quality(row, column),) for column in _COUNTS)), is_sum=is_sum)


def _objections(yearly: Yearly, whole: QualityRow) -> tuple[Block, ...]:
    if not whole.objections:
        return (Paragraph(yearly.line("quality.no_objection")),)
    values = {name: yearly.quality(whole, name) for name in _OBJECTIONS}
    return (Paragraph(yearly.line("quality.objections", **values)),)
