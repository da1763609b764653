"""A page as PDF through WeasyPrint, where the machine has the libraries it draws with. Nothing is fetched.

Not here: the page (`html`).
"""

from pathlib import Path
from typing import Any

_DATA = frozenset(("data",))


def write_pdf(html: str, path: Path) -> bool:
    """Write the page as PDF; False, and no file, on a machine that cannot draw one."""
    try:
        import weasyprint
    except (ImportError, OSError):
        # OSError: the package is there, the drawing libraries of the machine are not.
        return False
    weasyprint.HTML(string=html, url_fetcher=only_data()).write_pdf(path)
    return True


def only_data() -> Any:
    """A fetcher that opens `data:` addresses and refuses every other with ValueError."""
    import weasyprint

    return weasyprint.URLFetcher(allowed_protocols=_DATA, allow_redirects=False)
