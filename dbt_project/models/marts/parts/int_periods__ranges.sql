{{ band_ranges('int_periods__bands', ['institution', 'period', 'following']) }}
