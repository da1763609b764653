"""Great Expectations' pages made to fetch nothing, and front pages that lead to them.

The library's pages ask content networks for styles and scripts, and its own index is drawn by a script: without
them they are plain, and whole. Not here: what is on the pages (`documents`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

CONTENT = ".content"

_DROPPED = re.compile(
    r"<(script|style|footer|button)\b.*?</\1>|<(?:link|img|input)\b[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_ACTIONS = re.compile(r'<div class="card mb-3">.*?(?=<div class="card d-md-block)', re.DOTALL)
_HEAD = (
    "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    "<style>body{font:15px/1.5 sans-serif;margin:1.5rem auto;max-width:60rem;padding:0 1rem;color:#1d2530}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #c9ced6;padding:.25rem .5rem;text-align:left;"
    "vertical-align:top}th{background:#f1f3f6}.alert{border-bottom:2px solid #1d2530;margin-top:1.2rem}"
    "h5{font-size:1.05rem;margin:0}.badge{background:#eceff3;border-radius:3px;padding:0 .3rem;font-family:monospace}"
    "hr{border:0;border-top:1px solid #e3e6ea}ol,ul{padding-left:1.2rem}nav{height:auto!important}"
    ".fa-check-circle:before{content:'✓'}.fa-times:before{content:'✗'}.text-danger{color:#b3261e}</style>"
)


@dataclass(frozen=True)
class Entry:
    """A line of a front page: the page it leads to (a pattern of its path), its name, what it says."""

    pattern: str
    name: str
    says: str


def write_offline(pages: Path, target: Path) -> None:
    """Write every page of the library's below `target`, but for its index, which is empty without its script."""
    for page in sorted(pages.rglob("*.html")):
        if page != pages / "index.html":
            written = target / page.relative_to(pages)
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_text(_offline(page.read_text(encoding="utf-8")), encoding="utf-8")


def write_front_pages(entries: Mapping[str, Sequence[Entry]], target: Path) -> None:
    """Write `index.html` and a page a department, `<department>.html`; each entry leads to the page it names."""
    for department, own in entries.items():
        rows = "".join(_row(entry, target) for entry in own)
        body = (
            f'<p><a href="index.html">Departments</a></p><h1>{escape(department)}</h1><table>{rows}</table>'
        )
        (target / f"{department}.html").write_text(_page(department, body), encoding="utf-8")
    links = "".join(f'<li><a href="{quote(name)}.html">{escape(name)}</a>' for name in entries)
    body = f"<h1>Contracts of departments</h1><ul>{links}</ul>"
    (target / "index.html").write_text(_page("Contracts of departments", body), encoding="utf-8")


def _row(entry: Entry, target: Path) -> str:
    (page,) = _found(entry, target)
    href = quote(page.relative_to(target).as_posix())
    return f'<tr><td><a href="{href}">{escape(entry.name)}</a><td>{escape(entry.says)}'


def _found(entry: Entry, target: Path) -> Iterator[Path]:
    return target.glob(entry.pattern)


def _page(title: str, body: str) -> str:
    head = f"<head><meta charset=utf-8><title>{escape(title)}</title>{_HEAD}</head>"
    return f"<!doctype html><html lang=en>{head}<body>{body}</body></html>"


def _offline(text: str) -> str:
    text = _ACTIONS.sub("", _DROPPED.sub("", text))
    return text.replace("</head>", f"{_HEAD}</head>", 1)
