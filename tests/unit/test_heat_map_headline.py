"""The conclusion: what the heading says, how sure it is, which units are named first."""

import pytest

from orchestration.messages import Language
from orchestration.publishing.heat_map.cells import Drawing
from orchestration.publishing.heat_map.headline import confidence, groups, headline, lowest
from orchestration.publishing.heat_map.legend import legend
from orchestration.publishing.heat_map.model import SCHOOL, Score
from tests.unit.heat_map_rows import drawing_of, full_map, score


def school(**values: object) -> Score:
    return score(subject_kind=SCHOOL, subject_code="demo", **{"score": 89.1, **BLUE, **values})


def unit(code: str, band: str, value: float, **values: object) -> Score:
    return score(subject_code=code, score=value, **{"band": band, "band_by_score": band, **values})


BLUE: dict[str, object] = {"band": "blue", "band_by_score": "blue"}
FIRSTS = [
    school(indicator="A", score=91.2, band="green", band_by_score="green"),
    school(indicator="D", score=86.27),
]


def said(*rows: Score, language: Language = "zh-CN") -> tuple[str, ...]:
    return headline(drawing_of(*rows, language=language))


def test_score_colour_units_and_the_lowest_aspect() -> None:
    rows = [
        school(),
        *FIRSTS,
        unit("C05", "yellow", 76.0),
        unit("C06", "red", 60.0),
        unit("C07", "red", 61.0),
    ]
    assert said(*rows) == (
        "全校89.1分，一般关注",
        "43个单位中2个重点督办、1个预警",
        "“全面从严治党”最低，86.3分",
    )
    assert said(*rows, language="en") == (
        "The institution scores 89.1: Watch",
        "of 43 units 2 in Serious, 1 in Warning",
        "lowest: “Responsibility for integrity and oversight”, 86.3",
    )


def test_no_unit_in_alarm_is_said_in_so_many_words() -> None:
    assert said(school(), unit("C01", "green", 95.0))[1] == "43个单位都没有到预警"


def test_units_that_wait_for_a_person_are_counted_apart() -> None:
    rows = [school(), unit("C05", "yellow", 68.0, band_by_score="red", band_pending="red")]
    assert said(*rows)[1] == "43个单位中1个预警、1个待人工确认"


def test_a_rule_that_set_the_colour_is_the_cause() -> None:
    rows = [
        school(score=86.8, band="yellow", band_cause="CAP1"),
        school(indicator="D", score=66.0, band="red", band_by_score="red"),
    ]
    assert said(*rows)[0] == "全校预警，分数86.8在一般关注区；因“全面从严治党”为重点督办，总评封顶为预警"


def test_grey_is_no_judgement() -> None:
    grey = school(band="insufficient", band_by_score="insufficient", coverage=0.731)
    assert said(grey)[0] == "全校数据不足，不作判断"
    assert confidence(drawing_of(grey)) == "覆盖73%。"


def test_no_row_no_heading() -> None:
    assert said() == ()
    assert confidence(drawing_of()) == ""


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "应报的数据全部到齐。"),
        (
            {"coverage": 0.96, "score_low": 86.1, "score_high": 89.9},
            "缺报和在核的数据即使全按最差计，仍有86.1分，颜色不变。覆盖96%。",
        ),
        (
            {"coverage": 0.96, "score_low": 86.1, "score_high": 89.9, "band": "yellow"},
            "缺报和在核的数据即使全按最差计，仍有86.1分。覆盖96%。",
        ),
        (
            {"coverage": 0.9, "score_low": 78.4, "score_high": 90.3, "is_certain": False},
            "缺报的数据全报齐后在78.4～90.3分之间，可能是预警或一般关注或良好。覆盖90%。",
        ),
        (
            {"coverage": 0.9, "score_low": None, "score_high": None, "is_certain": None},
            "有数据没有收到，分数可能的范围给不出。覆盖90%。",
        ),
    ],
)
def test_confidence(values: dict[str, object], expected: str) -> None:
    assert confidence(drawing_of(school(**values))) == expected


def test_an_unconfirmed_red_has_its_own_group_first_and_is_in_no_other() -> None:
    rows = [
        unit("C05", "yellow", 68.0, band_by_score="red", band_cause="confirmation", band_pending="red"),
        unit("F01", "yellow", 75.0),
        unit("C08", "yellow", 77.0),
        unit("C06", "red", 66.0),
        unit("C07", "insufficient", 88.0, coverage=0.5),
    ]
    found = groups(drawing_of(*rows))
    assert [group.title for group in found] == ["待人工确认", "重点督办", "预警", "数据不足"]
    assert [[member.id for member in group.members] for group in found] == [
        ["u-C05"],
        ["u-C06"],
        # Kind after kind: colleges and offices are never ranked together.
        ["u-C08", "u-F01"],
        ["u-C07"],
    ]
    pending = found[0].members[0].pending
    assert pending
    assert pending.css == "d"
    assert found[0].act == "集体会商，人工确认后督办；15个工作日内"


def test_a_long_group_names_eight_and_counts_the_rest() -> None:
    rows = [unit(f"C{number:02}", "yellow", 70.0 + number / 10) for number in range(1, 13)]
    group = groups(drawing_of(*rows))[0]
    assert len(group.members) == 8
    assert group.more == 4
    assert group.members[0].id == "u-C01"


def test_the_lowest_of_a_kind_leave_grey_out() -> None:
    rows = [
        unit("C01", "blue", 81.0),
        unit("C02", "yellow", 85.0, band_by_score="blue"),
        unit("C03", "insufficient", 10.0),
        unit("C04", "green", 95.0),
        unit("C05", "blue", 81.0),
        unit("F01", "red", 20.0),
    ]
    drawing = drawing_of(*rows)
    college, office = drawing.heat_map.kinds
    assert [member.id for member in lowest(drawing, college)] == ["u-C01", "u-C05", "u-C02"]
    assert lowest(drawing, office) == ()


def test_the_legend_counts_every_unit_once_and_says_what_was_before() -> None:
    drawing = Drawing(full_map(), "zh-CN")
    entries = legend(drawing)
    assert [entry.name for entry in entries] == ["良好", "一般关注", "预警", "重点督办", "数据不足"]
    assert [entry.threshold for entry in entries] == ["≥90", "≥80", "≥70", "＜70", "覆盖＜80%等"]
    assert sum(entry.count for entry in entries) == 43
    assert sum(int(entry.before.removeprefix("，上季")) for entry in entries) == 43


def test_without_a_quarter_before_the_legend_does_not_compare() -> None:
    assert {entry.before for entry in legend(drawing_of(school(), unit("C01", "green", 95.0)))} == {""}
