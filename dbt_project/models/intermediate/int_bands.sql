{{ bands_in_order('stg_bands') }}
