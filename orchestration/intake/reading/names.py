"""Which subject a row names: by code, name or alias; a code and a name side by side must agree.

Not here: where the key columns are (`header.py`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from orchestration.core.delivery import ReadRow
from orchestration.intake.reading.forms import name_form, narrow


def key_text(text: str) -> str:
    """A key as written, without the apostrophe that kept a spreadsheet from changing it (`'C01`)."""
    return text.strip().removeprefix("'").removeprefix("’")


def subject_of(
    keys: Sequence[str], subjects: Mapping[str, str], namesakes: Mapping[str, Sequence[str]] | None = None
) -> tuple[str | None, str | None]:
    """(code, None), or (None, why not): `unknown_subject` or `code_name_disagree`. `keys`: no blank ones.

    A name that several share (`namesakes`) names nobody alone, and agrees with the code of any of them.
    """
    meant = [_meant(name_form(narrow(key)), subjects, namesakes or {}) for key in keys]
    common = frozenset.intersection(*meant) if meant else frozenset()
    if len(common) == 1:
        return next(iter(common)), None
    return None, "code_name_disagree" if any(meant) and not common else "unknown_subject"


def _meant(form: str, subjects: Mapping[str, str], namesakes: Mapping[str, Sequence[str]]) -> frozenset[str]:
    return frozenset({subjects[form]} if form in subjects else namesakes.get(form, ()))


def without_twins(rows: Sequence[ReadRow]) -> tuple[ReadRow, ...]:
    """The rows, all those of a subject that stands more than once held as `duplicate_subject`."""
    times = Counter(row.subject for row in rows if row.subject is not None)
    return tuple(
        replace(row, problem="duplicate_subject")
        if row.subject is not None and times[row.subject] > 1
        else row
        for row in rows
    )
