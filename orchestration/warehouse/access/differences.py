"""What differs between access as it was declared and as it stands: one read-only statement.

Not here: putting it right (`mend`).
"""

from typing import Any, LiteralString, NamedTuple

import psycopg

from orchestration.messages import Language, text
from orchestration.warehouse.access.rules import OURS, RULES, WITHOUT_LOGIN
from orchestration.warehouse.access.standing import DBT_SCHEMAS, MACHINES, STANDING
from orchestration.warehouse.role_facts import READERS

Connection = psycopg.Connection[Any]


class Difference(NamedTuple):
    """A fact that is not as declared: `declared` None where nothing was, `found` None where it is gone.

    `object` and `name` are written as SQL writes them: a table, view, function, schema or role; a role or a policy.
    """

    kind: str
    object: str
    name: str
    declared: str | None
    found: str | None

    @property
    def is_built_anew(self) -> bool:
        """Whether dbt mends it: a mart whose words are not those that were built, or that is to filter by itself.

        To give a view to mart_whole before it says what it must would show every row.
        """
        is_mart = self.object.startswith(("marts.", "warnings."))
        return is_mart and (self.kind == "view" or (self.kind, self.declared) == ("owner", "mart_whole"))

    def sentence(self, language: Language) -> str:
        """What differs, and on what, for a person."""
        nothing = text("access.nothing", language)
        given = {
            name: _short(value) if value else nothing
            for name, value in {"declared": self.declared, "found": self.found}.items()
        }
        return text(f"access.{self.kind}", language, object=self.object, name=self.name, **given)


def find_differences(conn: Connection) -> list[Difference]:
    """Every difference, in an order of its own; empty when access is as declared.

    Reads the database's catalogue alone, a few milliseconds; as any role that may read `ops.declared_access`.
    """
    given = {
        "machines": list(MACHINES),
        "readers": list(READERS),
        "ours": list(OURS),
        "without_login": list(WITHOUT_LOGIN),
        "dbt_schemas": list(DBT_SCHEMAS),
    }
    return [Difference(*row) for row in conn.execute(_DIFFER, given)]


def _short(value: str) -> str:
    """On one line, and not all of a policy."""
    flat = " ".join(value.split())
    return flat if len(flat) <= 200 else f"{flat[:200]}…"


# What nobody declared matters by what is granted on it; marts do not before dbt's declaration was noted.
_DIFFER: LiteralString = f"""
    with noted as (select * from ops.declared_access), {STANDING}, {RULES},
    declared (kind, object, name, value) as (
        select kind, object, name, value from noted
        where kind <> 'code' and (source <> 'dbt' or to_regclass(object) is not null)
        union all
        select 'grant', 'schema marts', reader, 'usage' from unnest(%(readers)s::text[]) as reader
    )
    select kind, object, name, declared.value, standing.value
    from declared full join standing using (kind, object, name)
    where
        declared.value is distinct from standing.value
        and (declared.value is not null or kind = 'grant' or object in (select object from declared))
        and (split_part(object, '.', 1) <> all(%(dbt_schemas)s) or 'dbt' in (select source from noted))
    union all
    select kind, object, name, null, value from forbidden
    order by 1, 2, 3, 5"""  # noqa: S608 - of constants alone
