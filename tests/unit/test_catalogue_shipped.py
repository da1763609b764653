"""The shipped catalogue: its counts, its weights, its references, and folders that cannot be read."""

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.faults import CatalogueError
from orchestration.core.catalogue.models import Catalogue, Indicator, Item, WarningKind
from orchestration.core.quarters import quarters_between
from orchestration.settings import PROJECT
from orchestration.warehouse.catalogue import checked_catalogue, fault_text, read_catalogue
from tests.unit.small_catalogue import SMALL, change, edited, write

SHIPPED = PROJECT / "dbt_project" / "catalogue"


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return checked_catalogue(SHIPPED, "2026Q3")


def test_it_is_sound_in_every_quarter_of_the_demo_and_the_next() -> None:
    for quarter in quarters_between("2024Q1", "2027Q4"):
        assert checked_catalogue(SHIPPED, quarter)


def test_the_tree_is_6_14_23_28_and_the_duty_tree_6_21(shipped: Catalogue) -> None:
    levels = Counter((row.framework, row.level) for row in shipped.indicators)
    assert [levels["ecology", level] for level in range(5)] == [1, 6, 14, 23, 28]
    assert [levels["duty", level] for level in range(3)] == [1, 6, 21]
    assert sum(levels.values()) == 100


def test_68_positive_and_28_negative_items_one_negative_a_point(shipped: Catalogue) -> None:
    assert Counter((row.framework, row.polarity) for row in shipped.items) == {
        ("ecology", "positive"): 68,
        ("ecology", "negative"): 28,
        ("duty", "positive"): 21,
    }
    negative = [row.point for row in shipped.items if row.polarity == "negative"]
    assert len(set(negative)) == 28
    assert {row.code for row in shipped.items if row.grave} == {"N11", "N20", "N22"}


def test_who_is_scored_and_who_reports(shipped: Catalogue) -> None:
    assert Counter(row.kind for row in shipped.units) == {"college": 19, "functional": 24}
    assert [row.code for row in shipped.departments] == [
        "discipline",
        "organisation",
        "publicity",
        "audit",
        "quality",
        "personnel",
        "inspection",
    ]
    assert len({row.reports_as for row in shipped.units if row.reports_as}) == 7
    assert {row.department for row in shipped.items} == {row.code for row in shipped.departments}
    assert (len(shipped.posts), len(shipped.portfolios)) == (51, 43)
    assert {row.unit for row in shipped.portfolios} == {row.code for row in shipped.units}
    assert Counter(row.post_level for row in shipped.posts) == {"school_leader": 8, "unit_head": 43}


def test_weights_of_every_group_sum_to_one(shipped: Catalogue) -> None:
    groups: dict[tuple[str, str], list[float]] = defaultdict(list)
    for node in shipped.indicators:
        if node.parent is not None:
            groups[node.framework, node.parent].append(node.weight)
    for item in shipped.items:
        if item.polarity == "positive":
            assert item.weight is not None
            groups[item.framework, item.point].append(item.weight)
    # 44 inner nodes of the first tree and 7 of the second; 28 and 21 points.
    assert len(groups) == 44 + 7 + 28 + 21
    for group, weights in groups.items():
        assert sum(weights) == pytest.approx(1, abs=1e-9), group


def test_counts_of_meetings_hold_under_a_tenth_of_the_weight(shipped: Catalogue) -> None:
    nodes = {(row.framework, row.code): row for row in shipped.indicators}

    def path_weight(item: Item) -> float:
        share, node = item.weight or 0.0, nodes[item.framework, item.point]
        while node.parent is not None:
            share, node = share * node.weight, parent(node)
        return share

    def parent(node: Indicator) -> Indicator:
        return nodes[node.framework, node.parent or ""]

    held = [row for row in shipped.items if row.framework == "ecology" and row.method == "count_ratio"]
    assert held
    assert sum(map(path_weight, held)) < 0.1


def test_colours_and_caps(shipped: Catalogue) -> None:
    assert [(row.code, row.min_score) for row in sorted(shipped.bands, key=lambda row: row.rank)] == [
        ("green", 90),
        ("blue", 80),
        ("yellow", 70),
        ("red", 0),
        ("insufficient", None),
    ]
    assert [row.code for row in shipped.bands if row.alarm] == ["yellow", "red"]
    assert [(row.when, row.when_level, row.at_most_band) for row in shipped.colour_caps] == [
        ("node", 1, "yellow"),
        ("node", 2, "blue"),
        ("grave_item", None, "yellow"),
    ]


def test_the_register_of_risks_names_units_and_points_that_exist(shipped: Catalogue) -> None:
    assert len(shipped.risk_points) == 37
    assert len({row.area for row in shipped.risk_points}) == 7
    assert {row.owner_unit for row in shipped.risk_points} <= {row.code for row in shipped.units}
    assert {row.linked_point for row in shipped.risk_points} <= {row.point for row in shipped.items}


