"""The templates' one environment, and style sheets made ready to stand inline.

Not here: what stands on a page, and the templates themselves (`report_templates/`).
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from orchestration.settings import PROJECT

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = PROJECT / "report_templates"


@cache
def environment() -> "Environment":
    """Jinja2 with escaping on; a name that is not given is an error, not a blank."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def inline_styles(*names: str) -> "Markup":
    """Our own style sheets of those names, one after the other; nothing of the catalogue reaches them."""
    return bare("".join((TEMPLATES / "styles" / name).read_text(encoding="utf-8") for name in names))


def bare(sheet: str) -> "Markup":
    """A style sheet without comments, indents and line ends; what it was made of must be safe inline."""
    from markupsafe import Markup

    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return Markup("".join(line.strip() for line in sheet.splitlines()))  # noqa: S704
