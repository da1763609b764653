"""Addresses by role: what stands in them, and that libpq and SQLAlchemy read back what was meant."""

import pickle
import traceback
from pathlib import Path

import pytest
import sqlalchemy
from psycopg.conninfo import conninfo_to_dict

from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.embedded.server import Server
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.logins import address, embedded_logins, external_login, external_logins

SERVER = Server(Path("/srv/清 源 &?#%/postgres/data"), 5433, Path("/srv/data"), Path("/srv/log"))


def embedded() -> Warehouse:
    return Warehouse("qing yuan", True, embedded_logins(SERVER, "qing yuan", "s/e:c@r%et"))


@pytest.mark.parametrize("role", ["owner", "pipeline", "bi_reader"])
def test_libpq_reads_back_the_login(role: str) -> None:
    warehouse = embedded()
    assert conninfo_to_dict(warehouse.url(role)) == dict(warehouse.logins[role])  # type: ignore[arg-type,index]


def test_bi_tools_get_host_port_and_password() -> None:
    warehouse = Warehouse("qingyuan", True, embedded_logins(SERVER, "qingyuan", "secret"))
    assert warehouse.url("bi_reader") == "postgresql://bi_reader:secret@127.0.0.1:5433/qingyuan"


def test_sqlalchemy_reads_dagster_s_address() -> None:
    warehouse = Warehouse("qingyuan", True, embedded_logins(SERVER, "qingyuan", "secret"))
    arguments = sqlalchemy.make_url(warehouse.dagster_url())
    assert arguments.drivername == "postgresql+psycopg2"
    assert dict(arguments.query) == {
        "host": str(SERVER.sockets),
        "port": "5433",
        "options": "-csearch_path=dagster",
    }
    assert (arguments.username, arguments.database) == ("pipeline", "qingyuan")


def test_external_roles_act_through_the_url_s_user() -> None:
    login = external_login(
        "postgresql://admin:p%40ss@db.example/school?sslmode=verify-full&options=-cx.y%3D1"
    )
    logins = external_logins(login, "reader's")
    assert logins["pipeline"] == {**login, "options": "-cx.y=1 -crole=pipeline"}
    assert logins["owner"]["options"] == "-cx.y=1 -crole=owner"
    assert logins["bi_reader"] == {
        "host": "db.example",
        "port": "5432",
        "dbname": "school",
        "sslmode": "verify-full",
        "user": "bi_reader",
        "password": "reader's",
    }
    variables = Warehouse("school", False, logins).dbt_environment()
    assert variables["PGSSLMODE"] == "verify-full"
    assert variables["QINGYUAN_DBT_PASSWORD"] == "p@ss"


def test_another_database_of_the_same_server() -> None:
    assert external_login("postgresql://admin@db/school", "other")["dbname"] == "other"


def test_sqlalchemy_s_way_of_naming_a_driver_is_understood() -> None:
    assert external_login("postgresql+psycopg2://admin@db/school")["host"] == "db"


@pytest.mark.parametrize(
    ("url", "reason", "named"),
    [
        ("mysql://admin@db/school", "url_unreadable", "QINGYUAN_DATABASE_URL"),
        ("postgresql://admin:pw@db", "url_incomplete", "dbname"),
        ("postgresql:///school", "url_incomplete", "host, user"),
        # a password with a sign that should have been escaped: the rest must not pass for host or port
        ("postgresql://admin:x@pw@db/school", "url_unreadable", "%40"),
        ("postgresql://admin:pw/x@db/school", "url_unreadable", "%2F"),
        ("postgresql://admin:pw%x@db/school", "url_unreadable", "QINGYUAN_DATABASE_URL"),
        ("admin:pw", "url_unreadable", "QINGYUAN_DATABASE_URL"),
    ],
)
def test_addresses_that_do_not_do(url: str, reason: str, named: str) -> None:
    with pytest.raises(WarehouseError, match=named) as refused:
        external_login(url)
    assert refused.value.reason == reason
    assert "pw" not in "".join(traceback.format_exception(refused.value)).replace(url, "")


def test_a_warehouse_travels_and_shows_no_password() -> None:
    warehouse = embedded()
    assert "s/e:c@r%et" not in repr(warehouse)
    assert pickle.loads(pickle.dumps(warehouse)).url("bi_reader") == warehouse.url("bi_reader")


def test_an_address_with_ipv6() -> None:
    login = {"host": "::1", "port": "5432", "user": "a", "dbname": "b"}
    assert conninfo_to_dict(address(login)) == login
