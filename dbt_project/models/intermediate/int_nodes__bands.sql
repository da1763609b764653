{{ node_bands(
    nodes='int_nodes__weights', scope='stg_scope', bands='stg_bands', ranges='int_bands__ranges'
) }}
