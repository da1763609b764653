"""What the scored tree says when it is asked again: numpy over scores that dbt wrote, pure functions and their rows.

Not here: scoring (dbt), words and pages (`publishing`), when it runs (`assets`).
"""
