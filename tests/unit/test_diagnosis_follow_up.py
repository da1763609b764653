"""What stands open in diagnoses: a unit's, a portfolio's, a lead unit's, the institution's; figures and order."""

from datetime import date

import pytest

from orchestration.publishing.diagnosis import diagnoses
from orchestration.publishing.diagnosis.follow_up import matters, of_all, of_nodes, of_post, of_unit
from orchestration.publishing.diagnosis.model import DiagnosisData
from orchestration.publishing.documents.figures import Figure, figures_in
from orchestration.publishing.documents.model import Block
from tests.unit.board_rows import task, warning
from tests.unit.diagnosis_rows import capped, data_of, drafting_of, of_quarter, read, text_of
from tests.unit.heat_map_rows import shipped

NONE = "没有在办的预警，没有待销号的整改。"


def opened() -> DiagnosisData:
    """C05: two warnings and a task on D, a hand-made task of no tree; C06: a warning on its total."""
    return data_of(
        *capped(),
        scores=(of_quarter(indicator="D", score=66.64), of_quarter(subject_code="C06", score=77.8)),
        warnings=(
            warning(1, indicator="D", score=11.0, rectification=1),
            warning(2, indicator="D", kind="fell", severity="yellow", rectification=1),
            warning(3, unit="C06", severity="yellow", kind="declined", score=77.8, due_on=date(2026, 12, 1)),
        ),
        tasks=(
            task(1, indicator="D", due_on=date(2027, 1, 8)),
            task(2, framework=None, indicator=None, severity="yellow", source="audit", state="assigned"),
        ),
    )


def rows_of(blocks: tuple[Block, ...]) -> list[str]:
    return [line for line in read(blocks) if "|" in line]


def test_a_unit_reads_node_severity_cause_day_and_task() -> None:
    found = of_unit(drafting_of(opened()), "C05")
    assert rows_of(found) == [
        "D 全面从严治党|[red]|颜色变差、下降（66.6分）|2027年1月8日|第1号，整改中",
        "其他|[yellow]|另行下达|2026年12月18日|第2号，已下达",
    ]
    assert read(found)[0] == "在办的预警和整改"
    assert rows_of(of_unit(drafting_of(opened(), "en"), "C06")) == [
        "Total|[yellow]|falls on (77.8)|1 December 2026|—"
    ]


def test_a_unit_without_any_says_so() -> None:
    assert read(of_unit(drafting_of(opened()), "C01")) == ["在办的预警和整改", NONE]


def test_a_task_whose_warning_ended_is_still_to_be_struck_off() -> None:
    found = of_unit(drafting_of(data_of(tasks=(task(1),))), "C05")
    assert rows_of(found) == ["总评|[red]|预警已结束|2026年12月18日|第1号，整改中"]


def test_figures_are_cells_of_the_marts() -> None:
    figures = list(figures_in(of_unit(drafting_of(opened()), "C05")))
    key = (("rectification", "1"),)
    assert [(one.mart, one.shown) for one in figures if one.column == "score"] == [
        ("fct_indicator_score", "66.6")
    ]
    assert Figure("fct_rectification", "due_on", key, "2027-01-08", "2027年1月8日") in figures
    assert Figure("fct_rectification", "rectification", key, 1, "1") in figures


def test_the_institution_names_units_worst_first_then_the_next_due() -> None:
    drafting = drafting_of(opened())
    assert [(one.unit, one.node) for one in matters(drafting)] == [("C05", "D"), ("C06", None), ("C05", None)]
    assert [line.split("|")[0] for line in rows_of(of_all(drafting))] == [
        "经济管理学院\nD 全面从严治党",
        "法学与公共管理学院\n总评",
        "经济管理学院\n其他",
    ]


def test_a_lead_unit_sees_its_nodes_and_those_below_only() -> None:
    drafting = drafting_of(opened())
    assert len(rows_of(of_nodes(drafting, ["D"]))) == 1
    assert len(rows_of(of_nodes(drafting, ["T"]))) == 2
    assert read(of_nodes(drafting, ["A"]))[1] == NONE
    below = data_of(warnings=(warning(1, indicator="M18"),))
    assert len(rows_of(of_nodes(drafting_of(below), ["D"]))) == 1


def test_a_post_sees_its_portfolio_and_what_it_was_given() -> None:
    known = shipped()
    portfolio = next(row for row in known.portfolios if row.unit and not row.indicator)
    post = next(row for row in known.posts if row.code == portfolio.post)
    other = next(row for row in known.posts if row.code not in {one.post for one in known.portfolios})
    data = data_of(warnings=(warning(1, unit=portfolio.unit), warning(2, unit="C99")), tasks=())
    assert len(rows_of(of_post(drafting_of(data), post))) == 1
    assert not rows_of(of_post(drafting_of(data), other))
    given = data_of(tasks=(task(1, unit="C99", responsible_post=other.code),))
    assert len(rows_of(of_post(drafting_of(given), other))) == 1


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_more_than_four_of_a_unit_stand_on_the_board(language: str) -> None:
    codes = [node.code for node in shipped().indicators if node.framework == "ecology"][:7]
    data = data_of(warnings=tuple(warning(n, indicator=code) for n, code in enumerate(codes)))
    found = of_unit(drafting_of(data, language), "C05")  # type: ignore[arg-type]
    assert len(rows_of(found)) == 4
    assert read(found)[-1].startswith(("其余见预警页", "The others are on the page"))


def test_every_diagnosis_has_the_section() -> None:
    made = {one.stem: text_of(one) for one in diagnoses(opened(), "zh-CN")}
    # The institution has no score here: what stands open is said all the same.
    assert all("在办的预警和整改" in text for text in (made["unit-C05"], made["institution"]))
    assert all("D 全面从严治党" in made[stem] for stem in ("unit-C05", "institution"))
    assert "第1号，整改中" in made["unit-C05"]
