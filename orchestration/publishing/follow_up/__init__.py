"""Warnings and the tasks that follow from them as publications show them: rows of marts, who reads which, words.

Not here: pages (`heat_map`, `warning_board`), documents (`diagnosis`, `annual`), the ledgers themselves.
"""
