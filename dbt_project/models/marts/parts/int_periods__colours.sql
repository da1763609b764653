{{ node_colours(
    nodes='int_periods__node_bands', roots='int_periods__root_bands', key=['institution', 'period', 'following']
) }}
