"""Which formulas go back as formulas; what texts become in a workbook."""

import pytest
from openpyxl import Workbook

from orchestration.core.returns import TOKEN, submission_of, token_of
from orchestration.stewardship.cell_texts import fit, literal, write
from orchestration.stewardship.returning.formulas import is_harmless

SHEETS = ("care", "表 1")


@pytest.mark.parametrize(
    "formula",
    [
        "=1+2*3",
        "=SUM(B2:B10)",
        "=ROUND(SUM($B$2,C3)/2,1)",
        '=IF(B2>0,B2/C2,"无")',
        "=care!B2+'表 1'!C$3",
        "=IFERROR(-B2%,0)",
        "=sum(B2:B3)",
    ],
)
def test_arithmetic_and_plain_functions_stay(formula: str) -> None:
    assert is_harmless(formula, SHEETS)


@pytest.mark.parametrize(
    "formula",
    [
        "=cmd|'/c calc'!A1",
        '=HYPERLINK("http://x.invalid",B2)',
        '=WEBSERVICE("http://x.invalid/"&B2)',
        '=INDIRECT("B2")',
        "=[other.xlsx]care!B2",
        "='[other.xlsx]care'!B2",
        "='C:\\x\\[other.xlsx]care'!B2",
        "=elsewhere!B2",
        "=SUM(prices)",
        "=Table1[x]",
        "={1,2}",
        "=_xlfn.FILTERXML(B2,B3)",
        "=SUM(HYPERLINK(B2))",
        "=OFFSET(B2,1,1)",
        "=SUM(B2:INDEX(B:B,3))",
        '=DDE("x","y","z")',
        "=SUM(" + "(" * 2_000 + "1" + ")" * 2_000 + ")",
        '="unclosed',
        "SUM(B2)",
        "=",
        "=@SUM(B2)",
        "=B2 care!B3:prices",
    ],
)
def test_all_others_do_not(formula: str) -> None:
    assert not is_harmless(formula, SHEETS)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-x", "@SUM(B2)", "\tx", "\rx", "#REF!", "http://x.invalid", "<b>&", "100", "TRUE"]
)
def test_a_text_arrives_as_text(text: str) -> None:
    cell = Workbook().worksheets[0].cell(1, 1)
    write(cell, fit(text))
    assert (cell.value, cell.data_type, cell.hyperlink) == (text.replace("\r", "\n"), "s", None)
    assert bool(cell.quotePrefix) == (text[0] in "=+-@\t\r")


def test_what_no_cell_holds_is_replaced() -> None:
    assert fit("a\0b\x1b[31m\ud800\ufffe") == "a\ufffdb\ufffd[31m\ufffd\ufffd"
    assert fit("a\r\nb\rc\td") == "a\nb\nc\td"
    assert len(fit("文" * 40_000)) == 32_767
    assert literal("_x0001_ _x_") == "_x005F_x0001_ _x_"


def test_a_token_names_its_submission_and_fits_no_other() -> None:
    token = token_of(12, "ab")
    assert TOKEN.search(f"令牌 Token {token}。") is not None
    assert submission_of(token) == 12
    assert token_of(12, "ac") != token != token_of(13, "ab")
    # sha256 of "12\nab", worked out with another program
    assert token == "QY-12-4686f1704b85f058"
    assert [
        submission_of(other) for other in ("QY-12", f"x{token}", f"{token}0", "QY--0123456789abcdef")
    ] == [None] * 4
