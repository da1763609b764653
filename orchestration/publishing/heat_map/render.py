"""From a page to HTML: one self-contained file, styles inlined, nothing fetched, no script.

Not here: what stands on the page (`page`), the templates (`report_templates/`).
"""

from functools import cache, partial
from typing import TYPE_CHECKING

from orchestration.messages import LANGUAGES, Language, text
from orchestration.publishing.heat_map.cells import ARROW_POINTS
from orchestration.publishing.heat_map.model import HeatMap
from orchestration.publishing.heat_map.page import page_of
from orchestration.publishing.heat_map.revision import Content, content_of
from orchestration.publishing.heat_map.wording import Wording, wording_of
from orchestration.publishing.look.bands import band_styles, css_string
from orchestration.publishing.templates import bare, environment, inline_styles

if TYPE_CHECKING:
    from jinja2 import Environment

STEM = "heat_map"
_SHEETS = ("base.css", "marks.css", "heat_map.css")


def render_html(
    heat_map: HeatMap, language: Language, stem: str = STEM, content: Content | None = None
) -> str:
    """The page in one language; `stem` begins the names of the files it links to, which lie beside it.

    `content` is the heat map's, where the caller has computed it already.

    A quarter without any score gives a page that says so.
    """
    words, content = wording_of(heat_map, language), content or content_of(heat_map)
    other = next(known for known in LANGUAGES if known != language)
    shared: dict[str, object] = {
        "map": heat_map,
        "language": language,
        "words": words,
        "institution": words.name(heat_map.institution),
        "framework": words.name(heat_map.framework),
        "quarter": words.quarter(heat_map.quarter),
        "other": other,
        "other_href": f"{stem}.{other}.html",
        "workbook_href": f"{stem}.{language}.xlsx",
        "manifest": content.sha256,
        "data_on": words.day(heat_map.data_on),
        "provisional": words.provisional(heat_map.absent),
        "self_href": f"{stem}.{language}.html",
        "styles": tuple(band_styles(heat_map.bands).values()),
        "thresholds": "/".join(words.points(edge, 0) for edge in words.thresholds[:-1]),
        "arrow_points": ARROW_POINTS,
        "columns": len(heat_map.leaves),
        "t": partial(_message, language),
        "around": partial(_around, language),
    }
    shared |= _styles(shared, _foot(heat_map, words, content))
    if not heat_map.scores:
        return _environment().get_template("heat_map_empty.html.j2").render(shared)
    return _environment().get_template("heat_map.html.j2").render(shared, page=page_of(heat_map, language))


def _styles(shared: dict[str, object], foot: str) -> dict[str, object]:
    """Our style sheets and the one made of the catalogue's bands, safe to stand inline."""
    bands = _environment().get_template("styles/heat_map_bands.css.j2").render(shared, foot=foot)
    return {"css": inline_styles(*_SHEETS), "band_css": bare(bands)}


def _foot(heat_map: HeatMap, words: Wording, content: Content) -> str:
    """What every printed page says of itself."""
    state = [words.say("provisional")] if heat_map.provisional else []
    place = [words.name(heat_map.institution), words.quarter(heat_map.quarter), *state]
    return " · ".join([*place, words.say("foot.manifest", hash=content.revision)])


def _around(language: Language, key: str, placeholder: str, attribute: str) -> str:
    """The message as CSS content, the placeholder drawn from a cell's attribute; a clause after the first."""
    from markupsafe import Markup

    before, after = text(f"heat_map.{key}", language, **{placeholder: "\n"}).split("\n")
    if attribute != "data-s":
        before = text("heat_map.clause", language) + before
    parts = [css_string(before) if before else "", f"attr({attribute})", css_string(after) if after else ""]
    return Markup(" ".join(part for part in parts if part))  # noqa: S704


def _message(language: Language, key: str, **values: object) -> str:
    return text(key, language, **values)


@cache
def _environment() -> "Environment":
    from markupsafe import Markup

    own = environment().overlay()
    # It leaves no sign that could end a string or the style element, so it may stand unescaped.
    own.filters = {**own.filters, "css_string": lambda value: Markup(css_string(value))}  # noqa: S704
    return own
