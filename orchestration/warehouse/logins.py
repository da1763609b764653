"""How each role comes in: libpq parameters by role for the embedded server and for an external one.

Not here: connecting with them (`connections.py`).
"""

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

from orchestration.warehouse.embedded.files import SUPERUSER
from orchestration.warehouse.embedded.server import Server
from orchestration.warehouse.errors import WarehouseError

Role = Literal["owner", "pipeline", "bi_reader"]
Login = Mapping[str, str]


def embedded_logins(server: Server, database: str, reader_password: str) -> dict[Role, Login]:
    """Owner and pipeline by the socket, where the system vouches for us; bi_reader by TCP and password."""
    tcp = {"host": "127.0.0.1", "port": str(server.port), "user": "bi_reader", "password": reader_password}
    return {
        "owner": socket_login(server, "owner", database),
        "pipeline": socket_login(server, "pipeline", database),
        "bi_reader": {**tcp, "dbname": database},
    }


def socket_login(server: Server, user: str = SUPERUSER, database: str = "postgres") -> Login:
    """Parameters of a connection by the embedded server's socket."""
    return {"host": str(server.sockets), "port": str(server.port), "user": user, "dbname": database}


def external_logins(login: Login, reader_password: str) -> dict[Role, Login]:
    """Owner and pipeline as the URL's user acting in their role; bi_reader by its own password."""
    own = ("options", "passfile", "sslcert", "sslkey", "sslpassword", "user", "password")
    reader = {key: value for key, value in login.items() if key not in own}
    return {
        "owner": _acting(login, "owner"),
        "pipeline": _acting(login, "pipeline"),
        "bi_reader": {**reader, "user": "bi_reader", "password": reader_password},
    }


def _acting(login: Login, role: Role) -> Login:
    return {**login, "options": f"{login.get('options', '')} -crole={role}".strip()}


def external_login(url: str, database: str | None = None) -> dict[str, str]:
    """Parameters of the URL's own user. Raises WarehouseError when it names no host, user or database."""
    try:
        # SQLAlchemy's way of naming a driver means nothing to libpq
        given = conninfo_to_dict(re.sub(r"^postgres(ql)?\+\w+://", "postgresql://", url))
    except psycopg.ProgrammingError:
        raise WarehouseError("url_unreadable") from None  # its own words quote what may be a password
    base = {"port": "5432", **{key: str(value) for key, value in given.items()}}
    if database is not None:
        base["dbname"] = database
    # Of a password with an unescaped @ or / the rest stands where host and port are, which are shown.
    if "@" in base.get("host", "") or not re.fullmatch(r"[\d,]*", base["port"]):
        raise WarehouseError("url_unreadable")
    absent = [name for name in ("host", "user", "dbname") if not base.get(name)]
    if absent:
        raise WarehouseError("url_incomplete", absent=", ".join(absent))
    return base


def address(login: Mapping[str, str], scheme: str = "postgresql") -> str:
    """libpq parameters as a URL; a socket folder goes into the query: libpq and SQLAlchemy both take it."""
    rest = dict(login)
    user, password, database = rest.pop("user"), rest.pop("password", ""), rest.pop("dbname")
    who = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    where = ""
    if re.fullmatch(r"[A-Za-z0-9.-]+", rest.get("host", "")):
        where = f"{rest.pop('host')}:{rest.pop('port', '5432')}"
    query = urlencode(rest, quote_via=quote, safe="/")
    return f"{scheme}://{who}@{where}/{quote(database, safe='')}" + (f"?{query}" if query else "")
