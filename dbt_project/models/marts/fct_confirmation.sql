{#- Decisions, and the colours that still wait for one; who decided is in the log. -#}
with decided as (
    select
        id as confirmation,
        institution,
        period,
        framework,
        subject_kind,
        subject_code,
        band,
        verdict as state,
        pending_since,
        pending_on,
        decided_on,
        reason,
        score_version
    from {{ source('quality', 'confirmation') }}
),

waiting as (
    select
        cast(null as bigint) as confirmation,
        pending.institution,
        pending.period,
        pending.framework,
        pending.subject_kind,
        pending.subject_code,
        pending.band,
        'waiting' as state,
        pending.pending_since,
        pending.pending_on,
        cast(null as date) as decided_on,
        cast(null as text) as reason,
        scores.score_version
    from {{ source('quality', 'confirmation_pending') }} as pending
    inner join {{ ref('fct_indicator_score') }} as scores
        on
            pending.period = scores.quarter
            and pending.institution = scores.institution
            and pending.framework = scores.framework
            and pending.subject_kind = scores.subject_kind
            and pending.subject_code = scores.subject_code
            and pending.band = scores.band_pending
            and scores.level = 0
    where not exists (
        select 1
        from {{ source('quality', 'confirmation') }} as decision
        where
            pending.institution = decision.institution
            and pending.period = decision.period
            and pending.framework = decision.framework
            and pending.subject_kind = decision.subject_kind
            and pending.subject_code = decision.subject_code
            and pending.band = decision.band
            and pending.pending_since <= decision.decided_at
    )
)

select * from decided
union all
select * from waiting
