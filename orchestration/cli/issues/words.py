"""What a terminal says of an issue: its state, its severity, what happened to it. Not here: the texts (messages)."""

from collections.abc import Mapping
from typing import Any

from orchestration.cli.door import language
from orchestration.messages import catalogue, text


def state_word(state: str) -> str:
    """A state in the terminal's language."""
    return text(f"stewardship.state.{state}", language())


def severity_word(severity: str) -> str:
    """A severity in the terminal's language, in brackets."""
    return text(f"cli.severity.{severity}", language())


def action_word(action: str) -> str:
    """What an entry of the log says; its name where no message has words for it."""
    key = f"cli.action.{action}"
    return text(key, language()) if key in catalogue() else action


def sentence(row: Mapping[str, Any]) -> str:
    """Where the fault is, what was found, what to do."""
    suffix = "zh" if language() == "zh-CN" else "en"
    return f"{row[f'message_{suffix}']} {row[f'todo_{suffix}']}"
