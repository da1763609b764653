"""Half-years and years of the independent reference: section 8 of the method, in plain Python, written from the page.

Where the page is silent, from what the method page of the product says. Imports nothing of the package.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.integration.reference import Node, Reference
from tests.integration.reference_cells import Subject


@dataclass
class PeriodNode(Node):
    """A node over its quarters; what it gave the root is a mean of its own."""

    given: float | None = None

    @property
    def contribution(self) -> float | None:
        return self.given


class Period(Reference):
    """One institution's half-year or year, ready to be coloured: `quarters` in order, the last one among them.

    `absent`: how many of its quarters were never scored.
    """

    def __init__(self, quarters: Sequence[Reference], absent: int) -> None:
        last = quarters[-1]
        self.tables, self.institution = last.tables, last.institution
        self.kinds, self.kind_of, self.tree = last.kinds, last.kind_of, last.tree
        # A grave case of any quarter acts.
        self.cells = {
            (framework, code, f"{at} {item}"): cell
            for at, quarter in enumerate(quarters)
            for (framework, code, item), cell in quarter.cells.items()
        }
        self.quarters, self.absent = quarters, absent
        self.roots = [
            {framework: code for (framework, code), row in quarter.tree.items() if row["level"] == "0"}
            for quarter in quarters
        ]
        self.nodes = {(subject, code): self._node(subject, code) for subject, code in last.nodes}

    def _node(self, subject: Subject, code: str) -> Node:
        own = [quarter.nodes[subject, code] for quarter in self.quarters if (subject, code) in quarter.nodes]
        node = PeriodNode(exact=all(one.exact for one in own) and not self._moved(subject))
        scored = [(one.coverage or 0.0, one) for one in own if one.score is not None]
        total = sum(coverage for coverage, _ in scored)
        if total:
            node.score = sum(coverage * (one.score or 0.0) for coverage, one in scored) / total
            if all(one.clip is not None for _, one in scored):
                node.clip = sum(coverage * (one.clip or 0.0) for coverage, one in scored) / total
        counted = [one for one in own if one.coverage is not None]
        if counted:
            number = len(counted) + self.absent
            node.coverage = sum(one.coverage or 0.0 for one in counted) / number
            node.nothing_due = sum(one.nothing_due or 0.0 for one in counted) / len(counted)
            if all(one.low is not None and one.high is not None for one in counted):
                node.low = sum(one.low or 0.0 for one in counted) / number
                node.high = (sum(one.high or 0.0 for one in counted) + 100 * self.absent) / number
        self._weigh_over(node, subject, code)
        return node

    def _weigh_over(self, node: PeriodNode, subject: Subject, code: str) -> None:
        """What the node weighed and gave, each quarter as much as the root's score counts it."""
        shares = []
        for quarter, roots in zip(self.quarters, self.roots, strict=True):
            root = quarter.nodes.get((subject, roots.get(subject[0], "")))
            own = quarter.nodes.get((subject, code))
            if root is not None and root.score is not None:
                shares.append((root.coverage or 0.0, own))
        total = sum(coverage for coverage, _ in shares)
        if total:
            present = [(coverage / total, own) for coverage, own in shares if own is not None]
            node.effective_weight = sum(share * own.effective_weight for share, own in present)
            node.given = sum(share * (own.contribution or 0.0) for share, own in present)
        node.given = None if node.score is None else node.given or 0.0

    def _moved(self, subject: Subject) -> bool:
        """Whether a node of the subject is gone in the last quarter, or stood elsewhere before."""
        for quarter in self.quarters:
            for other, code in quarter.nodes:
                if other == subject:
                    row, now = quarter.tree[subject[0], code], self.tree.get((subject[0], code))
                    if now is None or (row["level"], row["parent"]) != (now["level"], now["parent"]):
                        return True
        return False
