"""The scores: rows under a score version, written once by dbt (`versioned` models), never updated."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table scores.item_score (
            score_version text not null,
            institution text not null,
            quarter text not null,
            framework text not null,
            subject_kind text not null,
            subject_code text not null,
            item text not null,
            point text not null,
            department text not null,
            state text not null check (state in ('reported', 'missing', 'under_review', 'not_applicable')),
            state_reason text,
            value double precision,
            denominator double precision,
            score double precision,             -- of a positive item, 0..100
            deduction double precision,         -- of a negative item, >= 0
            weight double precision,            -- as in the catalogue, overrides applied; null: negative item
            share double precision not null,    -- of its point's weight, renormalised; 0: not counted
            score_low double precision,
            score_high double precision,
            deduction_low double precision,
            deduction_high double precision,
            is_grave_case boolean not null,
            source_file text,
            source_sheet text,
            source_cell text,
            denominator_cell text,
            submission bigint
        ) partition by list (quarter)""")
    op.execute("create index on scores.item_score (score_version, framework, subject_code, point)")
    op.execute("""
        create table scores.indicator_score (
            score_version text not null,
            catalogue_hash text not null,
            institution text not null,
            quarter text not null,
            framework text not null,
            subject_kind text not null,
            subject_code text not null,
            indicator text not null,
            level integer not null,
            parent text,
            score double precision,
            score_low double precision,
            score_high double precision,
            is_certain boolean,
            coverage double precision,
            nothing_due_share double precision,
            weight double precision,
            effective_weight double precision not null,
            contribution double precision,
            is_contribution_exact boolean not null,
            clip_adjustment double precision,
            band text,
            band_by_score text,
            band_cause text,
            band_pending text,
            rank_in_kind integer,
            provisional boolean not null
        ) partition by list (quarter)""")
    op.execute("create index on scores.indicator_score (score_version, framework, subject_code, indicator)")
    for table in ("item_score", "indicator_score"):
        op.execute(f"grant delete on scores.{table} to pipeline")
        op.execute(f"alter table scores.{table} enable row level security")
        op.execute(f"create policy pipeline_all on scores.{table} to pipeline using (true) with check (true)")
        # Inside a view of mart_owner `current_user` is the caller: office-holders' rows are for no BI role.
        op.execute(
            f"create policy marts_read on scores.{table} for select to mart_owner using "
            "(subject_kind <> 'office_holder' or current_user in ('pipeline', 'owner'))"
        )
