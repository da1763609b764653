"""The words of a returned workbook: lines above the list, its heads, each line's cells, each comment.

Chinese first, English below. Not here: the texts (`report_templates/messages/returning.yml`), cells of Excel.
"""

from collections.abc import Mapping, Sequence

from expectations import contract_of
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.returns import LIST_SHEET, token_of
from orchestration.messages import LANGUAGES, Language, catalogue, text
from orchestration.stewardship.returning.marks import Spot, Submission
from orchestration.stewardship.returning.request import COLUMNS, Listing, Mark

# Each comment is a drawing: with more of them a spreadsheet program hangs, and what comes back could not be read.
COMMENTED, LISTED = 2_000, 12_000
_SAID = "returning.said."


def listing_of(submission: Submission, catalogue_at_quarter: Catalogue, count: int) -> Listing:
    """The first sheet's words; the token stands in one line of its own, before anything a file may hold."""
    lines = []
    names = {row.code: row for row in catalogue_at_quarter.departments}
    for language in LANGUAGES:
        row = names.get(submission.department)
        name = submission.department if row is None else row.name_zh if language == "zh-CN" else row.name_en
        key = "title" if count else "title_clean"
        lines.append(
            text(
                f"returning.{key}",
                language,
                department=name,
                quarter=submission.quarter,
                number=submission.number,
                count=count,
            )
        )
    token = token_of(submission.id, submission.sha256)
    lines += [text("returning.how", language) for language in LANGUAGES]
    lines.append(" ".join([text("returning.token", language) for language in LANGUAGES] + [token]))
    for key, most in (("commented", COMMENTED), ("listed", LISTED)):
        if count > most:
            lines.append(both(f"returning.{key}", count=count, most=most))
    return Listing(
        title=LIST_SHEET,
        lines=lines,
        heads={name: both(f"returning.column.{name}") for name in COLUMNS},
        author=text("returning.author", "zh-CN"),
    )


def both(key: str, **values: object) -> str:
    """A text in both languages, Chinese above."""
    return "\n".join(text(key, language, **values) for language in LANGUAGES)


def said() -> dict[str, str]:
    """What may have to be said of a file, by what happened to it; {file}, {sheet} and {found} are still open."""
    stay = {"file": "{file}", "found": "{found}"}
    return {
        key.removeprefix(_SAID): "\n".join(text(key, language, **stay) for language in LANGUAGES)
        for key in catalogue()
        if key.startswith(_SAID)
    }


def marks_of(spots: Sequence[Spot], submission: Submission) -> list[Mark]:
    """One line a spot, as many as are listed; a comment each for the first."""
    marks = []
    told: set[int] = set()
    for place, spot in enumerate(spots[:LISTED]):
        sentences = {language: _sentences(spot, submission, language) for language in LANGUAGES}
        comment = "\n\n".join("\n".join(sentences[language]) for language in LANGUAGES)
        if spot.issue in told:  # the same words over and over are one string of the file
            alike = "returning.one_of_many.alike"
            sentences = {language: (text(alike, language), own[1]) for language, own in sentences.items()}
        told.add(spot.issue)
        marks.append(_mark(spot, sentences, comment if place < COMMENTED else ""))
    return marks


def _mark(spot: Spot, sentences: Mapping[Language, tuple[str, str]], comment: str) -> Mark:
    # One line a cell: of more, some programs make a piece a word.
    severity = " ".join(text(f"returning.severity.{spot.severity}", language) for language in LANGUAGES)
    return Mark(
        file=spot.file,
        sheet=spot.sheet,
        cell=spot.cell,
        also=[spot.partner] if spot.is_pair and spot.partner else [],
        texts={
            "severity": severity,
            "subject": spot.subject_text or "",
            "column": spot.header or "",
            "found": spot.found or spot.raw_text or "",
            "last": spot.last or "",
            "zh": "".join(sentences["zh-CN"]),
            "en": " ".join(sentences["en"]),
            "due": spot.due_on.isoformat() if spot.due_on else "",
        },
        comment=comment,
    )


def _sentences(spot: Spot, submission: Submission, language: Language) -> tuple[str, str]:
    """What is wrong and what to do: the issue's own, or for one place of many the rule's, filled anew."""
    own = (spot.message_zh, spot.todo_zh) if language == "zh-CN" else (spot.message_en, spot.todo_en)
    if not spot.is_one_of_many:
        return own
    key = contract_of(submission.department).message(spot.rule)
    values = _values(spot, submission)
    try:
        return text(f"{key}.message", language, **values), text(f"{key}.todo", language, **values)
    except KeyError:  # the sentence needs more than the ledger keeps of each place
        found = values.get("found", "")
        return (
            text("returning.one_of_many.message", language, place=values["place"], found=found),
            text("returning.one_of_many.todo", language),
        )


def _values(spot: Spot, submission: Submission) -> dict[str, str]:
    """Placeholders of the rule's sentences, those that are known."""
    known = {
        "place": " › ".join(part for part in (spot.file, spot.sheet, spot.address) if part),
        "file": spot.file,
        "sheet": spot.sheet,
        "cell": spot.address,
        "quarter": submission.quarter,
        "subject": spot.subject_text,
        "item": spot.header,
        "header": spot.header,
        "found": spot.found,
        "last": spot.last,
        "numerator": spot.raw_text if spot.is_pair else None,
        "denominator": spot.partner_text if spot.is_pair else None,
        "denominator_cell": spot.partner,
    }
    return {name: value for name, value in known.items() if value is not None}
