"""Pages about several subjects: who is named in the heading, who waits for a person, who is grey; both languages."""

from orchestration.messages import Language
from orchestration.publishing.diagnosis.groups import group_heading, group_lines, members
from orchestration.publishing.diagnosis.lead_unit import lead_unit_document
from orchestration.publishing.diagnosis.model import DiagnosisData, Subject
from orchestration.publishing.diagnosis.school import school_document
from orchestration.publishing.heat_map.model import Score
from tests.unit.diagnosis_rows import data_of, drafting_of, of_period, said
from tests.unit.heat_map_rows import shipped


def root(unit: str, band: str, score: float = 75.0, **values: object) -> Score:
    return of_period(subject_code=unit, band=band, band_by_score=band, score=score, **values)


def school_at(node: str, band: str) -> Score:
    return of_period(
        subject_kind="institution", subject_code="demo", indicator=node, band=band, band_by_score=band
    )


def heading_of(data: DiagnosisData, language: Language = "zh-CN") -> str:
    drafting = drafting_of(data, language)
    found = members(drafting, [(Subject("unit", unit), "T") for unit in ("C01", "C02", "C03", "C04", "C05")])
    return group_heading(drafting, "甲", found)


def lead_of(data: DiagnosisData, language: Language = "zh-CN") -> str:
    """The heading of the audit office's page."""
    unit = next(unit for unit in shipped().units if unit.code == "F18")
    return lead_unit_document(drafting_of(data, language), unit).heading


def test_the_worst_colour_stands_first_and_three_are_named() -> None:
    yellow = [root(f"C0{n}", "yellow", 79.0 - n) for n in range(1, 5)]
    data = data_of(*yellow, root("C05", "red", 60.0))
    assert heading_of(data) == "甲：经济管理学院为重点督办；教育科学学院、马克思主义学院、外国语学院等为预警"
    assert heading_of(data, "en").startswith(
        "甲: School of Economics and Management in Serious; School of Education,"
    )


def test_the_grey_are_named_last() -> None:
    data = data_of(root("C01", "green", 95.0), root("C02", "insufficient", coverage=0.5))
    assert heading_of(data) == "甲：没有到预警色的；外国语学院数据不足"
    assert (
        heading_of(data, "en")
        == "甲: none in an alarm colour; too little data for School of Foreign Languages"
    )
    assert heading_of(data_of()) == "甲：没有评分"


def test_who_waits_for_a_person_stands_before_every_colour() -> None:
    data = data_of(root("C01", "yellow"), root("C02", "blue", 83.0, band_pending="yellow"))
    drafting = drafting_of(data)
    found = members(drafting, [(Subject("unit", unit), "T") for unit in ("C01", "C02")])
    first, second = (said(line) for line in group_lines(drafting, found))
    assert first == "待人工确认：外国语学院 [blue 83.0]。请有权的人作出确认或不予确认。"
    assert second.startswith("[yellow] 文学院 [yellow 75.0]。预警函")


def test_a_quiet_group_says_that_nobody_is_in_alarm() -> None:
    drafting = drafting_of(data_of(root("C01", "green")), "en")
    found = members(drafting, [(Subject("unit", "C01"), "T")])
    assert [said(line) for line in group_lines(drafting, found)] == [
        "No unit is in an alarm colour and none has too little data."
    ]


def test_the_institution_names_units_in_the_worst_colour() -> None:
    whole = of_period(subject_kind="institution", subject_code="demo")
    document = school_document(drafting_of(data_of(whole, root("C05", "yellow"))))
    assert document.heading == "清源大学（示例）：良好；经济管理学院为预警"
    alone = school_document(drafting_of(data_of(whole)))
    assert alone.heading == "清源大学（示例）：良好"


def test_a_lead_unit_reads_first_what_is_in_alarm_over_all_units() -> None:
    alarm, green = school_at("M18", "yellow"), school_at("M19", "green")
    assert lead_of(data_of(alarm, green)) == "审计处牵头的监测点：“审计发现问题整改”为预警"
    unit = of_period(indicator="M19", band="red", band_by_score="red", score=60.0)
    assert lead_of(data_of(green, unit)) == "审计处牵头的监测点：“预算执行与资金管理”有单位到预警色"
    assert lead_of(data_of(green)) == "审计处牵头的监测点：没有到预警色的"
    assert lead_of(data_of(school_at("M19", "insufficient"))).endswith("没有到预警色的；总体数据不足")
    assert lead_of(data_of(green, unit), "en") == (
        "Points led by Audit Office: units in an alarm colour at “Budget execution and funds”"
    )
