"""The catalogue as it was valid in a scored quarter: one table a CSV file, under `catalogue_hash`.

Columns are those of scoring.md section 2; blank is null. Rows are written once and never changed.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT, NUMBER, WHOLE, FLAG = "text", "double precision", "integer", "boolean not null default false"
VALIDITY = {"valid_from": TEXT, "valid_to": TEXT}
NAMES = {"name_zh": TEXT, "name_en": TEXT}
TABLES: dict[str, dict[str, str]] = {
    "institutions": {"code": TEXT, **NAMES},
    "frameworks": {"code": TEXT, "subject_kind": TEXT, **NAMES, "sort": WHOLE},
    "departments": {"code": TEXT, **NAMES, "sort": WHOLE},
    "units": {
        "institution": TEXT, "code": TEXT, **NAMES, "kind": TEXT, "weight": NUMBER, "reports_as": TEXT,
        "sort": WHOLE, **VALIDITY,
    },
    "unit_aliases": {"institution": TEXT, "alias": TEXT, "unit": TEXT},
    "posts": {"institution": TEXT, "code": TEXT, **NAMES, "post_level": TEXT, "unit": TEXT, **VALIDITY},
    "portfolios": {"institution": TEXT, "post": TEXT, "unit": TEXT, "indicator": TEXT, **VALIDITY},
    "indicators": {
        "framework": TEXT, "code": TEXT, "parent": TEXT, "level": WHOLE, **NAMES, "weight": NUMBER,
        "aggregation": TEXT, "lead_unit": TEXT, "sort": WHOLE, **VALIDITY,
    },
    "items": {
        "framework": TEXT, "code": TEXT, "point": TEXT, "polarity": TEXT, **NAMES, "unit_of_measure": TEXT,
        "method": TEXT, "direction": WHOLE, "target": NUMBER, "lower": NUMBER, "upper": NUMBER,
        "floor": NUMBER, "weight": NUMBER, "deduct_per_case": NUMBER, "max_deduction": NUMBER, "grave": FLAG,
        "applies_to": TEXT, "department": TEXT, "definition": TEXT, "source_system": TEXT, **VALIDITY,
    },
    "item_steps": {"item": TEXT, "upper_bound": NUMBER, "score": NUMBER, **VALIDITY},
    "item_overrides": {
        "institution": TEXT, "item": TEXT, "applies_to": TEXT, "target": NUMBER, "weight": NUMBER, **VALIDITY,
    },
    "extract_columns": {"department": TEXT, "header": TEXT, "item": TEXT, "role": TEXT, **VALIDITY},
    "bands": {
        "code": TEXT, "rank": WHOLE, "alarm": FLAG, **NAMES, "colour_zh": TEXT, "min_score": NUMBER,
        "hex": TEXT, "mark": TEXT, "action_zh": TEXT, "action_en": TEXT, "deadline_workdays": WHOLE,
        **VALIDITY,
    },
    "colour_caps": {
        "code": TEXT, "framework": TEXT, '"when"': TEXT, "when_level": WHOLE, "when_band": TEXT,
        "at_most_band": TEXT, "needs_confirmation": FLAG, **VALIDITY,
    },
}


def upgrade() -> None:
    op.execute("""
        create table catalogue.version (
            catalogue_hash text primary key,
            loaded_at timestamptz not null default now()
        )""")
    for table, columns in TABLES.items():
        body = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        key = "catalogue_hash text not null references catalogue.version"
        op.execute(f"create table catalogue.{table} ({key}, {body})")
        op.execute(f"create index on catalogue.{table} (catalogue_hash)")
