"""One delivered file → tables of cells, in a child process that a hostile file may break.

`Reader` (reader.py) is the door, `reading_spec` (spec.py) says what to look for. Everything else runs in the
child and imports the standard library, openpyxl and xlrd only. Not here: judging, landing, the database.
"""
