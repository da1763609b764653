"""What the marts of stewardship read, and which version stands beside the current one while cells are contested."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table ops.contested_version (    -- a quarter's scores with the cells that objections keep out
            institution text not null,
            quarter text not null,
            score_version text not null references ops.score_version,
            beside text not null,               -- the current version, which leaves them out
            primary key (institution, quarter)
        )""")
    op.execute("grant update, delete on ops.contested_version to pipeline")
    # What was done to an issue and by which department; neither reasons nor hashes.
    op.execute("grant usage on schema audit to mart_owner")
    op.execute("""
        grant select (number, at, actor, action, institution, quarter, object_kind, object_id)
        on audit.entry to mart_owner""")
    op.execute("grant select on quality.waiver, quality.objection to mart_owner")
    op.execute("alter table quality.objection enable row level security")
    op.execute("create policy pipeline_all on quality.objection to pipeline using (true) with check (true)")
    op.execute("""
        create policy marts_read on quality.objection for select to mart_owner using (
            current_user in ('pipeline', 'owner')
            or not exists (
                select 1 from catalogue.frameworks as frameworks
                where frameworks.code = objection.framework and frameworks.subject_kind = 'office_holder'
            )
        )""")
