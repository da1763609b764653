"""The message catalogue: every text a person sees, by key, in zh-CN and en; and errors that are such a text.

The texts are rows of `report_templates/messages/*.yml` (`key: {zh: …, en: …}`, with `{name}` placeholders).
Not here: the texts themselves, and names that are rows of the catalogue (units, indicators, bands).
"""

from collections.abc import Mapping
from functools import cache
from typing import ClassVar, Literal, NamedTuple

import yaml

from orchestration.settings import PROJECT

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")
# The one in C where the wheel has it: 0.3 s less for every command.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_COLUMN = {"zh-CN": "zh", "en": "en"}


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every message: key → language column (`zh`, `en`) → text. A key that stands twice is an error."""
    messages: dict[str, Mapping[str, str]] = {}
    for path in sorted((PROJECT / "report_templates" / "messages").glob("*.yml")):
        for key, texts in yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER).items():  # noqa: S506
            if key in messages:
                raise ValueError(f"{path.name}: the message key {key} stands twice")
            messages[key] = texts
    return messages


def text(key: str, language: Language, /, **values: object) -> str:
    """The message `key` in `language`, its placeholders filled from `values`.

    Raises KeyError for an unknown key or a placeholder without a value: a program fault, not a user's.
    """
    return catalogue()[key][_COLUMN[language]].format(**values)


class Term(NamedTuple):
    """A word of ours inside a sentence: the message `<area>.<key>` in the sentence's language."""

    key: str


class SpokenError(Exception):
    """What a person is meant to read and can put right: one sentence, no fault of the program.

    `reason` is the last part of the message key `<area>.<reason>`, `given` fills its placeholders.
    """

    area: ClassVar[str]

    def __init__(self, reason: str, **given: object) -> None:
        self.reason, self.given = reason, given
        super().__init__(self.sentence("en"))

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the keyword values when the error crosses a process border."""
        return (_spoken, (type(self), self.reason, self.given))

    def sentence(self, language: Language) -> str:
        """The sentence in `language`."""
        words = {
            name: text(f"{self.area}.{value.key}", language) if isinstance(value, Term) else value
            for name, value in self.given.items()
        }
        return text(f"{self.area}.{self.reason}", language, **words)


def _spoken(kind: type[SpokenError], reason: str, given: Mapping[str, object]) -> SpokenError:
    return kind(reason, **given)
