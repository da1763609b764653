"""The shipped catalogue with four units left: every tree, item and department, and documents in a few seconds."""

import csv
from pathlib import Path

KEPT = ("C05", "C07", "F01", "F02")
# Columns that name a unit; in those of the second kind the row stays and names none.
NAMING = ("unit", "owner_unit")
BLANKED = ("lead_unit",)


def few_units(shipped: Path, folder: Path) -> Path:
    """Write the catalogue into `folder`, which is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    gone = {row["code"] for row in _rows(shipped / "units.csv")[1]} - set(KEPT)
    for path in sorted(shipped.glob("*.csv")):
        head, rows = _rows(path)
        left = [
            {name: "" if name in BLANKED and cell in gone else cell for name, cell in row.items()}
            for row in rows
            if not any(row.get(name) in gone for name in (*NAMING, "applies_to"))
            and not (path.stem in ("units", "key_tasks") and {row.get("code"), row.get("lead_unit")} & gone)
        ]
        with (folder / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, head, lineterminator="\n")
            writer.writeheader()
            writer.writerows(left)
    return folder


def _rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    reader = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    return list(reader.fieldnames or ()), list(reader)
