"""The returned workbook: a department's own files as one .xlsx, faults marked, listed and linked, with a token.

`give_back.py` is the door. `child.py` and what it imports run in a limited child process and know nothing of the
database: no library opens a department's file here. Not here: taking the workbook back (`intake.receiving`).
"""
