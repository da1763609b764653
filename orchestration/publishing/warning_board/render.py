"""From a board to HTML: one self-contained file, styles inlined, nothing fetched, no script.

Not here: what stands on the page (`compose`), the template (`report_templates/warning_board.html.j2`).
"""

from functools import cache, partial
from typing import TYPE_CHECKING

from orchestration.core.inert import inert
from orchestration.messages import LANGUAGES, Language, text
from orchestration.publishing.look.bands import css_string
from orchestration.publishing.templates import bare, environment, inline_styles
from orchestration.publishing.warning_board.compose import page_of
from orchestration.publishing.warning_board.facts import Telling
from orchestration.publishing.warning_board.model import Board

if TYPE_CHECKING:
    from jinja2 import Environment

STEM = "warnings"
SHORT = 12
_SHEETS = ("base.css", "marks.css", "warning_board.css")


def render_html(board: Board, language: Language, content_sha256: str) -> str:
    """The page in one language, which links to the other and to the heat map beside it.

    `board.today` is printed as the day of this state; `content_sha256` is what the manifest states too.
    """
    telling = Telling(board, language)
    words = telling.words
    other = next(known for known in LANGUAGES if known != language)
    shared: dict[str, object] = {
        "board": board,
        "page": page_of(board, language),
        "language": language,
        "other": other,
        "self_href": f"{STEM}.{language}.html",
        "other_href": f"{STEM}.{other}.html",
        "map_href": f"../../{board.quarter}/current/heat_map.{language}.html",
        "words": words,
        "institution": words.name(board.institution),
        "quarter": words.quarter(board.quarter) if board.quarter else "",
        "day": words.day(board.today),
        "manifest": content_sha256,
        "styles": tuple(telling.styles.values()),
        "t": partial(_message, language),
        "say": telling.say,
    }
    shared["foot"] = " · ".join(_foot(telling, content_sha256))
    sheet = _environment().get_template("styles/warning_board_bands.css.j2").render(shared)
    shared |= {"css": inline_styles(*_SHEETS), "band_css": bare(sheet)}
    return _environment().get_template("warning_board.html.j2").render(shared)


def _foot(telling: Telling, content_sha256: str) -> list[str]:
    """What every printed page says of itself."""
    title = telling.say("name", institution=telling.words.name(telling.board.institution))
    day = telling.say("as_of", day=telling.words.day(telling.board.today))
    return [title, day, telling.words.say("foot.manifest", hash=content_sha256[:SHORT])]


def _message(language: Language, key: str, **values: object) -> str:
    return text(key, language, **values)


def _plain(value: object) -> object:
    """What a template prints: text without characters that steer, markup of ours as it is."""
    return inert(value) if type(value) is str else value


@cache
def _environment() -> "Environment":
    from markupsafe import Markup

    own = environment().overlay(finalize=_plain)
    # It leaves no sign that could end a string or the style element, so it may stand unescaped.
    quoted = {"css_string": lambda value: Markup(css_string(inert(str(value))))}  # noqa: S704
    own.filters = {**own.filters, **quoted}
    return own
