"""Warnings: the causes that dbt finds, folded into a ledger of episodes that open, go on and end.

Not here: which rule fires where (dbt's `warnings.cause`), tasks that follow (`stewardship.rectification`).
"""
