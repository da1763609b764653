{{ root_bands(
    nodes='int_nodes__bands', bands='int_bands', caps='int_roots__strictest_caps',
    confirmations='int_subjects__confirmed', subject=['subject'], node=['subject', 'number']
) }}
