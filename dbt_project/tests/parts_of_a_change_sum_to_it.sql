{{ config(tags=['analysis']) }}

select * from {{ ref('fct_score_change') }}
where
    abs(data + weights + catalogue + coverage - change) > 1e-9
    or (change is null) <> (data is null or weights is null or catalogue is null or coverage is null)
    or (change is null) <> (score is null or previous_score is null)
    or abs(score - previous_score - change) > 1e-9
