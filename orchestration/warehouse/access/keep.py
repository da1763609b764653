"""Access looked at in a run and kept as declared: one statement where nothing differs.

Not here: the statement (`differences`), what mends (`mend`), when a run looks (`assets.access`).
"""

from orchestration.warehouse.access.differences import Difference, find_differences
from orchestration.warehouse.access.mend import Kept, mend_access
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.logins import Role

_MENDERS: tuple[Role, ...] = ("owner", "pipeline")


def keep_access(warehouse: Warehouse) -> Kept:
    """Look, and put right and log what our own roles may: owner, and pipeline what it took for itself."""
    with warehouse.connect() as conn:
        if not find_differences(conn):
            return Kept()
    mended: list[Difference] = []
    kept = Kept()
    for role in _MENDERS:
        with warehouse.connect(role) as conn:
            kept = mend_access(conn)
        mended += kept.mended
        if not kept.left:
            break
    return Kept(mended, kept.left)
