{{ node_bands(
    nodes='int_periods__tree', scope='int_periods', bands='int_periods__catalogue_bands',
    ranges='int_periods__ranges', key=['institution', 'period', 'following'], is_fenced=false
) }}
