"""How every command of `qingyuan` speaks: texts in the settings' language, one sentence for a mistake.

A person's mistake ends with exit code 2 and no traceback; anything unforeseen with exit code 1, a short sentence
and the log that holds the traceback. Not here: the commands.
"""

import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from orchestration.cli.processes import INTERRUPTED
from orchestration.core.catalogue.faults import CatalogueError
from orchestration.messages import Language, SpokenError, text
from orchestration.settings import Settings, settings

MISTAKE, FAULT = 2, 1


class UserMistake(SpokenError):
    """What the words of a command got wrong; `reason` names the message `cli.<reason>`."""

    area = "cli"


def language() -> Language:
    """The language of the terminal; settings that cannot be read are reported in the default one."""
    try:
        return settings().language
    except ValidationError:
        return "zh-CN"


def say(key: str, **values: object) -> None:
    """Writes the message `cli.<key>` as a line."""
    click.echo(text(f"cli.{key}", language(), **values))


def _help_key(context: click.Context) -> str:
    """`qingyuan db url` → `db.url`; the group itself is `qingyuan`."""
    return ".".join(context.command_path.split()[1:]) or "qingyuan"


class SpokenOption(click.Option):
    """An option whose help is the message `cli.option.<name>`."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help, as click lays them out."""
        if self.name != "help":
            self.help = text(f"cli.option.{self.name}", language())
        return super().get_help_record(ctx)


def option(*names: str, **attributes: Any) -> Callable[[Any], Any]:
    """`click.option` that takes its help from the messages."""
    return click.option(*names, cls=SpokenOption, **attributes)


class Verb(click.Command):
    """A command whose help is the message `cli.help.<path>`."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the command's help in the settings' language."""
        self.help = text(f"cli.help.{_help_key(ctx)}", language())
        super().format_help_text(ctx, formatter)


class Verbs(click.Group):
    """A group of commands; lists each with its help in the settings' language."""

    command_class = Verb
    group_class = type

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the next word names; UserMistake for a word that names none."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            raise UserMistake(
                "no_such_command",
                command=ctx.command_path,
                found=args[0],
                known=" ".join(sorted(self.commands)),
            )
        return super().resolve_command(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the group's help in the settings' language."""
        self.help = text(f"cli.help.{_help_key(ctx)}", language())
        super().format_help_text(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Gives each command its short help, then lists them."""
        prefix = ".".join(ctx.command_path.split()[1:])
        for name, command in self.commands.items():
            key = f"{prefix}.{name}" if prefix else name
            command.short_help = text(f"cli.help.{key}", language())
        super().format_commands(ctx, formatter)


class Door(Verbs):
    """The outermost group: turns what goes wrong into one sentence and an exit code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Runs the command line; ends the process with the exit code."""
        try:
            code = super().main(args, prog_name or "qingyuan", complete_var, False, **extra)
        except Exception as problem:
            code = _explain(problem)
        except KeyboardInterrupt:
            code = INTERRUPTED
        sys.exit(code if isinstance(code, int) else 0)


def _explain(problem: Exception) -> int:
    """Writes what went wrong to stderr; the exit code."""
    if isinstance(problem, click.Abort):
        return INTERRUPTED
    if isinstance(problem, BrokenPipeError):
        return FAULT
    sentences = list(_sentences(problem))
    if sentences:
        click.echo("\n".join(sentences), err=True)
        return MISTAKE
    log = _write_log(problem)
    click.echo(text("cli.fault", language(), kind=type(problem).__name__, log=log), err=True)
    return FAULT


def _sentences(problem: Exception) -> Iterator[str]:
    """What a person did wrong, a sentence each; nothing when it was no person's mistake."""
    if isinstance(problem, SpokenError):
        yield problem.sentence(language())
    elif isinstance(problem, CatalogueError):
        from orchestration.warehouse.catalogue import fault_text

        yield from (fault_text(fault, language()) for fault in problem.faults)
    elif isinstance(problem, ValidationError) and problem.title == Settings.__name__:
        for error in problem.errors():
            name = "QINGYUAN_" + "_".join(map(str, error["loc"])).upper()
            yield text("cli.bad_setting", language(), name=name, found=error["input"], reason=error["msg"])
    elif isinstance(problem, click.exceptions.NoArgsIsHelpError):
        yield problem.format_message()
    elif isinstance(problem, click.UsageError):
        yield _usage(problem)


def _usage(problem: click.UsageError) -> str:
    """What is wrong with the command line itself."""
    command = problem.ctx.command_path if problem.ctx else "qingyuan"
    if isinstance(problem, click.MissingParameter) and problem.param is not None:
        return text("cli.missing", language(), name=problem.param.human_readable_name, command=command)
    if isinstance(problem, click.NoSuchOption):
        return text("cli.no_such_option", language(), name=problem.option_name, command=command)
    return text("cli.usage", language(), command=command, reason=problem.format_message())


def _write_log(problem: Exception) -> Path:
    """Appends the traceback to the log in the home; the log's path."""
    folder = settings().home / "log"
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "qingyuan.log"
    with log.open("a", encoding="utf-8") as file:
        file.write(f"\n{datetime.now(UTC).isoformat(timespec='seconds')} {' '.join(sys.argv)}\n")
        file.writelines(traceback.format_exception(problem))
    return log
