"""The methodology page as its tests see it: two languages, their examples, bold results and equations.

An example is a quoted paragraph that begins with its number; what is bold in it is a result. Not here: the results.
"""

import ast
import re
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import pairwise

from orchestration.settings import PROJECT

LABELS = {"zh": r"例(\d+\.\d+)\u3000", "en": r"Example (\d+\.\d+) "}
NUMBER = r"−?\d+(?:\.\d+)?"
_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-", "√": "sqrt", "∛": "cbrt"})
# Where a clause ends: not at the comma inside min(…, …).
_CLAUSE = re.compile(r"[.;:] |[。；，：]|, (?![^()]*\))")


@cache
def pages() -> dict[str, str]:
    """The whole page of each language."""
    text = (PROJECT / "docs" / "methodology.md").read_text(encoding="utf-8")
    chinese, english = text.split("\n# Methodology\n")
    return {"zh": chinese, "en": english}


def examples(language: str) -> dict[str, str]:
    """Number → text of each example, in order."""
    found = re.findall(rf"^> {LABELS[language]}(.+)$", pages()[language], re.M)
    assert len(found) == pages()[language].count("\n> "), "a quoted line is no example"
    assert len(found) == len(dict(found)), "two examples have one number"
    return dict(found)


def bold(text: str) -> list[str]:
    """What stands in bold, in order; `84 %` reads as `84%`."""
    return [one.replace(" %", "%") for one in re.findall(r"\*\*(.+?)\*\*", text)]


def equations(text: str) -> list[tuple[str, str]]:
    """Each `expression = number` of a text without formulas; a chain gives several."""
    found = []
    for clause in _CLAUSE.split(re.sub(r"`[^`]*`", "", text).replace("**", "")):
        sides = clause.split(" = ")
        for left, right in pairwise(sides):
            expression = re.search(r"(?:min|max|[\d×÷+−()√∛., ])+$", left)
            number = re.match(NUMBER, right)
            assert expression, f"not arithmetic: {clause}"
            assert number, f"no number after =: {clause}"
            found.append((expression[0].strip(), number[0]))
    return found


def value(expression: str) -> Fraction:
    """The exact value of an expression as printed; raises ValueError where it is none."""
    return _value(ast.parse(expression.translate(_SIGNS).strip(), mode="eval").body)


def printed(number: Fraction) -> str:
    """A result as the page prints it: at most six decimals, halves away from zero, a true minus."""
    millionths = int(abs(number) * 10**6 + Fraction(1, 2))
    whole, rest = divmod(millionths, 10**6)
    digits = f"{whole}.{rest:06}".rstrip("0").rstrip(".")
    return f"−{digits}" if number < 0 and millionths else digits


def root(number: Fraction, degree: int) -> Fraction:
    """The root of a number that has a rational one."""
    found = Fraction(*(round(part ** (1 / degree)) for part in (number.numerator, number.denominator)))
    if found**degree != number:
        raise ValueError(f"{number} has no rational root of degree {degree}")
    return found


_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
}


def _value(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number):
            return Fraction(repr(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.BinOp(left=left, op=operator, right=right):
            return _OPERATORS[type(operator)](_value(left), _value(right))
        case ast.Call(func=ast.Name(id="sqrt" | "cbrt" as name), args=[one]):
            return root(_value(one), 2 if name == "sqrt" else 3)
        case ast.Call(func=ast.Name(id="min" | "max" as name), args=several):
            return (min if name == "min" else max)(map(_value, several))
    raise ValueError(f"not arithmetic: {ast.unparse(node)}")
