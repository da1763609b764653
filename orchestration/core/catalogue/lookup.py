"""What the checks look up over and over: who is whose child, which codes exist. Built once a check.

Not here: any judgement.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Set
from functools import cached_property

from orchestration.core.catalogue.models import Band, Catalogue, Indicator, Item, Post, Unit

Node = tuple[str, str]  # framework, code


class Lookup:
    """A catalogue narrowed to one quarter, with the indexes that its checks need."""

    def __init__(self, catalogue_at_quarter: Catalogue) -> None:
        self.catalogue = catalogue_at_quarter

    @cached_property
    def nodes(self) -> Mapping[Node, Indicator]:
        """Every node by framework and code."""
        return {(row.framework, row.code): row for row in self.catalogue.indicators}

    @cached_property
    def children(self) -> Mapping[Node, list[Indicator]]:
        """The rows that name a node as their parent."""
        children: dict[Node, list[Indicator]] = defaultdict(list)
        for row in self.catalogue.indicators:
            if row.parent is not None:
                children[row.framework, row.parent].append(row)
        return children

    @cached_property
    def items_of(self) -> Mapping[Node, list[Item]]:
        """The items of each point."""
        items: dict[Node, list[Item]] = defaultdict(list)
        for row in self.catalogue.items:
            items[row.framework, row.point].append(row)
        return items

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Every item by code; codes are unique over all frameworks."""
        return {row.code: row for row in self.catalogue.items}

    @cached_property
    def subject_kinds(self) -> Mapping[str, str]:
        """Each framework's kind of subject."""
        return {row.code: row.subject_kind for row in self.catalogue.frameworks}

    @cached_property
    def institutions(self) -> frozenset[str]:
        return frozenset(row.code for row in self.catalogue.institutions)

    @cached_property
    def departments(self) -> frozenset[str]:
        return frozenset(row.code for row in self.catalogue.departments)

    @cached_property
    def units(self) -> Mapping[tuple[str, str], Unit]:
        """Every unit by institution and code."""
        return {(row.institution, row.code): row for row in self.catalogue.units}

    @cached_property
    def posts(self) -> Mapping[tuple[str, str], Post]:
        """Every post by institution and code."""
        return {(row.institution, row.code): row for row in self.catalogue.posts}

    @cached_property
    def bands(self) -> Mapping[str, Band]:
        return {row.code: row for row in self.catalogue.bands}

    def applicable_words(self, framework: str, institution: str | None = None) -> Set[str]:
        """What `applies_to` may name in a framework, `all` aside: kinds (or post levels) and subjects' codes.

        In one institution, or in any; empty where the framework has no subjects there.
        """
        return self._words.get((self.subject_kinds.get(framework), institution), frozenset())

    @cached_property
    def _words(self) -> Mapping[tuple[str | None, str | None], Set[str]]:
        """Kinds and codes by kind of subject and institution, and (None) of all institutions together."""
        words: dict[tuple[str | None, str | None], set[str]] = defaultdict(set)
        for unit in self.catalogue.units:
            for institution in (unit.institution, None):
                words["unit", institution] |= {unit.kind, unit.code}
        for post in self.catalogue.posts:
            for institution in (post.institution, None):
                words["office_holder", institution] |= {post.post_level, post.code}
        return words


def plain(name: str) -> str:
    """A name or a header as intake compares them: NFKC, no line breaks, trimmed (intake.md)."""
    return unicodedata.normalize("NFKC", name).replace("\r", "").replace("\n", "").strip()
