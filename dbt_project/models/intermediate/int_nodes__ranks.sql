{{ node_ranks(nodes='int_nodes__colours', subjects='int_subjects', node=['number'], subject=['subject']) }}
