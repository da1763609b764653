"""A list of items as one self-contained HTML page: styles inlined, nothing fetched, no script.

Not here: what stands on the page (`catalogue_lists`), the template (`report_templates/`).
"""

import re
from functools import partial
from typing import TYPE_CHECKING

from orchestration.messages import LANGUAGES, text
from orchestration.publishing.catalogue_lists.model import CatalogueList, Entry
from orchestration.publishing.catalogue_lists.words import decimals
from orchestration.publishing.templates import environment, inline_styles

if TYPE_CHECKING:
    from markupsafe import Markup

_SHEETS = ("base.css", "catalogue_list.css")
_NUMERIC = {"positive": ("weight",), "negative": ("deduction", "maximum")}
_OTHER = {"positive": "negative", "negative": "positive"}
# A run of Chinese, with what stands inside it, in a page of another language.
_HAN = re.compile(r"[\u3400-\u9fff“（《][\u3400-\u9fff\uff01-\uff5e\u3000-\u303f“”‘’…—]*")


def render_html(page: CatalogueList) -> str:
    """The page, escaped throughout; Chinese words quoted on an English page carry their own `lang`."""
    other = next(language for language in LANGUAGES if language != page.language)
    numeric = _NUMERIC[page.polarity]
    columns = ("point", "code", "name", "definition", "formula", *numeric, "source", "department", "applies")
    values = {
        "page": page,
        "heads": {key: _message(page, f"catalogue.list.column.{key}") for key in columns},
        "numeric": numeric,
        "shown": partial(_shown, page),
        "quoted": _quoted if page.language != "zh-CN" else str,
        "t": partial(_message, page),
        "css": inline_styles(*_SHEETS),
        "other": other,
        "other_list": _message(page, f"catalogue.list.other.{_OTHER[page.polarity]}"),
    }
    return environment().get_template("catalogue_list.html.j2").render(values)


def _shown(page: CatalogueList, entry: Entry, key: str) -> str:
    """A number with the decimals of its column; a maximum that is none in words."""
    value = getattr(entry, key)
    if value is None:
        return text("catalogue.list.no_limit", page.language)
    return f"{value:.{decimals(getattr(other, key) for other in page.entries)}f}"


def _message(page: CatalogueList, key: str, **values: object) -> str:
    return text(key, page.language, **values)


def _quoted(words: str) -> "Markup":
    """Escaped text whose Chinese runs are marked as Chinese."""
    from markupsafe import Markup, escape

    marked = _HAN.sub(r"<span lang=zh-CN>\g<0></span>", str(escape(words)))
    return Markup(marked)  # noqa: S704  (escaped one line above)
