{{ node_colours(nodes='int_nodes__bands', roots='int_roots__bands', node=['subject', 'number']) }}
