"""Dagster assets: one file a storey of the graph, from a department's file to the heat map.

Not here: what they do (intake, warehouse, publishing) and when they run (jobs, schedules).
"""
