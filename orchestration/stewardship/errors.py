"""What a person may not do, or a state does not allow, as one sentence. Not here: faults of the program."""

from typing import NamedTuple

from orchestration.messages import Language, text


class Term(NamedTuple):
    """A word of ours inside a sentence: the message `stewardship.<key>` in the sentence's language."""

    key: str


class StewardshipError(Exception):
    """An act that was refused; nothing was written.

    `reason` is the last part of the message key `stewardship.<reason>`, `values_given` fills its placeholders.
    """

    def __init__(self, reason: str, **values: object) -> None:
        self.reason = reason
        self.values_given = values
        super().__init__(self.sentence("en"))

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the keyword values when the error crosses a process border."""
        return (_rebuild, (self.reason, self.values_given))

    def sentence(self, language: Language) -> str:
        """The sentence in `language`."""
        return text(
            f"stewardship.{self.reason}",
            language,
            **{
                name: text(f"stewardship.{value.key}", language) if isinstance(value, Term) else value
                for name, value in self.values_given.items()
            },
        )


def _rebuild(reason: str, values: dict[str, object]) -> StewardshipError:
    return StewardshipError(reason, **values)
