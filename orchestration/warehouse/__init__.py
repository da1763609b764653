"""Postgres: the embedded server, connections by role, migrations, and what several rooms read or write in it.

Not here: arithmetic on indicators (dbt) and Dagster.
"""
