"""Which formulas of a department's workbook are harmless enough to go back to it as formulas.

Arithmetic, cells of the same workbook and plain functions. All else (other files, links, data exchange, names,
arrays, functions that fetch or that build addresses) goes back as its stored value. Not here: writing cells.
"""

import re
from collections.abc import Collection

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

_LONGEST = 1_000  # characters
_CELLS = re.compile(r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(:\$?[A-Za-z]{1,3}\$?[0-9]{1,7})?")
_SHEET = re.compile(r"(?:'(?P<quoted>(?:[^'\[\]]|'')+)'|(?P<plain>[^'!\[\]|\s]+))!(?P<cells>.+)")
# fmt: off
_PLAIN = frozenset((
    "SUM", "ROUND", "ROUNDUP", "ROUNDDOWN", "INT", "ABS", "MOD", "PRODUCT", "QUOTIENT", "AVERAGE", "MIN", "MAX",
    "MEDIAN", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "SUMIF", "SUMIFS", "SUMPRODUCT", "IF",
    "IFERROR", "AND", "OR", "NOT", "ISBLANK", "ISNUMBER", "ISERROR", "TRUE", "FALSE",
))
# fmt: on
_HARMLESS = {Token.OP_IN, Token.OP_PRE, Token.OP_POST, Token.SEP, Token.PAREN, Token.WSPACE}


def is_harmless(formula: str, sheets: Collection[str]) -> bool:
    """Whether `formula` (with its =) may stay one; `sheets` are the titles of its workbook."""
    if len(formula) > _LONGEST or not formula.startswith("="):
        return False
    try:
        tokens = Tokenizer(formula).items
    except Exception:  # a formula that cannot be taken apart is nobody's to trust
        return False
    return bool(tokens) and all(_is_harmless(token, sheets) for token in tokens)


def _is_harmless(token: Token, sheets: Collection[str]) -> bool:
    if token.type == Token.FUNC:
        return token.subtype == Token.CLOSE or token.value.rstrip("(").upper() in _PLAIN
    if token.type == Token.OPERAND:
        return token.subtype != Token.RANGE or _is_own_range(token.value, sheets)
    return token.type in _HARMLESS


def _is_own_range(reference: str, sheets: Collection[str]) -> bool:
    match = _SHEET.fullmatch(reference)
    if match is None:
        return _CELLS.fullmatch(reference) is not None
    title = match["plain"] or match["quoted"].replace("''", "'")
    return title in sheets and _CELLS.fullmatch(match["cells"]) is not None
