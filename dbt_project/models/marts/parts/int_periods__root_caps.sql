{{ root_caps(
    caps='int_periods__caps', bands='int_periods__bands', nodes='int_periods__node_bands',
    graves='int_periods__graves', key=['institution', 'period', 'following']
) }}
