"""The channels of notices: a YAML file, a list, one entry a channel; its mistakes are sentences.

`QINGYUAN_NOTICES` names it: `{name, url | url_file, link, kinds, per_minute, digest_at, language, institutions}`.
The address is one of apprise's and a secret. Not here: whether apprise understands it (`post`), what is sent.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from orchestration.messages import Language
from orchestration.settings import Settings
from orchestration.stewardship.notices.errors import NoticeError, Term
from orchestration.stewardship.notices.outbox import KINDS, Kind

# Both robots take 20 messages a minute. WeCom refuses more (developer.work.weixin.qq.com/document/path/91770);
# DingTalk then takes none for ten minutes (open.dingtalk.com/document/group/custom-robot-access).
PER_MINUTE = 20
# With it the longest message stays below WeCom's 2,048 bytes, the narrowest limit (same page).
LINK_BYTES = 1000
_NAME = re.compile(r"[\w-]{1,40}")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


class Channel(BaseModel):
    """One way to tell people: an address, what of, how often, in which language."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    name: str = Field(pattern=f"^{_NAME.pattern}$")
    url: SecretStr | None = None
    url_file: Path | None = None
    link: str = Field(pattern=r"^https?://[!-~]+$", max_length=LINK_BYTES)
    kinds: tuple[Kind, ...] = Field(KINDS, min_length=1)
    per_minute: int = Field(PER_MINUTE, ge=1, le=PER_MINUTE)
    digest_at: time = time(8, 30)
    language: Language = "zh-CN"
    institutions: tuple[str, ...] | None = None

    @field_validator("digest_at", mode="before")
    @classmethod
    def _clock(cls, found: object) -> time:
        """Hours and minutes. YAML reads 10:30 without quotes as the number 630."""
        if isinstance(found, str) and (parts := _CLOCK.fullmatch(found)):
            return time(int(parts[1]), int(parts[2]))
        if isinstance(found, int) and not isinstance(found, bool):
            return time(*divmod(found, 60))
        raise ValueError

    def address(self) -> str:
        """The URL, from its file where one is named. Raises NoticeError."""
        if self.url is not None:
            return self.url.get_secret_value().strip()
        assert self.url_file is not None  # noqa: S101 - read_channels saw to it
        try:
            lines = self.url_file.read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError) as problem:
            why = getattr(problem, "strerror", None) or type(problem).__name__
            raise NoticeError("url_file_unreadable", channel=self.name, path=self.url_file, why=why) from None
        if len(lines) != 1:
            raise NoticeError("url_file_lines", channel=self.name, path=self.url_file, found=len(lines))
        return lines[0]


def read_channels(settings: Settings) -> list[Channel]:
    """The channels of the file, in its order; none without a file. Raises NoticeError with its first mistake."""
    path = settings.notices
    if path is None:
        return []
    channels: list[Channel] = []
    for number, row in enumerate(_rows(path), 1):
        channel = _channel(path, number, {"language": settings.language, **row})
        if channel.name in {one.name for one in channels}:
            raise NoticeError("channel_twice", path=path, channel=channel.name)
        channels.append(channel)
    return channels


def _rows(path: Path) -> Sequence[Mapping[str, Any]]:
    found, mistake = _parsed(path)
    if mistake is not None:
        raise mistake
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise NoticeError("file_not_a_list", path=path)
    return found


def _parsed(path: Path) -> tuple[object, NoticeError | None]:
    """What stands in the file, or its mistake: of YAML's own only the line's number, since it quotes the line."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8")), None
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        return None, NoticeError("file_not_yaml", path=path, line=line)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        why = getattr(problem, "strerror", None) or type(problem).__name__
        return None, NoticeError("file_unreadable", path=path, why=why)


def _channel(path: Path, number: int, row: Mapping[str, Any]) -> Channel:
    # An address in the wrong place is not shown either.
    is_name = isinstance(row.get("name"), str) and _NAME.fullmatch(row["name"])
    where = {"path": path, "channel": row["name"] if is_name else number}
    try:
        channel = Channel.model_validate(row)
    except ValidationError as problem:
        raise next(_mistakes(problem, where)) from None
    if (channel.url is None) == (channel.url_file is None):
        raise NoticeError("url_or_file", **where)
    if channel.url_file is None:
        return channel
    return channel.model_copy(update={"url_file": path.parent / channel.url_file.expanduser()})


def _mistakes(problem: ValidationError, where: Mapping[str, object]) -> Iterator[NoticeError]:
    for error in problem.errors(include_input=False, include_url=False):
        field = str(error["loc"][0])
        if field not in Channel.model_fields:
            known = " ".join(Channel.model_fields)
            yield NoticeError(
                "field_unknown", **where, field=field if field.isidentifier() else "…", known=known
            )
        elif field == "kinds":
            yield NoticeError("field_kinds", **where, known=" ".join(KINDS))
        else:
            yield NoticeError("field_wrong", **where, field=field, expected=Term(f"expected.{field}"))
