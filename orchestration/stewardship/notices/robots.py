"""Robots of work chats: they answer 200 also where they refuse, and say so in the body, which apprise does not read.

apprise understands their addresses and signs; the message is posted here and its answer read. Documents:
WeCom developer.work.weixin.qq.com/document/path/91770 (`errcode`, 2,048 bytes of text), DingTalk
open.dingtalk.com/document/group/custom-robot-access (`errcode`, 20,000 bytes), Feishu
open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (`code`, 20 KB). Not here: every other service (`post`).
"""

import json
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from orchestration.stewardship.notices.answers import Answer, refusal

_SECONDS = 10.0
Call = tuple[str, Mapping[str, object]]


def is_robot(plugin: Any) -> bool:
    """Whether apprise's sender is for one of these."""
    return plugin.secure_protocol in _CALLS


def post_to_robot(plugin: Any, body: str) -> Answer:
    """Post the text to a robot; never raises for what the robot or the way to it does."""
    return _post(*_CALLS[plugin.secure_protocol](plugin, body))


def _wecom(plugin: Any, body: str) -> Call:
    return plugin.api_url, {"msgtype": "text", "text": {"content": body}}


def _dingtalk(plugin: Any, body: str) -> Call:
    url = plugin.notify_url.format(token=plugin.token)
    if plugin.secret:
        timestamp, signature = plugin.get_signature()
        url = f"{url}&timestamp={timestamp}&sign={signature}"
    at = {"atMobiles": list(plugin.targets), "isAtAll": False}
    return url, {"msgtype": "text", "text": {"content": body}, "at": at}


def _feishu(plugin: Any, body: str) -> Call:
    return plugin.notify_url.format(token=plugin.token), {"msg_type": "text", "content": {"text": body}}


_CALLS: Mapping[str, Callable[[Any, str], Call]] = {
    "wecombot": _wecom,
    "dingtalk": _dingtalk,
    "feishu": _feishu,
}


def _post(url: str, payload: Mapping[str, object]) -> Answer:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    request = Request(url, json.dumps(payload, ensure_ascii=False).encode(), headers)  # noqa: S310 - a robot's own
    try:
        with urlopen(request, timeout=_SECONDS) as response:  # noqa: S310
            return _read(response.read(65536))
    except HTTPError as problem:
        return refusal(problem.code)
    except URLError:  # raised only while the request goes out
        return Answer("refused")
    except (OSError, HTTPException):  # while the answer is waited for
        return Answer("unknown")


def _read(content: bytes) -> Answer:
    """An answer that is not the robot's may come of something on the way, which let the message pass or not."""
    try:
        answer = json.loads(content)
        code = int(answer["errcode"] if "errcode" in answer else answer["code"])
    except (ValueError, TypeError, KeyError):
        return Answer("unknown")
    return Answer("refused", code) if code else Answer("sent")
