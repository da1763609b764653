"""`qingyuan notices …`: what was noted to be told, through which channels. Not here: the acts, any address."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from orchestration.cli.desk import Number, as_json, known_code, print_json
from orchestration.cli.door import MISTAKE, Verb, Verbs, language, option, say
from orchestration.messages import text
from orchestration.settings import settings

MOST = 50


@click.group(cls=Verbs)
def notices() -> None:
    """Tells people that something is due, and never what."""


@notices.command("list", cls=Verb)
@option("--most", type=Number(), default=str(MOST))
@as_json
def list_all(most: int, as_json: bool) -> None:
    """Lists channels, and the latest notices, newest last."""
    from orchestration.cli.desk import transaction
    from orchestration.stewardship.notices.channels import read_channels
    from orchestration.stewardship.notices.listing import list_channels, list_notices

    channels = read_channels(settings())
    with transaction() as connection:
        standing = list_channels(connection, channels, datetime.now(UTC), _zone())
        rows = list_notices(connection, most=most)
    if as_json:
        print_json({"channels": [vars(one) for one in standing], "notices": [vars(row) for row in rows]})
        return
    if not channels:
        click.echo(text("notices.off", language()))
    for one in standing:
        pause = one.retry_at and f"{one.retry_at.astimezone(_zone()):%Y-%m-%d %H:%M}"
        say("notice_channel", channel=one.channel, due=one.due, digest_at=one.digest_at)
        if one.failures:
            say("notice_channel_paused", channel=one.channel, failures=one.failures, until=pause)
    for row in rows:
        click.echo("  ".join(filter(None, _parts(row))))
    say("notices_counted", count=len(rows))


@notices.command("send", cls=Verb)
@as_json
def send(as_json: bool) -> None:
    """Sends what is due now, one message a channel at most; 2 where a channel took none."""
    from orchestration.stewardship.notices.channels import read_channels
    from orchestration.stewardship.notices.sender import send_due
    from orchestration.warehouse.connections import open_warehouse

    channels = read_channels(settings())
    with open_warehouse(settings()).connect(autocommit=True) as connection:
        done = send_due(connection, channels, datetime.now(UTC), _zone())
    if as_json:
        print_json([_plain(one) for one in done])
    elif not done:
        click.echo(text("notices.off", language()))
    else:
        for one in done:
            _tell("notice", one)
    if any(one.outcome in ("refused", "unknown") for one in done):
        raise click.exceptions.Exit(MISTAKE)


@notices.command("test", cls=Verb)
@click.argument("channel", required=False)
@as_json
def test(channel: str | None, as_json: bool) -> None:
    """Sends a test message through one channel, or through each; 2 where one took none."""
    from orchestration.stewardship.notices.channels import read_channels
    from orchestration.stewardship.notices.sender import try_channel

    channels = read_channels(settings())
    if channel is not None:
        known_code("unknown_channel", channel, [one.name for one in channels])
    done = [try_channel(one) for one in channels if channel in (None, one.name)]
    if as_json:
        print_json([_plain(one) for one in done])
    elif not done:
        click.echo(text("notices.off", language()))
    else:
        for one in done:
            _tell("notice_test", one)
    if any(one.outcome != "sent" for one in done):
        raise click.exceptions.Exit(MISTAKE)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings().timezone)


def _tell(key: str, one: Any) -> None:
    if one.mistake is not None:
        click.echo(one.mistake.sentence(language()))
        return
    code = "" if one.code is None else text("cli.notice_code", language(), code=one.code)
    say(f"{key}_{one.outcome}", channel=one.channel, notices=one.notices, code=code)


def _plain(one: Any) -> dict[str, object]:
    mistake = one.mistake and one.mistake.sentence(language())
    return {**vars(one), "mistake": mistake}


def _parts(row: Any) -> tuple[str, ...]:
    at = f"{row.at.astimezone(_zone()):%Y-%m-%d %H:%M}"
    told = " ".join((*row.told, *(f"{channel}?" for channel in row.doubtful if channel not in row.told)))
    return str(row.id), at, row.institution, text(f"cli.notice_kind.{row.kind}", language()), row.key, told
