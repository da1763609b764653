{{ strictest_caps('int_periods__root_caps', ['institution', 'period', 'following']) }}
