"""Floor 0: what a quarter, a catalogue and a delivery are. Pure: standard library and pydantic.

Not here: reading files, the database, Dagster, pandas.
"""
