{{ bands_in_order('int_periods__catalogue_bands', ['institution', 'period', 'following']) }}
