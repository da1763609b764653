"""Publications against their manifests: every file is there and is what it was. Not here: writing either."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from orchestration.publishing.folders import MANIFEST, file_digest


def altered_files(publications: Path) -> Mapping[str, Literal["missing", "altered", "unreadable"]]:
    """Files of any revision below the folder that are not what its `manifest.json` says, by path.

    `unreadable` is a manifest that is none. Files that no manifest names are nobody's claim.
    """
    found: dict[str, Literal["missing", "altered", "unreadable"]] = {}
    for manifest in sorted(publications.rglob(MANIFEST)):
        if manifest.parent.is_symlink():  # `current` leads to a revision that is looked at under its own name
            continue
        try:
            files = json.loads(manifest.read_text(encoding="utf-8"))["files"].items()
        except (ValueError, KeyError, AttributeError, TypeError):
            found[str(manifest)] = "unreadable"
            continue
        for name, told in files:
            path = manifest.parent / name
            if not path.is_file():
                found[str(path)] = "missing"
            elif file_digest(path) != told:
                found[str(path)] = "altered"
    return found
