"""Access as it was declared: what `warehouse/access` compares with what stands. Owner's alone to write."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table ops.declared_access (
            source text not null check (source in ('migrations', 'dbt')),
            kind text not null check (
                kind in ('grant', 'owner', 'function', 'row_security', 'policy', 'options', 'view', 'code')
            ),                                  -- code: what the notes of the migrations were made from
            object text not null,               -- a relation, `function …`, `schema …` or `default … of …`
            name text not null,                 -- of a role or a policy
            value text not null,                -- as the server reads it back
            primary key (kind, object, name)
        )""")
    op.execute("revoke all on ops.declared_access from pipeline, mart_owner")
    op.execute("grant select on ops.declared_access to pipeline")
