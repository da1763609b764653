"""A document as HTML: one self-contained file, styles inlined, nothing fetched, no script.

Not here: the template (`report_templates/document.html.j2`), charts (`charts`), what is said.
"""

import re
from collections.abc import Iterator
from functools import cache, partial
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import quote

from orchestration.core.inert import inert
from orchestration.messages import LANGUAGES, Language, text
from orchestration.publishing.documents.charts import chart_svg
from orchestration.publishing.documents.figures import Figure, Value
from orchestration.publishing.documents.key_text import key_text
from orchestration.publishing.documents.model import Document
from orchestration.publishing.documents.small import bar_columns, bar_shape, range_shape, spark_shape, zero_of
from orchestration.publishing.documents.styles import marks_of
from orchestration.publishing.documents.words import DocumentWords
from orchestration.publishing.look.bands import css_string
from orchestration.publishing.templates import bare, environment, inline_styles

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_PLAIN = re.compile(r"[\w.+-]+", re.ASCII)
_SHEETS = ("base.css", "marks.css", "document.css")


def render_html(document: Document, *, alternate: str | None) -> str:
    """The document as a page; `alternate` names the same one in the other language, which lies beside it."""
    language = document.language
    ids, marks = count(1), marks_of(document)
    shared: dict[str, object] = {
        "document": document,
        "furniture": document.furniture,
        "language": language,
        "other": next(known for known in LANGUAGES if known != language),
        "alternate": quote(alternate) if alternate else None,
        "words": DocumentWords(language),
        "styles": marks.styles,
        "marks": marks,
        "has_chapters": any(getattr(block, "level", None) == 1 for block in document.blocks),
        "next_id": lambda: f"g{next(ids)}",
        "t": partial(_message, language),
        "said": partial(_said, language),
    }
    sheet = _environment().get_template("styles/document_page.css.j2").render(shared)
    shared |= {"css": inline_styles(*_SHEETS), "band_css": bare(sheet)}
    return _environment().get_template("document.html.j2").render(shared)


def data_element(figure: Figure) -> "Markup":
    """A figure as `<data>` with the mart, the column and the key of its cell."""
    from markupsafe import Markup, escape

    key = key_text(figure.key)
    return Markup(  # every part is escaped  # noqa: S704
        f"<data value={_bare(written(figure.value))} data-mart={_bare(figure.mart)}"
        f' data-column={_bare(figure.column)} data-key="{escape(inert(key))}">{escape(inert(figure.shown))}</data>'
    )


def written(value: Value) -> str:
    """A value as text that is read back exactly: blank for none, `true`/`false`, the shortest exact number."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else inert(str(value))


def _bare(name: str) -> str:
    """An attribute's value, without quotes where it needs none."""
    from markupsafe import escape

    return name if _PLAIN.fullmatch(name) else f'"{escape(inert(name))}"'


def _said(language: Language, key: str, **parts: object) -> "Markup":
    """The message with its placeholders filled by markup; whatever else fills one is escaped."""
    from markupsafe import Markup, escape

    holes = {name: "{" + name + "}" for name in parts}
    shown = {name: _plain(part) for name, part in parts.items()}
    return Markup(escape(text(f"documents.{key}", language, **holes))).format(**shown)  # noqa: S704


def _message(language: Language, key: str, **values: object) -> str:
    return text(key, language, **values)


def _halves(rows: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
    middle = (len(rows) + 1) // 2
    return iter((rows[:middle], rows[middle:]))


def _plain(value: object) -> object:
    """What a template prints: text without characters that steer, markup of ours as it is."""
    return inert(value) if type(value) is str else value


@cache
def _environment() -> "Environment":
    from markupsafe import Markup

    own = environment().overlay(finalize=_plain)
    # It leaves no sign that could end a string or the style element, so it may stand unescaped.
    quoted = {"css_string": lambda value: Markup(css_string(inert(str(value))))}  # noqa: S704
    own.filters = {**own.filters, **quoted, "data": data_element}
    own.globals = {
        **own.globals,
        "kind": lambda part: type(part).__name__,
        "halves": _halves,
        "range_shape": range_shape,
        "spark_shape": spark_shape,
        "bar_shape": bar_shape,
        "bar_columns": bar_columns,
        "zero_of": zero_of,
        "chart_svg": chart_svg,
    }
    return own
