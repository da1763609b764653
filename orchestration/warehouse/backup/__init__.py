"""A backup: one file that holds the database and what was published, and a server made from it again.

Not here: copies of passwords. They are no part of a backup; a restore gives logins their passwords anew.
"""
