{{ root_caps(
    caps='stg_colour_caps', bands='int_bands', nodes='int_nodes__bands', graves='int_subjects__grave',
    subject=['subject']
) }}
