"""What stands in the embedded server's configuration, and the choice of its port and socket folder.

All of it is written anew at every start. Not here: an operator's own settings, which go through `alter system`.
"""

import os
import socket
import tempfile
from collections.abc import Iterable
from pathlib import Path

from orchestration.warehouse.embedded_place import Place
from orchestration.warehouse.embedded_user import ServerUser, process_user
from orchestration.warehouse.errors import WarehouseError

SUPERUSER = "postgres"
LOCAL_ROLES = (SUPERUSER, "owner", "pipeline")
INCLUDE = "include 'qingyuan.conf'"
SHORT_SOCKETS = Path("/tmp")
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
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "log_checkpoints": "off",
    "jit": "off",  # compiling our plans costs ten times what running them does
    "client_connection_check_interval": "2s",  # a killed client's query ends soon
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "password_encryption": "scram-sha-256",
}


def configure(place: Place, user: ServerUser, port: int, sockets: Path) -> None:
    """Write settings, the peer map and the rules of access into the data folder."""
    folder = str(sockets).replace('"', '""').replace("'", "''")
    lines = [f"{name} = '{value}'" for name, value in _SETTINGS.items()]
    lines += [f"port = {port}", f"unix_socket_directories = '\"{folder}\"'", ""]
    _write(place.data / "qingyuan.conf", "\n".join(lines), user)
    _write(place.data / "pg_hba.conf", _HBA, user)
    names = sorted({"root", user.name, process_user()})
    _write(place.data / "pg_ident.conf", "\n".join(_ident(names)) + "\n", user)


_HBA = f"""\
local all {",".join(LOCAL_ROLES)} peer map=us
host  all all 127.0.0.1/32 scram-sha-256
"""


def _ident(names: Iterable[str]) -> list[str]:
    return [f'us "{name}" {role}' for name in names for role in LOCAL_ROLES]


def _write(path: Path, content: str, user: ServerUser) -> None:
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    if user.borrowed:
        os.chown(path, user.uid, user.gid)


def choose_port(place: Place, asked: int | None) -> int:
    """The port asked for, else the one remembered, else a free one.

    Raises WarehouseError when the port asked for is taken. A remembered one that is taken gives way to a free one,
    which is remembered in its stead: the pipeline's work does not wait for a port that only readers use.
    """
    if asked is not None:
        if not _is_free(asked):
            raise WarehouseError("port_taken", port=asked)
        return asked
    remembered = remembered_port(place)
    if remembered is not None and _is_free(remembered):
        return remembered
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def remembered_port(place: Place) -> int | None:
    """The port of the last start, or None."""
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
    """The data folder, or a new short private folder when a socket's path there would be too long."""
    if len(os.fsencode(place.data / ".s.PGSQL.65535")) <= LONGEST_SOCKET:
        return place.data
    folder = Path(tempfile.mkdtemp(prefix="qingyuan-", dir=SHORT_SOCKETS))
    if user.borrowed:
        os.chown(folder, user.uid, user.gid)
    return folder
