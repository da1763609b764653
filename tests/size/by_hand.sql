-- One quarter of one institution, scored by a script that knows its catalogue: the methods, means and caps that the
-- shipped one uses, and no other. What dbt's models are measured against; nobody else runs it.
create schema by_hand;
create view by_hand.scope as
    select versions.*
    from ops.score_version as versions join ops.current_version using (institution, quarter, score_version)
    where quarter = '{quarter}';
set work_mem = '256MB';
set enable_nestloop = off;

-- stage: items
-- filled in the transaction that makes them and indexed afterwards: no row is logged
create table by_hand.item_score (like scores.item_score including constraints);
create table by_hand.indicator_score (like scores.indicator_score including constraints);
alter table by_hand.item_score drop column shelf;
alter table by_hand.indicator_score drop column shelf;
create temp table params as
select
    i.framework, i.code as item, i.point, i.polarity, i.method, i.target, i.max_deduction, i.deduct_per_case, i.grave,
    i.department, k.subject_kind, k.kind, coalesce(o.target, i.target) as own_target,
    case when i.polarity = 'positive' then coalesce(o.weight, i.weight, 1) end as weight,
    i.method = 'ratio' or (i.method = 'banded' and exists (
        select from catalogue.extract_columns as c
        where c.catalogue_hash = i.catalogue_hash and c.item = i.code and c.role = 'denominator')) as is_pair,
    s.score_version, s.institution, s.quarter, s.catalogue_hash
from by_hand.scope as s
join catalogue.items as i using (catalogue_hash)
join catalogue.frameworks as f on f.catalogue_hash = s.catalogue_hash and f.code = i.framework
join (
    select distinct 'unit' as subject_kind, kind, catalogue_hash from catalogue.units
    union select distinct 'office_holder', post_level, catalogue_hash from catalogue.posts
) as k on k.catalogue_hash = s.catalogue_hash and k.subject_kind = f.subject_kind
    and coalesce(i.applies_to, 'all') in ('all', k.kind)
left join catalogue.item_overrides as o
    on o.catalogue_hash = s.catalogue_hash and o.institution = s.institution and o.item = i.code
    and o.applies_to = k.kind;
create temp table subjects as
select 'unit' as subject_kind, code as subject_code, kind, coalesce(weight, 1) as weight
from catalogue.units join by_hand.scope using (catalogue_hash, institution)
union all
select 'office_holder', code, post_level, null from catalogue.posts join by_hand.scope using (catalogue_hash, institution);
create temp table steps as
select
    item, lag(upper_bound) over w as above, upper_bound, score,
    min(score) over (partition by item) as lowest, max(score) over (partition by item) as highest
from catalogue.item_steps join by_hand.scope using (catalogue_hash)
window w as (partition by item order by upper_bound nulls last);
analyze params, subjects, steps;
insert into by_hand.item_score
select
    score_version, institution, quarter, framework, subject_kind, subject_code, item, point, department, state, reason,
    x, b, score, deduction, weight,
    case when state = 'reported' then score when state = 'not_applicable' or weight is null then null
        when method = 'banded' then lowest else 0 end,
    case when state = 'reported' then score when state = 'not_applicable' or weight is null then null
        when method = 'banded' then highest else 100 end,
    case when state = 'reported' then deduction when state <> 'not_applicable' and weight is null then 0 end,
    case when state = 'reported' then deduction when state <> 'not_applicable' and weight is null
        then coalesce(max_deduction, 'infinity') end,
    grave and state = 'reported' and x > coalesce(own_target, 0),
    source_file, source_sheet, source_cell, denominator_cell, submission
