"""Blank workbooks for departments: their own items, units or posts filled in, ready for the reader.

`plan` says what stands on them, `words` how it is said, the others draw it. Not here: reading a filled one.
"""
