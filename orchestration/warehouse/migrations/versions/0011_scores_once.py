"""Scores hold what cannot be derived: an item's share follows from the weight that its point counted.

The weight that counted stands in the node's row, where it also gives the weights of its children.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        alter table scores.indicator_score
            -- that counted below the node: of reported positive items, of scored children
            add column scored_weight double precision""")
    op.execute("""
        update scores.indicator_score as nodes set scored_weight = counted.weight
        from (
            select quarter, score_version, framework, subject_kind, subject_code, point as indicator,
                sum(weight) filter (where state = 'reported') as weight
            from scores.item_score
            group by quarter, score_version, framework, subject_kind, subject_code, point
            union all
            select quarter, score_version, framework, subject_kind, subject_code, parent as indicator,
                sum(weight) filter (where score is not null) as weight
            from scores.indicator_score
            where parent is not null
            group by quarter, score_version, framework, subject_kind, subject_code, parent
        ) as counted
        where
            nodes.quarter = counted.quarter and nodes.score_version = counted.score_version
            and nodes.framework = counted.framework and nodes.subject_kind = counted.subject_kind
            and nodes.subject_code = counted.subject_code and nodes.indicator = counted.indicator""")
    # With it go the views that read it: the next run builds them again.
    op.execute("alter table scores.item_score drop column share cascade")
    op.execute("delete from ops.marts_built")
    # Many rows a key: the index keeps each key once, a tenth of what a key of its own for each row takes.
    op.execute("""
        do $body$ declare
            name regclass;
        begin
            for name in
                select indexrelid from pg_index
                where indrelid in ('scores.item_score'::regclass, 'scores.indicator_score'::regclass)
            loop
                execute format('drop index %s', name);
            end loop;
        end $body$""")
    op.execute("create index on scores.item_score (score_version, subject_code)")
    op.execute("create index on scores.indicator_score (score_version, subject_code)")
    op.execute(ANALYZE_SCOPE)
    op.execute("grant execute on function ops.analyze_scope() to pipeline")


# One version among hundreds looks to the planner like two hundred, until it is told.
ANALYZE_SCOPE = """
    create function ops.analyze_scope() returns void
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $body$
    begin
        analyze ops.scoring_scope, ops.score_version_submission, ops.score_version_decision,
            ops.score_version_confirmation;
    end $body$"""
