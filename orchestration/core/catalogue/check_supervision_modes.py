"""Structural checks of the register of supervision modes. Not here: tasks that name a mode (`stewardship`)."""

from collections.abc import Iterator

from orchestration.core.catalogue.faults import Fault, at
from orchestration.core.catalogue.lookup import plain
from orchestration.core.catalogue.models import Catalogue


def supervision_modes(catalogue: Catalogue) -> Iterator[Fault]:
    """Each name, in either language, means one mode: people choose by it."""
    for column in ("name_zh", "name_en"):
        means: dict[str, str] = {}
        for row in catalogue.supervision_modes:
            name = str(getattr(row, column))
            other = means.setdefault(plain(name).casefold(), row.code)
            if other != row.code:
                yield at(row, "mode_name_twice", found=name, other=other, code=row.code)
