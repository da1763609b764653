"""A small valid catalogue as CSV text, and edits that break or bend it one way at a time."""

import csv
import io
from collections.abc import Callable
from functools import reduce
from pathlib import Path

Files = dict[str, str]
Edit = Callable[[Files], Files]

SMALL: Files = {
    "institutions": """\
code,name_zh,name_en
s1,第一医院,First Hospital
""",
    "frameworks": """\
code,subject_kind,name_zh,name_en,sort
care,unit,照护,Care,1
work,office_holder,履职,Work,2
""",
    "departments": """\
code,name_zh,name_en,sort
money,财务科,Finance,1
safety,安全科,Safety,2
""",
    "units": """\
institution,code,name_zh,name_en,kind,weight,reports_as,sort,valid_from,valid_to
s1,U1,内科,Medicine,ward,1,,1,,
s1,U2,外科,Surgery,ward,2,,2,,
s1,U3,财务科,Finance Office,office,,money,3,,
""",
    "unit_aliases": """\
institution,alias,unit
s1,大内科,U1
""",
    "posts": """\
institution,code,name_zh,name_en,post_level,unit,valid_from,valid_to
s1,B1,院长,Director,chief,,,
s1,B2,内科主任,Head of Medicine,head,U1,,
""",
    "portfolios": """\
institution,post,unit,indicator,valid_from,valid_to
s1,B1,U1,X1,,
s1,B2,,,,
""",
    "indicators": """\
framework,code,parent,level,name_zh,name_en,weight,aggregation,lead_unit,sort,valid_from,valid_to
care,X,,0,照护总评,Care,1,,,0,,
care,X1,X,1,用药,Medicines,0.6,geometric,,1,,
care,X2,X,1,安全,Safety,0.4,,U3,2,,
care,X11,X1,2,用药规范,Proper use,1,harmonic,U3,3,,
work,Y,,0,履职总评,Work,1,,,4,,
work,Y1,Y,1,会议,Meetings,1,,,5,,
""",
    "items": """\
framework,code,point,polarity,name_zh,name_en,unit_of_measure,method,direction,target,lower,upper,floor,weight,deduct_per_case,max_deduction,grave,applies_to,department,definition,source_system,valid_from,valid_to
care,I1,X11,positive,按时核对率,Checked on time,%,ratio,,90,,,,0.5,,,,all,money,按时件数/应核件数,台账,,
care,I2,X11,positive,偏差,Gap,百分点,banded,,,,,,0.5,,,,,money,偏差绝对值,台账,,
care,I3,X11,negative,差错件数,Errors,件,count_deduct,,,,,,,5,20,true,U2,safety,书面认定,台账,,
care,I4,X2,positive,平均天数,Days,天,goalposts,-1,,0,10,20,1,,,,ward,safety,平均天数,台账,,
work,I5,Y1,positive,开会次数,Meetings held,次,count_ratio,,2,,,,1,,,,chief,safety,实开/应开,台账,,
""",
    "item_steps": """\
item,upper_bound,score,valid_from,valid_to
I2,10,100,,
I2,,40,,
""",
    "item_overrides": """\
institution,item,applies_to,target,weight,valid_from,valid_to
s1,I1,U2,95,,,
s1,I1,office,,0,,
""",
    "extract_columns": """\
department,header,item,role,valid_from,valid_to
money,按时件数,I1,numerator,,
money,应核件数,I1,denominator,,
money,偏差,I2,value,,
safety,差错件数,I3,value,,
safety,平均天数,I4,value,,
safety,实开,I5,numerator,,
safety,应开,I5,denominator,,
money,差错件数,I3,value,,
""",
    "bands": """\
code,rank,alarm,name_zh,name_en,colour_zh,min_score,hex,mark,action_zh,action_en,deadline_workdays,valid_from,valid_to
good,1,,好,Good,绿,60,#DEF3E3,●,,,,,
poor,2,true,差,Poor,红,0,#A81C10,■,整改,Mend,15,,
insufficient,9,,数据不足,No data,灰,,#FFFFFF,▨,,,,,
""",
    "colour_caps": """\
code,framework,when,when_level,when_band,at_most_band,needs_confirmation,valid_from,valid_to
K1,care,node,1,poor,good,,,
K2,care,grave_item,,,poor,true,,
""",
    "calendar": """\
date,is_workday
2026-10-01,false
""",
}


def change(stem: str, line: int, **cells: str) -> Edit:
    """Cells of the row at the CSV line `line` changed."""
    return lambda files: _edited(files, stem, lambda rows: rows[line - 2].update(cells))


def copy(stem: str, line: int, **cells: str) -> Edit:
    """A copy of the row at `line`, with some cells changed, appended."""
    return lambda files: _edited(files, stem, lambda rows: rows.append(rows[line - 2] | cells))


def drop(stem: str, *lines: int) -> Edit:
    """The rows at `lines` taken out."""

    def leave(rows: list[dict[str, str]]) -> None:
        rows[:] = [row for line, row in enumerate(rows, 2) if line not in lines]

    return lambda files: _edited(files, stem, leave)


def column_less(stem: str, column: str) -> Edit:
    """A column taken out, head and cells."""

    def cut(rows: list[dict[str, str]]) -> None:
        for row in rows:
            del row[column]

    return lambda files: _edited(files, stem, cut)


def file_less(*stems: str) -> Edit:
    """Whole files taken away."""
    return lambda files: {stem: text for stem, text in files.items() if stem not in stems}


def edited(*edits: Edit) -> Files:
    """The small catalogue with `edits` made in order."""
    return reduce(lambda files, edit: edit(files), edits, SMALL)


def write(folder: Path, files: Files = SMALL) -> Path:
    """The files as a folder on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem, text in files.items():
        (folder / f"{stem}.csv").write_text(text, encoding="utf-8")
    return folder


def _edited(files: Files, stem: str, edit: Callable[[list[dict[str, str]]], None]) -> Files:
    rows = list(csv.DictReader(io.StringIO(files[stem])))
    edit(rows)
    target = io.StringIO()
    header = next(iter(rows), None) or dict.fromkeys(files[stem].splitlines()[0].split(","), "")
    writer = csv.DictWriter(target, list(header), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return files | {stem: target.getvalue()}


Case = tuple[Files, str, int | None, str]


def broken(stem: str, line: int | None, reason: str, *edits: Edit) -> Case:
    """The small catalogue after `edits`, and the one place and reason that must be named."""
    return edited(*edits), stem, line, reason


def bad(stem: str, line: int, reason: str, **cells: str) -> Case:
    """The same where the cells changed stand in the very row that must be named."""
    return broken(stem, line, reason, change(stem, line, **cells))


def case_name(case: Case) -> str:
    """`indicators-4-cycle`, for pytest."""
    _, stem, line, reason = case
    return f"{stem}-{line}-{reason}"
