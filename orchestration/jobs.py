"""The jobs: named selections of assets.

Not here: when they run (`schedules`), which partition (`cli`, the UI).
"""

from typing import Any

import dagster as dg

QUARTER = "quarter"


def quarter_job() -> Any:
    """Everything for one quarter, or for a range of quarters as one run: extracts, scores, publications."""
    return dg.define_asset_job(
        QUARTER,
        selection=dg.AssetSelection.all(),
        description="Reads what was delivered for a quarter, scores it, draws the heat map.",
    )
