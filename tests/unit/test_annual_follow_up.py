"""The yearly report on warnings and tasks: open ones, those late by the year's end, rates, what the year set right."""

from dataclasses import replace
from datetime import date
from functools import cache

from orchestration.messages import Language
from orchestration.publishing.annual import AnnualData
from orchestration.publishing.annual.drafting import Yearly
from orchestration.publishing.annual.follow_up import follow_up, mended
from orchestration.publishing.diagnosis.figures import Drafting
from orchestration.publishing.documents.figures import Figure, figures_in
from orchestration.publishing.follow_up.rows import RateRow
from tests.unit.annual_rows import bare, shipped_base
from tests.unit.board_rows import struck_off, task, warning
from tests.unit.diagnosis_rows import read


@cache
def data() -> AnnualData:
    """C05: a warning and two tasks, one due in the next year; rates by unit, theme and mode; one task done in 2026."""
    base = replace(
        shipped_base(),
        warnings=(warning(1, indicator="D", rectification=1),),
        tasks=(
            task(1, indicator="D", due_on=date(2026, 12, 31)),
            task(2, indicator="M18", due_on=date(2027, 1, 1)),
        ),
    )
    return replace(
        bare(base),
        rates=(
            RateRow("supervision_mode", "audit", 2, 1, 0, 1, 1, 0.5),
            RateRow("supervision_mode", "political", 3, 3, 2, 0, 0, 1.0),
            RateRow("theme", "D", 7, 2, 1, 5, 0, 2 / 7),
            RateRow("unit", "C05", 2, 0, 0, 2, 1, 0.0),
        ),
        tasks_done=(
            struck_off(8, indicator="A", due_on=date(2026, 6, 30), struck_off_on=date(2026, 6, 29)),
            struck_off(9, struck_off_on=date(2025, 12, 30)),
        ),
        warnings_ended=(
            warning(
                5,
                unit="C06",
                kind="fell",
                is_open=False,
                opened_on=date(2026, 4, 16),
                ended_on=date(2026, 7, 16),
            ),
            warning(6, is_open=False, ended_on=date(2027, 1, 4)),
        ),
    )


def yearly(known: AnnualData, language: Language = "zh-CN") -> Yearly:
    return Yearly(known, Drafting(known.base, language))


def test_what_was_due_by_the_last_day_is_late_and_the_day_after_is_not() -> None:
    lines = read(follow_up(yearly(data())))
    late = lines[lines.index("年底前到期、仍未销号的整改") + 1 :]
    assert late[0] == "1|经济管理学院|D 全面从严治党|2026年12月31日|整改中"
    assert late[1] == "整改销号率"


def test_rates_stand_by_unit_theme_and_mode_in_the_catalogues_order() -> None:
    lines = read(follow_up(yearly(data())))
    assert lines[lines.index("整改销号率") + 1 : -1] == [
        "按单位",
        "经济管理学院|2|0|0|2|0%",
        "按方面",
        "全面从严治党|7|2|1|5|29%",
        "按监督方式",
        "政治监督|3|3|2|0|100%",
        "审计监督|2|1|0|1|50%",
    ]
    key = (("institution", "demo"), ("dimension", "theme"), ("code", "D"))
    rates = [one for one in figures_in(follow_up(yearly(data()))) if one.column == "rate"]
    assert Figure("fct_rectification_rate", "rate", key, 2 / 7, "29%") in rates


def test_a_rate_is_not_rounded_to_all() -> None:
    known = replace(data(), rates=(RateRow("unit", "C05", 400, 399, 0, 1, 0, 0.9975),))
    assert "经济管理学院|400|399|0|1|99.8%" in read(follow_up(yearly(known)))


def test_the_year_set_right_what_ended_within_it() -> None:
    lines = read(mended(yearly(data())))
    assert lines[1] == "8|经济管理学院|A 严明政治纪律政治规矩|2026年6月30日|2026年6月29日|校整〔2026〕31号"
    assert lines[-1] == "法学与公共管理学院，总评：下降，2026年4月16日预警，2026年7月16日结束"
    assert len(lines) == 4


def test_a_year_without_any_says_so_in_each_place() -> None:
    lines = read((*follow_up(yearly(bare())), *mended(yearly(bare()))))
    for said in ("没有在办的预警", "年底前到期的整改都已销号", "没有下达过整改", "本年没有结束的预警"):
        assert any(line.startswith(said) for line in lines), said
    english = " ".join(read((*follow_up(yearly(bare(), "en")), *mended(yearly(bare(), "en")))))
    assert not [c for c in english if "\u4e00" <= c <= "\u9fff"]
