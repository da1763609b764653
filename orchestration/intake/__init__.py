"""From what departments deliver to accepted observations: inbox, reading, judging, landing, issues.

`inbox.find_deliveries` and `sources.find_sources` say what is there; `receive.receive` takes it in. Not here:
the rules (`expectations`), scoring (dbt), what stewards do with issues.
"""