from (
    select
        cells.*,
        case
            when state <> 'reported' then null
            when method = 'ratio' then case
                when 100 * (100 * x / nullif(b, 0)) / coalesce(own_target, 100) > 100 then 100
                else 100 * (100 * x / nullif(b, 0)) / coalesce(own_target, 100) end
            when method = 'count_ratio' then case when x > b then 100 else 100 * x / nullif(b, 0) end
            when method = 'boolean' then case when x = 1 then 100 else 0 end
            when method = 'banded' then s.score
        end as score,
        case when state = 'reported' and method = 'count_deduct' then case
            when deduct_per_case * case when x > coalesce(own_target, 0) then x - coalesce(own_target, 0) else 0 end
                > coalesce(max_deduction, 'infinity') then max_deduction
            else deduct_per_case * case when x > coalesce(own_target, 0) then x - coalesce(own_target, 0) else 0 end
        end end as deduction,
        e.lowest, e.highest
    from (
        select
            reasoned.*,
            case
                when reason is null then 'reported' when reason in ('nothing_due', 'zero_denominator') then 'not_applicable'
                when reason = 'under_review' then 'under_review' else 'missing'
            end as state
        from (
            select
                r.*,
                case
                    when decision = 'not_applicable' then 'nothing_due'
                    when method = 'count_ratio' and b = 0 then 'zero_denominator'
                    when is_pair and b = 0 and coalesce(x, 0) = 0
                        and coalesce(state_reason, 'blank') in ('blank', 'half_pair') then 'zero_denominator'
                    when not is_received then 'not_received'
                    when state_reason is not null then state_reason
                    when x is null and is_pair and b is not null then 'half_pair'
                    when x is null then 'blank'
                    when is_pair and b is null then 'half_pair'
                    when is_pair and b = 0 then 'quarantined'
                    when method = 'count_ratio' and b is null then 'no_denominator'
                    when decision = 'under_review' then 'under_review'
                end as reason
            from (
                select
                    p.*, u.subject_code, o.value as x,
                    case when p.method = 'count_ratio' then coalesce(o.denominator, p.own_target) else o.denominator end as b,
                    o.item is not null as is_received, o.state_reason, d.decision, o.submission, o.source_file,
                    o.source_sheet, o.source_cell, o.denominator_cell
                from subjects as u
                join params as p on p.subject_kind = u.subject_kind and p.kind = u.kind
                left join (
                    select observation.* from raw.observation
                    join ops.score_version_submission as pinned using (submission)
                    where quarter = '{quarter}' and score_version = (select score_version from by_hand.scope)
                ) as o
                    on o.subject_code = u.subject_code and o.item = p.item and o.framework = p.framework
                    and o.subject_kind = u.subject_kind and o.department = p.department
                left join ops.score_version_decision as d
                    on d.score_version = p.score_version and d.subject_code = u.subject_code and d.item = p.item
                    and d.framework = p.framework
            ) as r
        ) as reasoned
    ) as cells
    left join steps as s
        on s.item = cells.item and method = 'banded' and state = 'reported'
        and (above is null or case when is_pair then round((100 * x / nullif(b, 0))::numeric, 9)::float8 else x end > above)
        and (upper_bound is null
            or case when is_pair then round((100 * x / nullif(b, 0))::numeric, 9)::float8 else x end <= upper_bound)
    left join (select distinct item, lowest, highest from steps) as e on e.item = cells.item
) as scored;

-- stage: points
create temp table points as
select
    framework, subject_kind, subject_code, point as indicator,
    case when reported > 0 then case when deduction = 0 then start
        when start is not null
        then least(greatest(start - deduction, 0), 100) end end as score,
    case when applicable > 0 then case when deduction_high = 0 then start_low
        when start_low is not null
        then least(greatest(start_low - deduction_high, 0), 100) end end as score_low,
    case when applicable > 0 then case when deduction_low = 0 then start_high
        when start_high is not null
        then least(greatest(start_high - deduction_low, 0), 100) end end as score_high,
    reported::float8 / nullif(applicable, 0) as coverage,
    case when applicable = 0 then null when positive = 0 then 1::float8 else 0 end as nothing_due_share,
    start, deduction, scored_weight
from (
    select
        framework, subject_kind, subject_code, point,
        count(*) filter (where state <> 'not_applicable') as applicable,
        count(*) filter (where state <> 'not_applicable' and weight is not null) as positive,
        count(*) filter (where state = 'reported') as reported,
        case when count(*) filter (where state <> 'not_applicable' and weight is not null) = 0 then 100
            else sum(weight * score) / nullif(sum(weight) filter (where state = 'reported'), 0) end as start,
        case when count(*) filter (where state <> 'not_applicable' and weight is not null) = 0 then 100
            else sum(weight * score_low) / nullif(sum(weight) filter (where state <> 'not_applicable'), 0) end as start_low,
        case when count(*) filter (where state <> 'not_applicable' and weight is not null) = 0 then 100
            else sum(weight * score_high) / nullif(sum(weight) filter (where state <> 'not_applicable'), 0) end as start_high,
        sum(weight) filter (where state = 'reported') as scored_weight,
        coalesce(sum(deduction), 0) as deduction,
        coalesce(sum(deduction_low), 0) as deduction_low,
        coalesce(sum(deduction_high), 0) as deduction_high
    from by_hand.item_score
    group by subject_code, point, subject_kind, framework
) as sums;
insert into points
select
    framework, 'institution', (select institution from by_hand.scope), indicator,
    sum(weight * score) / nullif(sum(weight) filter (where score is not null), 0),
    sum(weight * score_low) / nullif(sum(weight) filter (where score_low is not null), 0),
    sum(weight * score_high) / nullif(sum(weight) filter (where score_high is not null), 0),
    sum(weight * coverage) / nullif(sum(weight) filter (where coverage is not null), 0),
    sum(weight * nothing_due_share) / nullif(sum(weight) filter (where nothing_due_share is not null), 0),
    null, null, null
