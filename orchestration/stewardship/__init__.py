"""What persons do about issues, waivers, claims, own rows, points and objections; what gates a publication.

Every act takes an open connection (role pipeline) with the caller's transaction, and the acting person's code.
One act a transaction: each ends by writing to the log, whose writers wait for each other. Known here: neither a
command line nor a page. That nobody decides on what is theirs is a constraint of the database (migration 0008).
"""
