{{ band_ranges('int_bands') }}
