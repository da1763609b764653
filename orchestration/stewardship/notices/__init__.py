"""Notices: what is due is written down with what made it due, and told later, through channels that are set up.

`outbox` is for whoever has something to tell. Not here: what is due (`warnings`, `rectification`).
"""
