"""CSV text to rows: what is accepted, and how each fault of columns, cells and keys is named."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.core.catalogue.faults import CatalogueError, Fault
from orchestration.core.catalogue.models import Unit
from orchestration.core.catalogue.parse import OPTIONAL_FILES, parse_catalogue
from orchestration.messages import LANGUAGES, Language, catalogue
from orchestration.warehouse.catalogue import fault_text
from tests.unit.small_catalogue import (
    SMALL,
    Case,
    Files,
    bad,
    broken,
    case_name,
    change,
    column_less,
    copy,
    drop,
    edited,
    file_less,
)


def text(stem: str, old: str, new: str) -> Files:
    """The small catalogue with a piece of one file's text replaced."""
    assert old in SMALL[stem]
    return SMALL | {stem: SMALL[stem].replace(old, new, 1)}


def test_every_file_column_and_type_is_read() -> None:
    found = parse_catalogue(SMALL)
    assert [len(rows) for _, rows in found.tables()] == [
        1,
        2,
        2,
        3,
        1,
        2,
        2,
        6,
        5,
        2,
        2,
        8,
        3,
        2,
        1,
        0,
        0,
        0,
        0,
        0,
    ]
    assert found.units[1] == Unit(
        institution="s1", code="U2", name_zh="外科", name_en="Surgery", kind="ward", weight=2.0, sort=2
    )
    assert found.units[1].line == 3
    assert found.items[2].grave
    assert not found.items[0].grave
    assert found.items[3].direction == -1
    assert found.calendar[0].date.isoformat() == "2026-10-01"
    assert found.calendar[0].is_workday is False


@pytest.mark.parametrize(
    "same",
    [
        SMALL | {stem: "\ufeff" + content for stem, content in SMALL.items()},
        SMALL | {stem: content.replace("\n", "\r\n") for stem, content in SMALL.items()},
        SMALL | {"units": SMALL["units"] + "\n,,,,,,,,,\n"},
        SMALL | {"rules": "anything, goes\n", "notes": '"'},
        text("units", "s1,U2,外科", ' s1 ,U2 ,"外科"'),
        text("items", "20,true,", "20,TRUE,"),
        text("items", "5,20,", "+5.0,2e1,"),
        edited(column_less("units", "valid_from"), column_less("units", "valid_to")),
    ],
    ids=["BOM", "CRLF", "blank lines", "other files", "blanks and quotes", "TRUE", "numbers", "no validity"],
)
def test_the_same_catalogue_written_otherwise(same: Files) -> None:
    assert parse_catalogue(same) == parse_catalogue(SMALL)


@pytest.mark.parametrize("stem", sorted(OPTIONAL_FILES))
def test_optional_files_may_be_absent_empty_or_bare(stem: str) -> None:
    bare = SMALL.get(stem, "").partition("\n")[0]
    for files in (edited(file_less(stem)), SMALL | {stem: ""}, SMALL | {stem: bare}):
        assert getattr(parse_catalogue(files), stem) == ()


def test_a_blank_flag_is_false_and_a_blank_number_is_none() -> None:
    unit = parse_catalogue(SMALL).units[2]
    assert (unit.weight, unit.valid_from) == (None, None)


def test_a_quoted_line_break_counts_as_a_line() -> None:
    files = text("units", "s1,U1,内科", 's1,U1,"内\n科"')
    files = files | {"units": files["units"].replace("ward,2,", "ward,two,")}
    assert places(files) == {("units.csv", 4, "number_bad")}


def places(files: Files) -> set[tuple[str, int | None, str]]:
    with pytest.raises(CatalogueError) as error:
        parse_catalogue(files)
    return {(fault.file, fault.row, fault.reason_key) for fault in error.value.faults}


