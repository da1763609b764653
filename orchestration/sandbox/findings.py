"""Faults while reading: the exception that ends a file, and findings with their place spelt out.

Not here: the sentences (`report_templates/messages/reading.yml`).
"""

from orchestration.core.delivery import Finding, Severity

FOUND_LENGTH = 40


class RefusedError(Exception):
    """The file (or one sheet of it) is refused for `rule`; the rest as in Finding."""

    def __init__(
        self,
        rule: str,
        *,
        found: str | None = None,
        sheet: str | None = None,
        address: str | None = None,
        framework: str | None = None,
        **values: str,
    ) -> None:
        super().__init__(rule)
        self.rule = rule
        self.found = found
        self.sheet = sheet
        self.address = address
        self.framework = framework
        self.values = values

    def finding(self, file_name: str) -> Finding:
        """The refusal as a `block` finding of `file_name`."""
        return finding(
            self.rule,
            "block",
            file_name,
            found=self.found,
            sheet=self.sheet,
            address=self.address,
            framework=self.framework,
            **self.values,
        )


def finding(
    rule: str,
    severity: Severity,
    file_name: str,
    *,
    found: str | None = None,
    sheet: str | None = None,
    address: str | None = None,
    framework: str | None = None,
    **values: str,
) -> Finding:
    """A Finding whose values name its place: `audit.xlsx › duty › B3`, as far as it is known."""
    place = " › ".join(part for part in (file_name, sheet, address) if part)
    return Finding(
        rule=rule,
        severity=severity,
        file_name=file_name,
        sheet=sheet,
        address=address,
        framework=framework,
        found=shortened(found),
        values={"place": place, **values},
    )


def shortened(text: str | None) -> str | None:
    """`text` on one line, at most 40 characters."""
    return None if text is None else cut(" ".join(text.split()), FOUND_LENGTH)


def cut(text: str, length: int) -> str:
    """`text`, its end cut off where it is longer than `length`."""
    return text if len(text) <= length else text[: length - 1] + "…"
