"""Reported text that steers terminals or hides itself comes out as plain characters."""

import pytest

from orchestration.core.inert import inert


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("教学 85.5％", "教学 85.5％"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("a\u202eb\u200bc\u2028d", "a\ufffdb\ufffdc\ufffdd"),
        ("a\ufffeb\uffff", "a\ufffdb\ufffd"),
        ("two\r\nlines\tand tab", "two lines and tab"),
        ("\0\x7f\x9b", "\ufffd\ufffd\ufffd"),
        ('=HYPERLINK("x")', '=HYPERLINK("x")'),
        ("<script>", "<script>"),
    ],
)
def test_inert(told: str, shown: str) -> None:
    assert inert(told) == shown
