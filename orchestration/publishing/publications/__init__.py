"""Frozen publications: revisions on disk and in the ledger, what changed between two, and the check of both.

Not here: what a diagnosis or a report says (`publishing.diagnosis`, `publishing.annual`), who gets a copy
(`stewardship.distribution`), heat maps.
"""
