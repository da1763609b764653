{#- The flip: the versions of this select become current, and the ones before them previous; versions that
    this run scored are marked as whole. One transaction. -#}
{% materialization switch, adapter='postgres' %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% call statement('main') -%}
        insert into {{ this }} as current_version (institution, quarter, score_version)
        select institution, quarter, score_version from (
        {{ sql }}
        ) as switched
        on conflict (institution, quarter) do update
            set score_version = excluded.score_version,
                previous_version = current_version.score_version,
                switched_at = now()
            where current_version.score_version <> excluded.score_version
    {%- endcall %}
    {% call statement('mark_as_whole') -%}
        update {{ source('ops', 'score_version') }} as versions
        set scored_at = now()
        from {{ this }} as current_version
        where
            versions.score_version = current_version.score_version
            and versions.scored_at is null
    {%- endcall %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [this]}) }}
{% endmaterialization %}