from points join subjects using (subject_kind, subject_code)
where subject_kind = 'unit'
group by framework, indicator;
insert into subjects select 'institution', institution, null, null from by_hand.scope;

-- stage: levels
create temp table tree as
select i.* from catalogue.indicators as i join by_hand.scope using (catalogue_hash);
create temp table nodes (
    framework text, subject_kind text, subject_code text, indicator text, level int, parent text, weight float8,
    score float8, score_low float8, score_high float8, coverage float8, nothing_due_share float8,
    scored_weight float8, clip_adjustment float8
);
insert into nodes
select
    t.framework, s.subject_kind, s.subject_code, t.code, t.level, t.parent, t.weight,
    p.score, p.score_low, p.score_high, p.coverage, p.nothing_due_share, p.scored_weight, p.score - (p.start - p.deduction)
from subjects as s
join catalogue.frameworks as f
    on f.catalogue_hash = (select catalogue_hash from by_hand.scope)
    and (f.subject_kind = s.subject_kind or (f.subject_kind = 'unit' and s.subject_kind = 'institution'))
join tree as t on t.framework = f.code
left join points as p on p.subject_code = s.subject_code and p.indicator = t.code
    and p.subject_kind = s.subject_kind and p.framework = t.framework
where not exists (select from tree as c where c.framework = t.framework and c.parent = t.code);
do $$ begin
    for above in reverse 3..0 loop
        insert into nodes
        select
            n.framework, n.subject_kind, n.subject_code, t.code, t.level, t.parent, t.weight,
            n.score, n.score_low, n.score_high, n.coverage, n.nothing_due_share, n.scored_weight, null
        from (
            select
                framework, subject_kind, subject_code, parent,
                sum(weight * score) / nullif(sum(weight) filter (where score is not null), 0) as score,
                sum(weight * score_low) / nullif(sum(weight) filter (where score_low is not null), 0) as score_low,
                sum(weight * score_high) / nullif(sum(weight) filter (where score_high is not null), 0) as score_high,
                sum(weight * coverage) / nullif(sum(weight) filter (where coverage is not null), 0) as coverage,
                sum(weight * nothing_due_share)
                    / nullif(sum(weight) filter (where nothing_due_share is not null), 0) as nothing_due_share,
                sum(weight) filter (where score is not null) as scored_weight
            from nodes
            where level = above + 1
            group by subject_code, parent, subject_kind, framework
        ) as n
        join tree as t on t.framework = n.framework and t.code = n.parent;
    end loop;
end $$;

-- stage: weights
create temp table weighted (
    framework text, subject_kind text, subject_code text, indicator text, level int, parent text, weight float8,
    score float8, score_low float8, score_high float8, coverage float8, nothing_due_share float8,
    scored_weight float8, clip_adjustment float8, effective_weight float8
);
insert into weighted select *, case when score is null then 0 else 1 end from nodes where level = 0;
do $$ begin
    for below in 1..4 loop
        insert into weighted
        select n.*, case when n.score is null then 0
            else coalesce(p.effective_weight * n.weight / nullif(p.scored_weight, 0), 0) end
        from nodes as n
        join weighted as p on p.level = below - 1 and p.subject_code = n.subject_code and p.indicator = n.parent
            and p.subject_kind = n.subject_kind and p.framework = n.framework
        where n.level = below;
    end loop;
end $$;
drop table nodes;

-- stage: colours, ranks and rows
create temp table colours as
select
    code, rank, alarm, min_score, lead(code) over w as worse, lag(code) over w as better,
    lag(code) over w is null as is_best, lead(code) over w is null as is_worst,
    case when lead(code) over w is null then '-infinity' else min_score end as from_score,
    coalesce(lag(min_score) over w, 'infinity') as below
from catalogue.bands join by_hand.scope using (catalogue_hash) where min_score is not null
window w as (order by rank);
create temp table banded as
select
    n.*,
    case when is_grey then grey.code else s.code end as band_by_score,
    case when is_grey then case when h.alarm then h.code else grey.code end
        when s.is_best and l.alarm then coalesce(s.worse, s.code) else s.code end as band,
    coalesce(s.code = l.code and s.code = h.code, false) as is_certain
from (
    select
        w.*,
        round(score::numeric, 6)::float8 as r, round(score_low::numeric, 6)::float8 as r_low,
        round(score_high::numeric, 6)::float8 as r_high,
        score is null or round(coverage::numeric, 6) < (select min_coverage from by_hand.scope)
            or round(nothing_due_share::numeric, 6) > 0.5 as is_grey
    from weighted as w
    where subject_kind <> 'office_holder'
    offset 0
) as n
cross join (
    select code from catalogue.bands join by_hand.scope using (catalogue_hash) where min_score is null
) as grey
left join colours as s on r >= s.from_score and r < s.below
left join colours as l on r_low >= l.from_score and r_low < l.below
left join colours as h on r_high >= h.from_score and r_high < h.below;
create temp table caps as
select
    c.*, a.rank as cap_rank, t.rank as trigger_rank
