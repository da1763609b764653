"""What the documents name exists: settings, commands, verbs, paths; and the Chinese README keeps step."""

import re

import click
import pytest

from orchestration.cli import main
from orchestration.settings import Settings
from tests.conventions.tree import PROJECT, ROOMS, text

DOCUMENTS = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "docs/runbook.md", "docs/methodology.md")


def code_of(document: str) -> list[str]:
    blocks = re.findall(r"```\w*\n(.*?)```", text(PROJECT / document), re.S)
    spans = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text(PROJECT / document))
    return [line.strip() for block in blocks for line in block.splitlines()] + spans


def test_every_setting_is_in_the_example() -> None:
    named = set(re.findall(r"^(QINGYUAN_\w+)=", text(PROJECT / ".env.example"), re.M))
    assert named == {f"QINGYUAN_{field.upper()}" for field in Settings.model_fields}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_setting_named_exists(document: str) -> None:
    named = set(re.findall(r"\bQINGYUAN_[A-Z_]+", text(PROJECT / document)))
    assert named <= {f"QINGYUAN_{field.upper()}" for field in Settings.model_fields}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_exists(document: str) -> None:
    for line in code_of(document):
        words = line.removeprefix(".venv/bin/").split("#")[0].split()
        if len(words) < 2 or words[0] != "qingyuan":
            continue
        command: click.Command = main
        for word in words[1:]:
            if word == "…" or not isinstance(command, click.Group):
                break
            assert word in command.commands, f"{document}: {line}"
            command = command.commands[word]
        options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert {word for word in words if word.startswith("--")} <= options, f"{document}: {line}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_verb_exists(document: str) -> None:
    verbs = set(re.findall(r"^([a-z-]+):", text(PROJECT / "Makefile"), re.M))
    for line in code_of(document):
        if match := re.fullmatch(r"make ([a-z-]+).*", line):
            assert match[1] in verbs, f"{document}: {line}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_exists(document: str) -> None:
    folders = tuple(f"{room}/" for room in ROOMS)
    for span in code_of(document):
        if span.startswith(folders) and " " not in span and not set(span) & set("*<…{"):
            assert (PROJECT / span).exists(), f"{document}: {span}"
    for target in re.findall(r"\]\((?!http|#)([^)#]+)", text(PROJECT / document)):
        assert ((PROJECT / document).parent / target).exists(), f"{document}: {target}"


def test_the_chinese_readme_keeps_step() -> None:
    """Same sections, same commands, same table sizes."""
    english, chinese = text(PROJECT / "README.md"), text(PROJECT / "README.zh-CN.md")
    shape = [re.findall(r"^#+", page, re.M) for page in (english, chinese)]
    assert shape[0] == shape[1]
    commands = [
        re.findall(r"(?:make|qingyuan) [a-z][^`#\n]*", "\n".join(code_of(page))) for page in DOCUMENTS[:2]
    ]
    assert [c.strip() for c in commands[0]] == [c.strip() for c in commands[1]]
    assert english.count("\n|") == chinese.count("\n|")
