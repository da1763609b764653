"""Qingyuan's Python: names, orders, gates, moves and draws. No indicator arithmetic (that is dbt's)."""
