{#- Far below the median of its kind by the median absolute deviation (MAD), which outliers do not move; times
    1.4826 it is a standard deviation. Grey units take no part; five make a kind. -#}
with

peers as (

    select
        nodes.*,
        units.kind as unit_kind
    from {{ ref('int_warnings__nodes') }} as nodes
    inner join {{ source('catalogue', 'units') }} as units
        on
            nodes.catalogue_hash = units.catalogue_hash
            and nodes.institution = units.institution
            and nodes.unit = units.code
    where nodes.kind = 'outlier' and nodes.rank is not null

),

medians as (

    select
        institution,
        quarter,
        rule,
        framework,
        indicator,
        unit_kind,
        percentile_cont(0.5) within group (order by score) as median
    from peers
    group by institution, quarter, rule, framework, indicator, unit_kind
    having count(*) >= 5

),

gaps as (

    select
        peers.*,
        medians.median - peers.score as gap
    from peers
    inner join medians
        on
            peers.institution = medians.institution
            and peers.quarter = medians.quarter
            and peers.rule = medians.rule
            and peers.framework = medians.framework
            and peers.indicator = medians.indicator
            and peers.unit_kind = medians.unit_kind

),

spreads as (

    select
        institution,
        quarter,
        rule,
        framework,
        indicator,
        unit_kind,
        1.4826 * percentile_cont(0.5) within group (order by abs(gap)) as deviation
    from gaps
    group by institution, quarter, rule, framework, indicator, unit_kind

)

select {{ cause_of_node('nodes.gap / nullif(spreads.deviation, 0)') }}
from gaps as nodes
inner join spreads
    on
        nodes.institution = spreads.institution
        and nodes.quarter = spreads.quarter
        and nodes.rule = spreads.rule
        and nodes.framework = spreads.framework
        and nodes.indicator = spreads.indicator
        and nodes.unit_kind = spreads.unit_kind
where
    {{ rounded('spreads.deviation') }} > 0
    and {{ rounded('(nodes.gap / nullif(spreads.deviation, 0))') }} > nodes.threshold
