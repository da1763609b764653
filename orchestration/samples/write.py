"""Sample deliveries on disk: `<target>/<institution>/<quarter>/<department>.xlsx` or `.csv`.

A file that the story says was refused is written as refused by `write_samples`; `write_mended` puts the right
one in its place, as the department would. Not here: what the files say (`tables`, `layout`).
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.quarters import first_day, following
from orchestration.samples.csv_files import csv_bytes
from orchestration.samples.habits import Habit, shipped_habits
from orchestration.samples.layout import SheetMaker, notes
from orchestration.samples.school import School
from orchestration.samples.story import shipped_story
from orchestration.samples.tables import TableMaker
from orchestration.samples.wording import Wording
from orchestration.samples.workbooks import workbook_bytes

REPORTED_AFTER = timedelta(days=9)


def write_samples(target: Path, catalogue: Catalogue, quarters: Sequence[str], seed: int) -> list[Path]:
    """Writes every department's files of `quarters` and returns their paths, in order.

    The same catalogue, quarters and seed give the same bytes; a school, unit or quarter more changes no other
    file. `catalogue` is the whole one, with the rows of every quarter.
    """
    return [
        path
        for school in _schools(catalogue, quarters, seed)
        for department, habit in shipped_habits().of(school.catalogue).items()
        for path in _write(target, school, department, habit, _quarter_written(school, department))
    ]


def write_mended(target: Path, catalogue: Catalogue, quarters: Sequence[str], seed: int) -> list[Path]:
    """Replaces the files that `write_samples` wrote with a wrong quarter in them, and returns their paths."""
    return [
        path
        for school in _schools(catalogue, quarters, seed)
        for department, habit in shipped_habits().of(school.catalogue).items()
        if _quarter_written(school, department) != school.quarter
        for path in _write(target, school, department, habit, school.quarter)
    ]


def _schools(catalogue: Catalogue, quarters: Sequence[str], seed: int) -> Iterator[School]:
    for institution in catalogue.institutions:
        story = shipped_story().told_in(catalogue, institution.code)
        for quarter in quarters:
            yield School(catalogue.at(quarter), institution, quarter, seed, story, shipped_habits().words)


def _quarter_written(school: School, department: str) -> str:
    """The quarter that stands in the file: its own, but for a refused one."""
    for line in school.story.refusals:
        if (line.quarter, line.department) == (school.quarter, department):
            return line.quarter_written
    return school.quarter


def _write(target: Path, school: School, department: str, habit: Habit, written: str) -> Iterator[Path]:
    day = first_day(following(school.quarter)) + REPORTED_AFTER
    folder = target / school.institution.code / school.quarter
    wording = Wording(habit, school.words, school.draws)
    phrases = _phrases(school, department, written, day)
    sheets = {
        table.framework.code: SheetMaker(table, habit, school.words, wording, phrases, day).sheet()
        for table in TableMaker(school, department, habit).tables()
    }
    if not sheets:
        return
    folder.mkdir(parents=True, exist_ok=True)
    if habit.file == "xlsx":
        hidden = [notes(next(iter(sheets.values())), school.words.notes)] if habit.notes else []
        path = folder / f"{department}.xlsx"
        path.write_bytes(workbook_bytes([*sheets.values(), *hidden], day))
        yield path
        return
    units = (row.code for row in school.ranked_frameworks() if row.subject_kind == "unit")
    plain = next(units, None)
    for framework, sheet in sheets.items():
        path = folder / (f"{department}.csv" if framework == plain else f"{department}.{framework}.csv")
        path.write_bytes(csv_bytes(sheet, habit.encoding))
        yield path


def _phrases(school: School, department: str, quarter: str, day: date) -> dict[str, str]:
    name = next(row.name_zh for row in school.catalogue.departments if row.code == department)
    numeral = school.words.numerals[int(quarter[5]) - 1]
    return {
        "institution": school.institution.name_zh,
        "department": name,
        "quarter": quarter,
        "quarter_words": f"{quarter[:4]}年第{numeral}季度",
        "date": f"{day.year}年{day.month}月{day.day}日",
    }