from catalogue.colour_caps as c join by_hand.scope using (catalogue_hash)
join colours as a on a.code = c.at_most_band
left join colours as t on t.code = c.when_band;
create temp table hits as
select distinct framework, subject_kind, subject_code, c.code, c.at_most_band, c.cap_rank, c.needs_confirmation
from banded as b
join colours as k on k.code = b.band_by_score
join caps as c using (framework)
where c."when" = 'node' and c.when_level = b.level and k.rank >= c.trigger_rank
union
select distinct framework, subject_kind, subject_code, c.code, c.at_most_band, c.cap_rank, c.needs_confirmation
from by_hand.item_score as i join caps as c using (framework)
where i.is_grave_case and c."when" = 'grave_item';
create temp table roots as
select
    framework, subject_kind, subject_code, full_band,
    case when confirmed then full_band when w.better is not null then w.better else machine_band end as band,
    case when confirmed then full_cause when w.better is not null then 'confirmation' else machine_cause end as band_cause
from (
    select
        b.framework, b.subject_kind, b.subject_code,
        case when h.cap_rank > k.rank then h.at_most_band else b.band end as full_band,
        case when h.cap_rank > k.rank then h.code when b.band <> b.band_by_score then 'bound' end as full_cause,
        case when m.cap_rank > k.rank then m.at_most_band else b.band end as machine_band,
        case when m.cap_rank > k.rank then m.code when b.band <> b.band_by_score then 'bound' end as machine_cause,
        exists (
            select from ops.score_version_confirmation as c
            where c.score_version = (select score_version from by_hand.scope) and c.framework = b.framework
                and c.subject_code = b.subject_code
                and c.band = case when h.cap_rank > k.rank then h.at_most_band else b.band end
        ) as confirmed
    from banded as b
    left join colours as k on k.code = b.band
    left join (
        select distinct on (subject_code, subject_kind, framework) * from hits
        order by subject_code, subject_kind, framework, cap_rank desc, code
    ) as h using (framework, subject_kind, subject_code)
    left join (
        select distinct on (subject_code, subject_kind, framework) * from hits where not needs_confirmation
        order by subject_code, subject_kind, framework, cap_rank desc, code
    ) as m using (framework, subject_kind, subject_code)
    where b.level = 0
) as capped
left join colours as w on w.code = machine_band and w.is_worst;
insert into by_hand.indicator_score (
    score_version, catalogue_hash, institution, quarter, framework, subject_kind, subject_code, indicator, level, parent,
    score, score_low, score_high, is_certain, coverage, nothing_due_share, weight, effective_weight, scored_weight, contribution,
    is_contribution_exact, clip_adjustment, band, band_by_score, band_cause, band_pending, rank_in_kind, provisional
)
select
    s.score_version, s.catalogue_hash, s.institution, s.quarter, framework, subject_kind, subject_code, indicator, level,
    parent, score, score_low, score_high, is_certain, coverage, nothing_due_share, weight, effective_weight, scored_weight,
    effective_weight * score, true, clip_adjustment, band, band_by_score, band_cause, band_pending,
    case when subject_kind = 'unit' and score is not null and min_score is not null
        then rank() over (partition by indicator, kind, framework, subject_kind, min_score is null order by r desc nulls last)
    end,
    s.provisional
from (
    select
        b.framework, b.subject_kind, b.subject_code, b.indicator, b.level, b.parent, b.score, b.score_low, b.score_high,
        b.is_certain, b.coverage, b.nothing_due_share, b.weight, b.effective_weight, b.scored_weight, b.clip_adjustment, b.band_by_score, b.r,
        case when r.band is not null then r.band else b.band end as band,
        case when r.band is not null then r.band_cause when b.band <> b.band_by_score then 'bound' end as band_cause,
        case when r.full_band <> r.band then r.full_band end as band_pending,
        u.kind, k.min_score
    from banded as b
    left join roots as r
        on r.subject_code = b.subject_code and r.framework = b.framework and r.subject_kind = b.subject_kind and b.level = 0
    left join colours as k on k.code = coalesce(r.band, b.band)
    join subjects as u on u.subject_code = b.subject_code and u.subject_kind = b.subject_kind
    union all
    select
        framework, subject_kind, subject_code, indicator, level, parent, score, score_low, score_high, null, coverage,
        nothing_due_share, weight, effective_weight, scored_weight, clip_adjustment, null, null, null, null, null, null, null
    from weighted where subject_kind = 'office_holder'
) as n
cross join by_hand.scope as s;

-- stage: indexes
create index on by_hand.item_score (subject_code);
create index on by_hand.indicator_score (subject_code);
