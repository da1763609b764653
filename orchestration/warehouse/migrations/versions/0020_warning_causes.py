"""Where warnings are found: the schema of the view `warnings.cause`, and which quarters and rules it looks at.

Both tables are filled and emptied within one transaction (`warehouse/warning_scope.py`), so they have no keys: two
transactions that looked at the same quarter would wait for each other.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create schema warnings")
    # dbt makes the view, owned by mart_owner; no role that reads from outside has any business here.
    op.execute("grant usage, create on schema warnings to mart_owner")
    op.execute("grant usage on schema warnings to pipeline")
    op.execute("""
        create table ops.warning_scope (
            institution text not null,
            quarter text not null,
            today date not null,
            closes_on date not null,            -- when the quarter is scored; what is owed is due before
            near_close_on date not null         -- from here on gaps in the data are warned of
        )""")
    op.execute("""
        create table ops.warning_rule (         -- rows of warning_rules.csv valid in the quarter
            quarter text not null,
            code text not null,
            kind text not null,
            framework text,                     -- null: every framework over units
            level integer not null,
            threshold double precision,
            quarters integer,
            severity text                       -- null: the colour that the node has
        )""")
    for table in ("warning_scope", "warning_rule"):
        op.execute(f"grant delete on ops.{table} to pipeline")
