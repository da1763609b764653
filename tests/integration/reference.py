"""The scoring method once more, in plain Python, written from the page that defines it (sections 4 to 6).

Imports nothing of the package. Cells are in `reference_cells.py`, colours in `reference_colours.py`.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.integration.reference_cells import Cell, Cells, Given, Row, Subject, number, rounded


def mean(pairs: list[tuple[float, float]], kind: str = "arithmetic") -> float | None:
    """The mean of (weight, value) pairs; None when nothing weighs."""
    total = sum(weight for weight, _ in pairs)
    if total == 0:
        return None
    if kind == "arithmetic":
        return sum(weight * value for weight, value in pairs) / total
    if any(weight > 0 and rounded(value, 9) <= 0 for weight, value in pairs):
        return 0.0
    weighing = [(weight, value) for weight, value in pairs if weight > 0]
    if kind == "geometric":
        return math.exp(sum(weight * math.log(value) for weight, value in weighing) / total)
    return total / sum(weight / value for weight, value in weighing)


@dataclass
class Node:
    """One row of the result."""

    score: float | None = None
    low: float | None = None
    high: float | None = None
    coverage: float | None = None
    nothing_due: float | None = None
    unbounded: bool = False
    clip: float | None = None
    effective_weight: float = 0.0
    exact: bool = True
    colours: dict[str, object] = field(default_factory=dict)

    @property
    def contribution(self) -> float | None:
        """Points of the root; None without a score."""
        return None if self.score is None else self.effective_weight * self.score


class Reference(Cells):
    """Every node of one institution's quarter, over the cells. `tables` are the rows valid in the quarter."""

    def __init__(self, tables: dict[str, list[Row]], institution: str, given: Given) -> None:
        super().__init__(tables, institution, given)
        self.tree = {(row["framework"], row["code"]): row for row in tables["indicators"]}
        self.children: dict[tuple[str, str], list[str]] = {}
        for row in tables["indicators"]:
            if row["parent"]:
                self.children.setdefault((row["framework"], row["parent"]), []).append(row["code"])
        self.of_point: dict[tuple[str, str, str], list[Cell]] = {}
        for (framework, code, _), cell in self.cells.items():
            self.of_point.setdefault((framework, code, cell.item["point"]), []).append(cell)
        self.nodes: dict[tuple[Subject, str], Node] = {}
        self._nodes()

    def _point(self, subject: Subject, point: str) -> Node:
        cells = [cell for cell in self.of_point.get((subject[0], subject[2], point), []) if cell.applies]
        if not cells:
            return Node()
        positive = [cell for cell in cells if cell.is_positive]
        negative = [cell for cell in cells if not cell.is_positive]
        reported = [cell for cell in cells if cell.state == "reported"]
        node = Node(coverage=len(reported) / len(cells), nothing_due=0.0 if positive else 1.0)
        node.unbounded = any(cell.low is None for cell in positive)
        if reported:
            start = (
                mean([(c.weight, c.score or 0.0) for c in reported if c.is_positive]) if positive else 100.0
            )
            off = sum(c.score or 0.0 for c in reported if not c.is_positive)
            node.score = self._less(start, off)
            if node.score is not None and start is not None:
                node.clip = node.score - (start - off)
        if not node.unbounded:
            low = mean([(c.weight, c.low or 0.0) for c in positive]) if positive else 100.0
            high = mean([(c.weight, c.high or 0.0) for c in positive]) if positive else 100.0
            node.low = self._less(low, sum(c.high or 0.0 for c in negative))
            node.high = self._less(high, sum(c.low or 0.0 for c in negative))
        return node

    @staticmethod
    def _less(start: float | None, off: float) -> float | None:
        if start is None or off == 0:
            return start
        return min(100.0, max(0.0, start - off))

    def _gather(self, parts: list[tuple[float, Node]], kind: str = "arithmetic") -> Node:
        def over(name: str, how: str) -> float | None:
            pairs = [(w, getattr(part, name)) for w, part in parts if getattr(part, name) is not None]
            return mean(pairs, how) if pairs else None

        node = Node(score=over("score", kind), unbounded=any(part.unbounded for _, part in parts))
        node.coverage, node.nothing_due = over("coverage", "arithmetic"), over("nothing_due", "arithmetic")
        if not node.unbounded:
            node.low, node.high = over("low", kind), over("high", kind)
        return node

    def _nodes(self) -> None:
        leaves = [key for key in self.tree if key not in self.children]
        for subject in self.kinds:
            for framework, point in leaves:
                if framework == subject[0]:
                    self.nodes[subject, point] = self._point(subject, point)
        subjects = list(self.kinds)
        roots = {framework: code for (framework, code), row in self.tree.items() if row["level"] == "0"}
        for framework in [code for code, kind in self.kind_of.items() if kind == "unit"]:
            school = (framework, "institution", self.institution)
            for _, point in [key for key in leaves if key[0] == framework]:
                units = [(self.weights[s], self.nodes[s, point]) for s in self.kinds if s[0] == framework]
                self.nodes[school, point] = self._gather(units)
            subjects.append(school)
        for subject in subjects:
            if subject[0] in roots:  # else a framework that begins in a later quarter
                self._roll_up(subject, roots[subject[0]])
                self._weigh(subject, roots[subject[0]], 1.0, exact=True)

    def _roll_up(self, subject: Subject, code: str) -> Node:
        children = self.children.get((subject[0], code))
        if children:
            parts = [
                (number(self.tree[subject[0], child], "weight") or 0.0, self._roll_up(subject, child))
                for child in children
            ]
            kind = self.tree[subject[0], code]["aggregation"] or "arithmetic"
            self.nodes[subject, code] = self._gather(parts, kind)
        return self.nodes[subject, code]

    def _weigh(self, subject: Subject, code: str, weight: float, *, exact: bool) -> None:
        node = self.nodes[subject, code]
        node.effective_weight = weight if node.score is not None else 0.0
        node.exact = exact
        children = self.children.get((subject[0], code), [])
        own = {child: number(self.tree[subject[0], child], "weight") or 0.0 for child in children}
        total = sum(w for child, w in own.items() if self.nodes[subject, child].score is not None)
        arithmetic = (self.tree[subject[0], code]["aggregation"] or "arithmetic") == "arithmetic"
        for child in children:
            share = own[child] / total if total else 0.0
            self._weigh(subject, child, node.effective_weight * share, exact=exact and arithmetic)

    def item_figures(self) -> Iterator[tuple[tuple[str, str, str], dict[str, object]]]:
        """Every due cell's figures by (framework, subject, item)."""
        for (framework, code, item), cell in self.cells.items():
            point = cell.item["point"]
            node = self.nodes[(framework, self.kind_of[framework], code), point]
            reported, worth = cell.state == "reported", cell.score
            peers = [c for c in self.of_point[framework, code, point] if c.is_positive == cell.is_positive]
            total = sum(peer.weight for peer in peers if peer.state == "reported")
            share = (cell.weight / total if total else 0.0) if cell.is_positive else 1.0
            weight = node.effective_weight * share if reported else 0.0
            own, other = ("score", "deduction") if cell.is_positive else ("deduction", "score")
            yield (
                (framework, code, item),
                {
                    "point": point,
                    "state": cell.state,
                    "state_reason": cell.reason,
                    "weight": cell.weight if cell.is_positive else None,
                    "effective_weight": weight,
                    "contribution": None
                    if worth is None
                    else weight * (worth if cell.is_positive else -worth),
                    own: worth,
                    f"{own}_low": cell.low,
                    f"{own}_high": cell.high,
                    **dict.fromkeys((other, f"{other}_low", f"{other}_high")),
                    "is_grave_case": cell.is_grave_case,
                },
            )

    def provisional(self, received: set[str]) -> bool:
        """Whether a department that owes something here has not delivered."""
        owing = {cell.item["department"] for cell in self.cells.values()}
        return not owing <= received
