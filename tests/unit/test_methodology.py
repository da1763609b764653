"""The methodology page: each worked figure is recomputed, in both languages, and its tables are the catalogue's.

Bold is for results of examples and nothing else, so that no figure stands there that is not recomputed here.
"""

import re
from collections import Counter

import pytest

from orchestration.settings import PROJECT, Settings
from tests.unit.methodology_arithmetic import Colour, Result, Row, Share, row, shipped
from tests.unit.methodology_examples import EXAMPLES
from tests.unit.methodology_page import bold, equations, examples, pages, printed, value

LANGUAGES = ("zh", "en")
LEVELS = {"zh": {"1": "一级指标", "2": "二级指标"}, "en": {"1": "first level", "2": "second level"}}
both = pytest.mark.parametrize("language", LANGUAGES)
each = pytest.mark.parametrize(
    ("language", "number"), [(language, number) for language in LANGUAGES for number in EXAMPLES]
)


def colour(code: str, language: str) -> str:
    band = row("bands", code)
    if language == "zh":
        return band["colour_zh"]
    return code if band["min_score"] else "grey"


def shown(result: Result, language: str) -> str:
    """A result as the page prints it."""
    if isinstance(result, Share):
        return f"{printed(100 * result.value)}%"
    if isinstance(result, Colour):
        return colour(result.code, language)
    return printed(result)


@both
def test_every_example_is_recomputed_and_none_is_missing(language: str) -> None:
    assert list(examples(language)) == list(EXAMPLES)


@each
def test_the_results_of_an_example(language: str, number: str) -> None:
    expected = [shown(result, language) for result in EXAMPLES[number].values()]
    assert bold(examples(language)[number]) == expected


@each
def test_the_equations_of_an_example_hold_as_printed(language: str, number: str) -> None:
    text = examples(language)[number]
    assert len(equations(text)) == text.count(" = ")
    assert [(left, printed(value(left))) for left, _ in equations(text)] == equations(text)


@both
def test_nothing_else_is_bold(language: str) -> None:
    assert len(bold(pages()[language])) == sum(len(results) for results in EXAMPLES.values())


@both
def test_figures_named_again_are_results(language: str) -> None:
    """A long decimal fraction outside an example repeats a result."""
    text = "\n".join(line for line in pages()[language].splitlines() if not line.startswith(">"))
    results = {shown(result, language) for one in EXAMPLES.values() for result in one.values()}
    assert set(re.findall(r"\d+\.\d{3,}", text)) <= results


def test_both_languages_say_the_same() -> None:
    """The same sections, examples, equations, formulas and names of columns, and tables of the same size."""
    chinese, english = pages()["zh"], pages()["en"]
    for pattern in (
        r"^(#{2,} [\d.]+)[ \u3000]",
        r"^> \D+(\d+\.\d+)[ \u3000]",
        r"`([^`]+)`",
        r"^(\d+)\. ",
        r"\b([A-Z]+\d+)\b",
    ):
        found = [re.findall(pattern, page, re.M | re.A) for page in (chinese, english)]
        assert found[0], pattern
        assert Counter(found[0]) == Counter(found[1]), pattern
    tables = [
        [block.count("\n") for block in re.findall(r"(?:^\|.*\n)+", page, re.M)]
        for page in (chinese, english)
    ]
    assert tables[0] == tables[1]
    assert chinese.count("\n- ") == english.count("\n- ")
    for number in EXAMPLES:
        assert equations(examples("zh")[number]) == equations(examples("en")[number]), number


def test_both_languages_give_the_same_figures() -> None:
    """Section by section: the inputs too, which stand in prose."""
    sections = [re.split(r"^##+ ", pages()[language], flags=re.M) for language in LANGUAGES]
    figures = [[Counter(re.findall(r"\d+(?:\.\d+)?", one)) for one in page] for page in sections]
    assert len(figures[0]) > 20
    for chinese, english, section in zip(*figures, sections[1], strict=True):
        assert chinese == english, section.splitlines()[0]


def test_each_language_has_its_own_punctuation() -> None:
    han = "[\u4e00-\u9fff]"
    english = pages()["en"].replace("[中文](#方法)", "")
    assert not re.findall(rf"{han}|[，。；：！？（）、～％]", english)
    chinese = re.sub(r"`[^`]*`|\[English\]|\]\([^)]*\)", "", pages()["zh"])
    assert not re.findall(rf"{han}[,;!?()]|[,;!?()]{han}|{han} +[\dA-Za-z]|[\dA-Za-z%] +{han}", chinese)


@both
def test_the_counts_are_the_catalogue_s(language: str) -> None:
    text = pages()[language]
    kinds = Counter(unit["kind"] for unit in shipped("units"))
    polarity = Counter((item["framework"], item["polarity"]) for item in shipped("items"))
    levels = Counter((node["framework"], node["level"]) for node in shipped("indicators"))
    tree = [levels["ecology", level] for level in "43210"]
    posts = [levels["duty", level] for level in "210"]
    counts = [
        (len(shipped("units")), *kinds.values()),
        tuple(tree),
        (polarity["ecology", "positive"], polarity["ecology", "negative"]),
        (*posts, polarity["duty", "positive"]),
    ]
    rows = re.findall(r"^\| .+ \| (\d.+) \|$", text, re.M)[: len(counts)]
    assert [tuple(map(int, re.findall(r"\d+", cells))) for cells in rows] == counts
    methods = Counter((item["framework"], item["method"]) for item in shipped("items"))
    table = re.findall(r"`(\w+)` \| (\d+) \| (\d+) \|$", text, re.M)
    assert len(table) == 9
    assert {name: (int(ours), int(posts)) for name, ours, posts in table} == {
        name: (methods["ecology", name], methods["duty", name]) for name, _, _ in table
    }
    assert sum(methods.values()) == sum(int(ours) + int(posts) for _, ours, posts in table)


