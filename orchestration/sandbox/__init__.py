"""Where a stranger's file is opened: a limited child process, and what a file must pass before a library sees it.

`process.py` starts and watches a child, `child.py` is what runs inside it, `wire.py` the pipe between them;
`kinds.py`, `archive.py`, `markup.py`, `extent.py` and `records.py` refuse what means harm. The children import
the standard library, openpyxl and xlrd only. Not here: what a child does with a file (`intake.reading`,
`stewardship.returning`).
"""
