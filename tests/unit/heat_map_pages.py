"""A page taken apart: start tags with attributes, text, links. Enough to test structure without a browser."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = dict[str, str]


@dataclass
class Parts:
    """What stands on a page, in order."""

    tags: list[tuple[str, Attributes]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def all(self, tag: str, css: str = "") -> list[Attributes]:
        """The attributes of every such element, with a class where one is given."""
        return [
            have
            for name, have in self.tags
            if name == tag and (not css or css in have.get("class", "").split())
        ]

    @property
    def ids(self) -> list[str]:
        return [have["id"] for _, have in self.tags if "id" in have]

    @property
    def hrefs(self) -> list[str]:
        return [have["href"] for _, have in self.tags if "href" in have]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts = Parts()
        self._is_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_style = tag == "style"
        self.parts.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        self._is_style = False

    def handle_data(self, data: str) -> None:
        if not self._is_style:
            self.parts.text.append(data)


def parts_of(page: str) -> Parts:
    """The page's parts."""
    reader = _Reader()
    reader.feed(page)
    return reader.parts


def table_of(page: str, css: str, index: int = 0) -> str:
    """The source of one table."""
    return str(re.findall(rf'<table class="hm {css}".*?</table>', page, re.S)[index])
