"""What starts a run because something changed: contracts, the inbox, what scores rest on.

Not here: what the run does (`jobs`), set times (`schedules`).
"""
