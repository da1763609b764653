"""The ledger of rectification: tasks opened, mended by the responsible unit, struck off by another.

Every function takes an open connection (role pipeline) with the caller's transaction; `today` is the day in the
office. The database judges each step again and carries it out itself (migration `rectification`). Not here: warnings
and when they open a task (`stewardship.warnings`), commands, marts.
"""
