{{ root_bands(
    nodes='int_periods__node_bands', bands='int_periods__bands', caps='int_periods__strictest_caps',
    confirmations='int_periods__confirmations', key=['institution', 'period', 'following']
) }}
