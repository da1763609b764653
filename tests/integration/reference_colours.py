"""The colours of the independent reference: section 7 of the method, in plain Python."""

from collections import defaultdict

from tests.integration.reference import Node, Reference
from tests.integration.reference_cells import Row, Subject, number, rounded


class Colours:
    """Colours every node of a reference in place: `node.colours`. Office-holders' nodes stay without."""

    def __init__(
        self,
        reference: Reference,
        min_coverage: float,
        confirmed: set[tuple[str, str, str, str]] | None = None,
    ) -> None:
        self.reference, self.min_coverage, self.confirmed = reference, min_coverage, confirmed or set()
        bands = reference.tables["bands"]
        self.bands = sorted((row for row in bands if row["min_score"]), key=lambda row: int(row["rank"]))
        self.order = [row["code"] for row in self.bands]
        self.grey = next(row["code"] for row in bands if not row["min_score"])
        for (subject, _), node in reference.nodes.items():
            if subject[1] != "office_holder":
                self._by_score(node)
        for (subject, code), node in reference.nodes.items():
            if subject[1] != "office_holder" and reference.tree[subject[0], code]["level"] == "0":
                self._root(subject, node)
        self._ranks()

    def band_of(self, score: float | None) -> Row | None:
        """The colour of a score alone."""
        if score is None:
            return None
        for band in self.bands:
            if (number(band, "min_score") or 0.0) <= rounded(score, 6):
                return band
        return self.bands[-1]

    def _by_score(self, node: Node) -> None:
        best, low, high = self.band_of(node.score), self.band_of(node.low), self.band_of(node.high)
        grey = (
            best is None
            or rounded(node.coverage or 0.0, 6) < self.min_coverage
            or rounded(node.nothing_due or 0.0, 6) > 0.5
        )
        by_score = band = self.grey if best is None or grey else best["code"]
        if grey and high is not None and high["alarm"] == "true":
            band = high["code"]
        elif not grey and band == self.order[0] and low is not None and low["alarm"] == "true":
            band = self.order[min(1, len(self.order) - 1)]
        node.colours = {
            "band_by_score": by_score,
            "band": band,
            "band_cause": "bound" if band != by_score else None,
            "band_pending": None,
            "is_certain": best is not None and best is low and best is high,
            "rank_in_kind": None,
        }

    def _hits(self, subject: Subject) -> list[Row]:
        reference, hits = self.reference, []
        for cap in reference.tables["colour_caps"]:
            if cap["framework"] != subject[0]:
                continue
            if cap["when"] == "grave_item":
                hit = any(
                    cell.is_grave_case
                    for (framework, code, _), cell in reference.cells.items()
                    if (framework, "unit", code) == subject
                )
            else:
                bad = self.order[self.order.index(cap["when_band"]) :]
                hit = any(
                    node.colours["band_by_score"] in bad
                    for (other, code), node in reference.nodes.items()
                    if other == subject and reference.tree[subject[0], code]["level"] == cap["when_level"]
                )
            if hit:
                hits.append(cap)
        return hits

    def _capped(self, node: Node, hits: list[Row]) -> tuple[str, str | None]:
        band, cause = str(node.colours["band"]), node.colours["band_cause"]
        if band != self.grey and hits:
            strictest = min(hits, key=lambda cap: (-self.order.index(cap["at_most_band"]), cap["code"]))
            if self.order.index(strictest["at_most_band"]) > self.order.index(band):
                return strictest["at_most_band"], strictest["code"]
        return band, None if cause is None else str(cause)

    def _root(self, subject: Subject, node: Node) -> None:
        hits = self._hits(subject)
        full, full_cause = self._capped(node, hits)
        band, cause = self._capped(node, [cap for cap in hits if cap["needs_confirmation"] != "true"])
        if (*subject, full) in self.confirmed:
            band, cause = full, full_cause
        elif band == self.order[-1] and len(self.order) > 1:
            band, cause = self.order[-2], "confirmation"
        node.colours |= {"band": band, "band_cause": cause, "band_pending": full if full != band else None}

    def _ranks(self) -> None:
        peers: dict[tuple[object, ...], list[tuple[Node, float]]] = defaultdict(list)
        for (subject, code), node in self.reference.nodes.items():
            if subject[1] == "unit" and node.score is not None and node.colours["band"] != self.grey:
                peers[subject[0], code, self.reference.kinds[subject]].append((node, rounded(node.score, 6)))
        for ranked in peers.values():
            for node, score in ranked:
                node.colours["rank_in_kind"] = 1 + sum(other > score for _, other in ranked)
