"""Addresses of cells. Not here: cells."""


def address(row: int, column: int) -> str:
    """`F17`; rows and columns count from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
