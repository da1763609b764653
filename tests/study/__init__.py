"""Twelve made-up quarters of many schools with planted events: whether each is warned of, and how often none was."""