def test_the_register_of_key_tasks_is_of_two_years(shipped: Catalogue) -> None:
    assert {row.year for row in shipped.key_tasks} == {"2025", "2026"}
    assert all(row.due_on.year == int(row.year) for row in shipped.key_tasks)


def test_thresholds_of_reports_are_above_nothing_and_named(shipped: Catalogue) -> None:
    assert shipped.report_thresholds
    assert all(row.value > 0 and row.name_zh and row.name_en for row in shipped.report_thresholds)


def test_rules_of_warnings_are_one_a_kind_and_named_in_both_languages(shipped: Catalogue) -> None:
    assert sorted(row.kind for row in shipped.warning_rules) == sorted(get_args(WarningKind))
    assert all(row.name_zh.strip() and row.name_en.strip() for row in shipped.warning_rules)


def test_there_are_six_modes_of_supervision_named_in_both_languages(shipped: Catalogue) -> None:
    modes = shipped.supervision_modes
    assert [row.sort for row in modes] == [1, 2, 3, 4, 5, 6]
    assert len({row.code for row in modes}) == 6
    assert all(row.name_zh.endswith("监督") and row.name_en for row in modes)


def test_every_item_says_what_it_is_and_its_columns_say_the_same(shipped: Catalogue) -> None:
    """A ratio's definition is `numerator/denominator`, in the words of its two headers."""
    headers = {(row.item, str(row.role)): row.header for row in shipped.extract_columns}
    for item in shipped.items:
        assert item.definition, item.code
        assert item.source_system, item.code
        if (item.code, "value") in headers:
            assert headers[item.code, "value"] == f"{item.code} {item.name_zh}"
            continue
        parts = [headers[item.code, role] for role in ("numerator", "denominator")]
        assert all(part.startswith(f"{item.code} {item.name_zh}｜") for part in parts)
        counted, due = (part.split("｜")[1] for part in parts)
        assert item.definition.split("（")[0].removesuffix("×100") == f"{counted}/{due}", item.code


def test_nothing_that_may_never_come_in_is_asked_for(shipped: Catalogue) -> None:
    """intake.md, last section: a list of words no item may carry outside its exclusions in brackets."""
    never = (
        "舆情",
        "言论",
        "信仰",
        "宗教",
        "家庭",
        "婚",
        "健康",
        "出境",
        "房产",
        "线索",
        "思想",
        "态度",
        "社交",
        "隐私",
    )
    for item in shipped.items:
        assert not [word for word in never if word in item.name_zh + (item.definition or "")], item.code


def test_the_calendar_of_working_days(shipped: Catalogue) -> None:
    days = WorkCalendar(shipped.calendar)
    for day in shipped.calendar:
        # Only exceptions are written: a working day at the weekend, a free one in the week.
        assert day.is_workday == (day.date.weekday() >= 5), day.date
    # Weekdays of the year, less free ones, plus make-up days: 262 - 19 + 8, 261 - 18 + 5, 261 - 19 + 6.
    for number, worked in {2024: 251, 2025: 248, 2026: 248}.items():
        first = date(number, 1, 1).toordinal()
        every = [date.fromordinal(n) for n in range(first, date(number + 1, 1, 1).toordinal())]
        assert sum(map(days.is_workday, every)) == worked
    assert days.add_workdays(date(2026, 9, 30), 5) == date(2026, 10, 13)


def test_a_folder_that_is_not_there() -> None:
    with pytest.raises(CatalogueError) as error:
        read_catalogue(Path("nowhere"))
    assert [fault.reason_key for fault in error.value.faults] == ["folder_absent"]


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "units.csv").write_bytes(SMALL["units"].encode("gb18030"))
    with pytest.raises(CatalogueError) as error:
        read_catalogue(folder)
    fault = error.value.faults[0]
    assert (fault.file, fault.row, fault.reason_key) == ("units.csv", 2, "not_utf8")
    assert fault_text(fault, "en").startswith("units.csv, row 2: the text is not UTF-8 (byte 0xC4).")


def test_a_folder_is_read_and_checked_for_its_quarter(tmp_path: Path) -> None:
    files = edited(change("items", 5, valid_from="2026Q4"))
    folder = write(tmp_path, files)
    assert len(read_catalogue(folder).items) == 5
    assert len(checked_catalogue(folder, "2026Q4").items) == 5
    with pytest.raises(CatalogueError) as error:
        checked_catalogue(folder, "2026Q3")
    assert fault_text(error.value.faults[0], "zh-CN") == "indicators.csv 第 4 行：末级指标“X2”没有监测项。"
