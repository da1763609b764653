"""Great Expectations' own pages of every contract's suites, for engineers: offline, nothing fetched.

Not here: what a department is told (the message catalogue), results of single submissions (`quality.rule_result`).
"""

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from expectations.contract import contract_of
from expectations.rulebook import RULES

# The pages ask content networks for styles and scripts; without them they are plain, and whole.
_FETCHING = re.compile(
    r"<script\b.*?</script>|<style\b.*?</style>|<link\b[^>]*>|<img\b[^>]*>", re.DOTALL | re.IGNORECASE
)
_STYLE = (
    "<style>body{font-family:sans-serif;margin:2rem}table{border-collapse:collapse}"
    "td,th{border:1px solid #999;padding:.2rem .5rem}</style>"
)


def write_documents(departments: Sequence[str], target: Path) -> list[Path]:
    """Write the pages of each department's suites into `target`; `index.html` leads to them. Takes seconds."""
    from expectations.suites import quiet, scratch_context, suite

    with tempfile.TemporaryDirectory() as scratch, quiet():
        context = scratch_context()
        store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": scratch}
        site = {"class_name": "SiteBuilder", "store_backend": store}
        context.add_data_docs_site("contracts", site)
        for department in departments:
            for frame in dict.fromkeys(rule.frame for rule in RULES):
                built = suite(contract_of(department), frame)
                built.name = f"{department} {frame}"
                context.suites.add(built)
        context.build_data_docs(site_names=["contracts"])
        return [_offline(page, Path(scratch), target) for page in sorted(Path(scratch).rglob("*.html"))]


def _offline(page: Path, scratch: Path, target: Path) -> Path:
    text = _FETCHING.sub("", page.read_text(encoding="utf-8"))
    written = target / page.relative_to(scratch)
    written.parent.mkdir(parents=True, exist_ok=True)
    written.write_text(text.replace("</head>", f"{_STYLE}</head>", 1), encoding="utf-8")
    return written
