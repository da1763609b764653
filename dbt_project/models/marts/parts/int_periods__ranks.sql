{{ node_ranks(
    nodes='int_periods__colours', subjects='int_periods__subjects',
    node=['institution', 'period', 'following', 'framework', 'indicator'], key=['institution', 'period', 'following']
) }}
