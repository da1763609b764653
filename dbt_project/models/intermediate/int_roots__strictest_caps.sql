{{ strictest_caps('int_roots__caps', subject=['subject']) }}
