"""Restoring a backup: on a fresh server, or beside what is there, which then keeps on under another name.

Nothing is ever overwritten, and nobody sees a database before it was compared with the backup. Not here: loading
and comparing (`load.py`), what the roles are (`roles.py`).
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from orchestration.settings import Settings
from orchestration.warehouse import log
from orchestration.warehouse.backup import publications
from orchestration.warehouse.backup.archive import Backup, open_backup
from orchestration.warehouse.backup.content import Content
from orchestration.warehouse.backup.errors import BackupError
from orchestration.warehouse.backup.load import compare, load, tidy
from orchestration.warehouse.backup.logins import Connection, Login, connect
from orchestration.warehouse.backup.make import FORMAT, Tell
from orchestration.warehouse.backup.programs import major
from orchestration.warehouse.backup.target import Target, target_of
from orchestration.warehouse.login_roles import lost_logins, open_login
from orchestration.warehouse.migrate import head
from orchestration.warehouse.passwords import keep_password, new_verifier

RESTORED = "backup.restored"
_OLDEST_SERVER = 17  # pg_restore of version 18 sets what 16 does not know


@dataclass(frozen=True)
class Restored:
    """What was restored and found to be what the backup tells.

    `access`: lines of owners, grants and policies; `links`: entries of the log, the last with the hash `head`;
    `migrated_from`: the older revision that was brought forward; `kept_publications`: where those before are now;
    `logins`: personal logins that this server did not know, made with new passwords, kept in the home.
    """

    made_at: str
    tables: int
    rows: int
    access: int
    files: int
    links: int
    head: str
    migrated_from: str | None
    kept_publications: Path | None
    logins: int


def restore_backup(
    settings: Settings,
    path: Path,
    *,
    by: str,
    allow: Callable[[Connection], None],
    tell: Tell,
    set_aside: str | None = None,
) -> Restored:
    """Restore the backup at `path` into the warehouse and the home of `settings`.

    `by` is entered into the log; `allow` looks into what was restored and raises where `by` may not.
    `set_aside` names the database under which the present one is kept, and the folder of its publications with it;
    without it a database with rows is refused. Raises BackupError or WarehouseError, and changes nothing then.
    """
    tell("checking", path=path)
    backup = open_backup(path)
    if backup.manifest["format"] != FORMAT or backup.manifest["migration"] > head():
        raise BackupError("backup_newer", found=backup.manifest.get("migration"), known=head())
    with target_of(settings, set_aside) as target, _unpacked(settings.publications, backup) as folder:
        _check_server(backup, target)
        tell("loading", megabytes=backup.manifest["dump"]["bytes"] // 2**20)
        load(backup, target.login)
        tell("comparing", tables=len(backup.manifest["content"]["tables"]))
        content = compare(backup, target.login, lambda *_: None)
        _check_log(backup, target.login)
        target.complete()
        with connect(target.login) as conn:
            allow(conn)
            logins = _enter(conn, backup, by, settings.home.expanduser().absolute())
        with _put(folder, settings.publications, backup, set_aside) as kept:
            target.publish()
    return _told(backup, content, kept, logins)


def _check_server(backup: Backup, target: Target) -> None:
    """The server understands the dump, and has every role that the dump names."""
    found, needed = target.server // 10_000, max(backup.manifest["server"], _OLDEST_SERVER)
    if found < needed:
        raise BackupError("server_older", found=found, needed=needed)
    if found > major():
        raise BackupError("server_newer", found=found, known=major())
    with connect(target.login) as conn:
        known = {name for (name,) in conn.execute("select rolname from pg_roles")}
    if absent := sorted(set(backup.manifest["roles"]) - known):
        raise BackupError("role_missing", roles=", ".join(absent))


def _check_log(backup: Backup, login: Login) -> None:
    """The log holds from its first link to the last one that the backup names."""
    told = backup.manifest["log"]
    with connect(login) as conn:
        chain = log.verify(conn)
    if chain.broken or (chain.length, chain.head) != (told["length"], told["head"]):
        raise BackupError("log_broken", number=chain.length + 1)


def _enter(conn: Connection, backup: Backup, by: str, home: Path) -> int:
    """Personal logins, and the restore as the log's next entry; how many logins were made.

    No password is in a backup: they are set anew, and kept in the home as those of new logins are.
    """
    with conn.transaction():
        lost = lost_logins(conn)
        for login in lost:
            open_login(conn, login, new_verifier(keep_password(home, login)))
        content = {key: backup.manifest[key] for key in ("made_at", "log")}
        told = {**content, "sha256": backup.sha256, "logins": lost}
        log.append(conn, [log.Entry(by, RESTORED, None, None, "backup", backup.path.name, told)])
    tidy(conn)
    return len(lost)


@contextmanager
def _unpacked(place: Path, backup: Backup) -> Iterator[Path]:
    """The publications of the backup in a hidden folder beside their place, gone at the end unless renamed."""
    for left in place.parent.glob(f".{place.name}.*"):
        shutil.rmtree(left, ignore_errors=True)  # the home is ours alone: a killed restore left it
    folder = place.with_name(f".{place.name}.{uuid4().hex[:8]}")
    try:
        folder.mkdir()
        publications.unpack(backup, folder)
        yield folder
    except OSError as error:
        raise BackupError("not_unpacked", folder=place, said=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _put(folder: Path, place: Path, backup: Backup, set_aside: str | None) -> Iterator[Path | None]:
    """The folder to its place; where what stood there is kept, if it had to go. All as before if the block fails.

    One that holds just what the backup does may stay: a restore that was killed left it.
    """
    if place.is_dir() and publications.is_same(place, backup.manifest["publications"]):
        yield None
        return
    kept = place.with_name(f"{place.name}.{set_aside}")
    is_kept = place.exists() and any(place.iterdir())
    if is_kept and set_aside is None:
        raise BackupError("publications_in_use", folder=place)
    if is_kept and kept.exists():
        raise BackupError("name_taken", name=kept)
    if is_kept:
        place.rename(kept)
    elif place.exists():
        place.rmdir()
    folder.rename(place)
    try:
        yield kept if is_kept else None
    except BaseException:
        place.rename(folder)  # whose maker takes it away
        if is_kept:
            kept.rename(place)
        raise


def _told(backup: Backup, content: Content, kept: Path | None, logins: int) -> Restored:
    revision = backup.manifest["migration"]
    return Restored(
        backup.manifest["made_at"],
        len(content.tables),
        content.rows,
        len(content.access),
        len(backup.manifest["publications"]["files"]),
        backup.manifest["log"]["length"],
        backup.manifest["log"]["head"],
        None if revision == head() else revision,
        kept,
        logins,
    )
