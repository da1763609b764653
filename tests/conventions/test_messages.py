"""Every text a person sees stands in both languages, with the same placeholders and its own punctuation."""

import re
import string

from orchestration.messages import catalogue
from tests.conventions.tree import files, text

HAN = re.compile(r"[\u4e00-\u9fff]")


def placeholders(message: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(message) if field is not None}


def test_both_languages_and_the_same_placeholders() -> None:
    assert catalogue()
    for key, texts in catalogue().items():
        assert set(texts) == {"zh", "en"}, key
        assert texts["zh"].strip(), key
        assert texts["en"].strip(), key
        assert placeholders(texts["zh"]) == placeholders(texts["en"]), key


def test_english_has_no_chinese_and_chinese_no_half_width_commas() -> None:
    for key, texts in catalogue().items():
        # A quoted Chinese word (a cell's literal content) may stand in an English sentence.
        bare = re.sub(r"[“\"'‘][^”\"'’]*[”\"'’]", "", texts["en"])
        assert not re.search(r"[，。；：！？（）]", bare), key
        assert not re.search(rf"{HAN.pattern}[,;!?]|[,;!?]{HAN.pattern}", texts["zh"]), key


def test_every_key_used_in_templates_exists() -> None:
    used = {
        key
        for path in files(".j2", under=("report_templates",))
        for key in re.findall(r"""\bt\(\s*['"]([\w.-]+)['"]""", text(path))
    }
    assert used <= set(catalogue())
