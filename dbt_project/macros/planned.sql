{#- The hook before each: keys of four columns look like one row to the planner, and it loops or sorts: 3 s instead
    of 0.06. The memory is taken where there is something to put in it: a school's quarter needs a hundredth of it. -#}
{% macro planned() -%}
    set local enable_nestloop = off;
    set local enable_mergejoin = off;
    set local enable_sort = off;
    set local work_mem = '256MB';
    set local hash_mem_multiplier = 4
{%- endmacro %}