@both
def test_the_table_of_colours_is_bands_csv(language: str) -> None:
    above: Row | None = None
    for band in shipped("bands"):
        name = f"{band['mark']} {colour(band['code'], language)} | {band[f'name_{language}']}"
        action = band[f"action_{language}"]
        if days := band["deadline_workdays"]:
            action += f"，{days}个工作日内" if language == "zh" else f", within {days} working days"
        alarm = {"zh": ("是", "否"), "en": ("yes", "no")}[language][not band["alarm"]]
        line = f"| {name} | {reach(band, above, language)} | {alarm} | {action} |"
        assert line in pages()[language].splitlines()
        above = band


def reach(band: Row, above: Row | None, language: str) -> str:
    """The scores that a colour covers, in words."""
    least, chinese = band["min_score"], language == "zh"
    if not least:
        return "见下" if chinese else "see below"
    if above is None:
        return f"{least}及以上" if chinese else f"{least} and over"
    below = f"不到{above['min_score']}" if chinese else f"below {above['min_score']}"
    if least == "0":
        return below
    return f"{least}及以上，{below}" if chinese else f"{least} and over, {below}"


@both
def test_the_table_of_caps_is_colour_caps_csv(language: str) -> None:
    lines = re.findall(r"^\| (\w+) \| (.+) \| (\S+) \| (\S+) \|$", pages()[language], re.M)
    caps = {code: (when, most, person) for code, when, most, person in lines if code.startswith("CAP")}
    assert list(caps) == [cap["code"] for cap in shipped("colour_caps")]
    for cap in shipped("colour_caps"):
        when, most, person = caps[cap["code"]]
        assert most == colour(cap["at_most_band"], language)
        assert (person in ("是", "yes")) == (cap["needs_confirmation"] == "true")
        if cap["when"] == "node":
            assert LEVELS[language][cap["when_level"]] in when
            assert colour(cap["when_band"], language) in when
        else:
            grave = [item["code"] for item in shipped("items") if item["grave"] == "true"]
            assert re.findall(r"N\d+", when) == grave


@both
def test_the_table_of_warnings_is_warning_rules_csv(language: str) -> None:
    lines = re.findall(r"^\| (W\d+) \| (.+) \| ([\d.]+|无|none)\s?(%?).*\|$", pages()[language], re.M)
    thresholds = {
        code: float(number) / (100 if share else 1) for code, _, number, share in lines if number[0].isdigit()
    }
    rules = shipped("warning_rules")
    assert [code for code, *_ in lines] == [rule["code"] for rule in rules]
    assert thresholds == {rule["code"]: float(rule["threshold"]) for rule in rules if rule["threshold"]}
    said = {code: when for code, when, *_ in lines}
    for rule in rules:
        assert not rule["quarters"] or re.search(rf"{rule['quarters']}( quarters|季)", said[rule["code"]])


@both
def test_what_a_code_is_called_is_what_the_catalogue_calls_it(language: str) -> None:
    named = re.findall(r"\b([A-Z]\d+|[A-F]) ?“(.+?)”", pages()[language], re.A)
    assert len(named) > 10
    rows = {one["code"]: one for one in [*shipped("items"), *shipped("indicators")]}
    names = {code: rows[code][f"name_{language}"] for code, _ in named}
    assert {code: name.replace("‘", "“").replace("’", "”") for code, name in named} == names


@both
def test_every_reason_is_listed(language: str) -> None:
    models = PROJECT / "dbt_project" / "models" / "intermediate"
    reasons = set(re.findall(r"then '(\w+)'", (models / "int_items__states.sql").read_text(encoding="utf-8")))
    reasons -= {"reported", "not_applicable"}
    reasons |= {"constant", "claimed", "unreadable"}
    listed = re.findall(r"^\| `(\w+)` \|", pages()[language], re.M)
    assert sorted(listed) == sorted(reasons)


@both
def test_what_the_page_says_of_the_shipped_catalogue(language: str) -> None:
    assert {node["aggregation"] or "arithmetic" for node in shipped("indicators")} == {"arithmetic"}
    negative = [item for item in shipped("items") if item["polarity"] == "negative"]
    assert all(item["max_deduction"] for item in negative)
    assert {item["target"] or "0" for item in negative} == {"0"}
    assert {unit["weight"] or "1" for unit in shipped("units")} == {"1"}
    per_point = Counter(
        (kind, item["point"])
        for kind in {unit["kind"] for unit in shipped("units")}
        for item in shipped("items")
        if item["framework"] == "ecology" and item["applies_to"] in ("", "all", kind)
    )
    fewest, most = min(per_point.values()), max(per_point.values())
    assert {"zh": f"{fewest}～{most}格", "en": f"{fewest} to {most} cells"}[language] in pages()[language]
    assert [row("items", code)["applies_to"] for code in ("P012", "P014")] == ["college", "functional"]
    assert f"{100 * Settings.model_fields['min_coverage'].default:.0f}%" in pages()[language].replace(
        " %", "%"
    )
