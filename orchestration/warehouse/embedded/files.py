"""What stands in the embedded server's configuration, and the choice of its port and socket folder.

All of it is written anew at every start; an operator's own settings go through `alter system` and win.
Not here: where the files lie (`place.py`).
"""

import os
import socket
import tempfile
from pathlib import Path

from orchestration.warehouse.embedded.place import Place
from orchestration.warehouse.embedded.user import ServerUser, process_user, write_as
from orchestration.warehouse.errors import WarehouseError

SUPERUSER = "postgres"
LOCAL_ROLES = (SUPERUSER, "owner", "pipeline")
SHORT_SOCKETS = Path("/tmp")  # noqa: S108 (a new folder of mode 0700 in it; TMPDIR may be long)
SHORT_NAME = "qingyuan-pg-"
LONGEST_SOCKET = 103  # bytes of a socket's whole path that every system takes

# One school: some ten million rows at most, a handful of people and tools at a time.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "wal_level": "minimal",  # one server and no standby: backups are dumps
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "8GB",  # a large quarter between two checkpoints: else its pages are logged whole, again and again
    "checkpoint_timeout": "15min",
    "log_checkpoints": "off",
    # shared memory in /dev/shm is small in containers, and a login session's end may clear it
    "dynamic_shared_memory_type": "mmap",
    "jit": "off",  # compiling our plans costs ten times what running them does
    "client_connection_check_interval": "2s",  # a killed client's query ends soon
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "password_encryption": "scram-sha-256",
}


def configure(place: Place, user: ServerUser, port: int, sockets: Path) -> None:
    """Write settings, the peer map and the rules of access into the data folder."""
    folder = str(sockets).replace("\\", "\\\\").replace('"', '""').replace("'", "''")
    lines = ["# Written at every start; your own: alter system set ..."]
    lines += [f"{name} = '{value}'" for name, value in _SETTINGS.items()]
    lines += [f"port = {port}", f"unix_socket_directories = '\"{folder}\"'"]
    names = sorted({"root", user.name, process_user()})
    ident = [f'us "{name}" {role}' for name in names for role in LOCAL_ROLES]
    write_as(user, place.data / "postgresql.conf", "\n".join([*lines, ""]))
    write_as(user, place.data / "pg_hba.conf", _HBA)
    write_as(user, place.data / "pg_ident.conf", "\n".join([*ident, ""]))


_HBA = f"""\
local all {",".join(LOCAL_ROLES)} peer map=us
host  all all 127.0.0.1/32 scram-sha-256
"""


def choose_port(place: Place, user: ServerUser, asked: int | None) -> int:
    """The port asked for, else the one remembered, else a free one; it is remembered for the next start.

    Raises WarehouseError when the port asked for is taken. A remembered one that is taken gives way to a free
    one, which is remembered in its stead: scoring does not wait for a port that only readers use.
    """
    if asked is not None:
        if not _is_free(asked):
            raise WarehouseError("port_taken", port=asked)
        port = asked
    else:
        remembered = _remembered_port(place)
        port = remembered if remembered is not None and _is_free(remembered) else _free_port()
    write_as(user, place.port_file, f"{port}\n")
    return port


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _remembered_port(place: Place) -> int | None:
    try:
        return int(place.port_file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise WarehouseError("port_forbidden", port=port) from error
        except OSError:
            return False
    return True


def choose_socket_folder(place: Place, user: ServerUser) -> Path:
    """The data folder, or a new short private one when a socket path there would be too long.

    Or when there is a comma in it, which clients take to separate two hosts.
    """
    path = os.fsencode(place.data / ".s.PGSQL.65535")
    if len(path) <= LONGEST_SOCKET and b"," not in path:
        return place.data
    folder = Path(tempfile.mkdtemp(prefix=SHORT_NAME, dir=SHORT_SOCKETS))
    if user.borrowed:
        os.chown(folder, user.uid, user.gid)
    return folder
