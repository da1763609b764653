"""The message catalogue: every text a person sees, by key, in zh-CN and en.

The texts are rows of `report_templates/messages/*.yml` (`key: {zh: …, en: …}`, with `{name}` placeholders).
Not here: the texts themselves, and names that are rows of the catalogue (units, indicators, bands).
"""

from collections.abc import Mapping
from functools import cache
from typing import Literal

import yaml

from orchestration.settings import PROJECT

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")
_COLUMN = {"zh-CN": "zh", "en": "en"}


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every message: key → language column (`zh`, `en`) → text. A key that stands twice is an error."""
    messages: dict[str, Mapping[str, str]] = {}
    for path in sorted((PROJECT / "report_templates" / "messages").glob("*.yml")):
        for key, texts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if key in messages:
                raise ValueError(f"{path.name}: the message key {key} stands twice")
            messages[key] = texts
    return messages


def text(key: str, language: Language, /, **values: object) -> str:
    """The message `key` in `language`, its placeholders filled from `values`.

    Raises KeyError for an unknown key or a placeholder without a value: a program fault, not a user's.
    """
    return catalogue()[key][_COLUMN[language]].format(**values)