BROKEN: list[Case] = [
    *[broken(stem, None, "file_absent", file_less(stem)) for stem in ("units", "bands", "items")],
    (SMALL | {"units": ""}, "units", None, "file_empty"),
    (SMALL | {"units": SMALL["units"].partition("\n")[0]}, "units", None, "file_empty"),
    (text("units", "U1,内科", 'U1,"内"科'), "units", 2, "csv_broken"),
    (text("units", "U1,内科", 'U1,"内科'), "units", 2, "csv_broken"),
    (text("units", "kind,weight", "kind,"), "units", 1, "column_unnamed"),
    (text("units", "kind,weight", "kind,wieght"), "units", 1, "column_unknown"),
    (text("units", "kind,weight", "kind,wieght"), "units", 1, "column_absent"),
    (text("units", "kind,weight", "kind,kind"), "units", 1, "column_twice"),
    broken("units", 1, "column_absent", column_less("units", "weight")),
    (text("units", "Medicine,ward", "Medicine"), "units", 2, "row_width_bad"),
    (text("units", "Medicine,ward", "Medicine, internal,ward"), "units", 2, "row_width_bad"),
    bad("units", 2, "control_character", name_zh="内\x00科"),
    bad("units", 2, "cell_blank", code=" "),
    bad("indicators", 3, "cell_blank", weight=""),
    *[
        bad("units", 3, "number_bad", weight=found)
        for found in ("two", "1,5", "nan", "inf", "1e999", "２", "1_0")
    ],
    *[bad("units", 3, "whole_number_bad", sort=found) for found in ("1.5", "x", "3000000000")],
    *[bad("items", 4, "flag_bad", grave=found) for found in ("yes", "1", "是")],
    *[bad("calendar", 2, "date_bad", date=found) for found in ("2026/10/1", "2026-02-30", "20261001")],
    bad("calendar", 2, "cell_blank", is_workday=""),
    *[bad("units", 3, "quarter_bad", valid_to=found) for found in ("2026", "2026-Q3", "2026H1")],
    bad("frameworks", 2, "word_unknown", subject_kind="school"),
    bad("items", 2, "word_unknown", polarity="正面"),
    bad("extract_columns", 2, "word_unknown", role="base"),
    bad("colour_caps", 2, "word_unknown", when="leaf"),
    broken("units", 3, "validity_backwards", change("units", 3, valid_from="2026Q3", valid_to="2026Q2")),
    broken("units", 5, "validity_overlaps", copy("units", 3)),
    broken("items", 7, "validity_overlaps", copy("items", 2, framework="work", point="Y1")),
    broken("item_steps", 4, "validity_overlaps", copy("item_steps", 3, score="10")),
    broken("departments", 4, "key_twice", copy("departments", 2, name_zh="另一科")),
    broken("calendar", 3, "key_twice", copy("calendar", 2)),
    bad("unit_aliases", 2, "unit_unknown", unit="U9"),
]


@pytest.mark.parametrize("case", BROKEN, ids=case_name)
def test_a_fault_is_named_with_file_row_and_reason(case: Case) -> None:
    files, stem, line, reason = case
    assert (f"{stem}.csv", line, reason) in places(files)


def test_every_fault_is_reported_at_once() -> None:
    files = edited(
        change("units", 2, weight="x"), change("items", 3, target="y", grave="z"), drop("bands", 2, 3, 4)
    )
    assert places(files) == {
        ("units.csv", 2, "number_bad"),
        ("items.csv", 3, "number_bad"),
        ("items.csv", 3, "flag_bad"),
        ("bands.csv", None, "file_empty"),
    }


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        (("", "2026Q2"), ("2026Q3", ""), False),
        (("", "2026Q3"), ("2026Q3", ""), True),
        (("2026Q1", ""), ("", "2025Q4"), False),
        (("2026Q1", ""), ("", ""), True),
        (("2024Q1", "2024Q4"), ("2024Q2", "2024Q2"), True),
    ],
)
def test_rows_of_one_key_may_follow_but_not_meet(
    first: tuple[str, str], second: tuple[str, str], meet: bool
) -> None:
    files = edited(
        change("units", 2, valid_from=first[0], valid_to=first[1]),
        copy("units", 2, valid_from=second[0], valid_to=second[1]),
    )
    if meet:
        assert places(files) == {("units.csv", 5, "validity_overlaps")}
    else:
        assert len(parse_catalogue(files).units) == 4


def test_a_third_row_inside_a_long_first_is_found() -> None:
    spans = [("2020Q1", "2029Q4"), ("2021Q1", "2021Q4"), ("2025Q1", "2025Q4")]
    edits = [copy("units", 2, code="U9", name_zh="九", valid_from=a, valid_to=b) for a, b in spans]
    assert places(edited(*edits)) == {
        ("units.csv", 6, "validity_overlaps"),
        ("units.csv", 7, "validity_overlaps"),
    }


def test_the_error_reads_as_sentences_and_survives_a_process_boundary() -> None:
    with pytest.raises(CatalogueError) as error:
        parse_catalogue(edited(change("units", 3, weight="two")))
    assert str(error.value) == "units.csv, row 3: number bad (column: weight; found: two)."
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", BROKEN, ids=case_name)
def test_every_fault_has_its_sentence(case: Case, language: Language) -> None:
    with pytest.raises(CatalogueError) as error:
        parse_catalogue(case[0])
    for fault in error.value.faults:
        sentence = fault_text(fault, language)
        assert sentence.startswith(fault.file)
        assert "{" not in sentence


@given(st.dictionaries(st.sampled_from(sorted(SMALL)), st.text(max_size=200)))
def test_whatever_stands_in_a_file_only_faults_come_out(texts: dict[str, str]) -> None:
    faults: tuple[Fault, ...] = ()
    try:
        parse_catalogue(SMALL | texts)
    except CatalogueError as error:
        faults = error.faults
    assert all(f"catalogue.{fault.reason_key}" in catalogue() for fault in faults)
