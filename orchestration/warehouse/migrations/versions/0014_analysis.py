"""What numpy found in a version's scores: written whole under the score version, gone with it."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Of one subject each; the key of every row begins with these.
SUBJECT = """
    score_version text not null references ops.score_version on delete cascade,
    institution text not null,
    quarter text not null,
    framework text not null,
    subject_kind text not null,
    subject_code text not null,"""
TABLES = {
    "score_change": f"""{SUBJECT}
        indicator text not null,
        previous_quarter text not null,
        score double precision,
        previous_score double precision,
        change double precision,            -- null where either end is
        data double precision,              -- the four sum to change
        weights double precision,
        catalogue double precision,
        coverage double precision,
        previous_version text not null,
        primary key (score_version, framework, subject_kind, subject_code, indicator)""",
    "robustness": f"""{SUBJECT}
        indicator text not null,
        band text not null,
        probability double precision not null,  -- of the draws; a node's colours sum to 1
        rank_p05 double precision,              -- null: not ranked
        rank_p95 double precision,
        draws integer not null,
        seed bigint not null,
        primary key (score_version, framework, subject_kind, subject_code, indicator, band)""",
    "leverage": f"""{SUBJECT}
        target_band text not null,
        item text,                          -- null: no reported item lifts the root so far
        step integer not null,              -- from 1, the largest gain first; 0: unreachable
        gain double precision,              -- of the item alone
        gain_total double precision,        -- of all of the subject's items together
        is_minimal boolean not null,
        is_reachable boolean not null,
        score_after double precision not null,
        band_after text not null,           -- before confirmation
        primary key (score_version, framework, subject_kind, subject_code, step)""",
    "lost_points": f"""{SUBJECT}
        dimension text not null check (dimension in ('item', 'department', 'theme')),
        code text not null,
        lost_points double precision not null,
        share double precision not null,    -- of what the subject lost
        loss_rank integer not null,
        cumulative_share double precision not null,
        primary key (score_version, framework, subject_kind, subject_code, dimension, code)""",
    "peer_gap": f"""{SUBJECT}
        indicator text not null,
        unit_kind text not null,
        units integer not null,             -- of the kind, with a score that is not grey
        score double precision not null,
        kind_median double precision not null,
        gap double precision not null,
        is_strength boolean not null,
        is_weakness boolean not null,
        primary key (score_version, framework, subject_kind, subject_code, indicator)""",
    "item_flag": """
        score_version text not null references ops.score_version on delete cascade,
        institution text not null,
        quarter text not null,
        framework text not null,
        item text not null,
        flag text not null check (flag in ('saturated', 'redundant', 'weight_gap')),
        other_item text not null default '',    -- blank but for a pair
        statistic double precision not null,
        low double precision,
        high double precision,
        nominal_weight double precision,
        effective_weight double precision,
        draws integer not null,
        seed bigint not null,
        units integer not null,
        primary key (score_version, framework, item, flag, other_item)""",
}
FOR_OFFICE = "current_user in ('pipeline', 'owner')"


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"create table scores.{table} ({columns})")
        op.execute(f"grant delete on scores.{table} to pipeline")
        op.execute(f"alter table scores.{table} enable row level security")
        op.execute(f"create policy pipeline_all on scores.{table} to pipeline using (true) with check (true)")
        # As in 0006: office-holders' rows are for no BI role. Flags on items are for the method board alone.
        readable = FOR_OFFICE if table == "item_flag" else f"subject_kind <> 'office_holder' or {FOR_OFFICE}"
        op.execute(f"create policy marts_read on scores.{table} for select to mart_owner using ({readable})")
