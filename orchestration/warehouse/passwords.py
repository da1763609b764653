"""The passwords of bi_reader and of personal logins: given, or made once and kept in the home; which one is in force.

Not here: setting them in the database (`roles.py`).
"""

import hashlib
import hmac
import os
import secrets
import tempfile
from base64 import b64decode, b64encode
from contextlib import suppress
from pathlib import Path

from orchestration.warehouse.errors import WarehouseError

_ITERATIONS = 4096


def reader_password(home: Path, given: str | None) -> str:
    """The password: `given`, else the one kept in `<home>/secrets/bi_reader`, made at the first call.

    Raises WarehouseError when the home cannot be read or written.
    """
    if given is not None:
        return given
    path = home / "secrets" / "bi_reader"
    try:
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(24) + "\n")
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise WarehouseError("home_not_usable", home=home, said=error.strerror) from error


def keep_password(home: Path, login: str) -> str:
    """A password of a personal login, made and kept in `<home>/secrets/logins/<login>`; the kept one where there is."""
    path = login_file(home, login)
    try:
        path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(24) + "\n")
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise WarehouseError("home_not_usable", home=home, said=error.strerror) from error


def kept_password(home: Path, login: str) -> str | None:
    """The password that the home keeps of a personal login; None where it keeps none."""
    try:
        return login_file(home, login).read_text(encoding="utf-8").strip()
    except OSError:
        return None


def forget_password(home: Path, login: str) -> None:
    """Keep the password no longer: another was given, or the login has ended."""
    login_file(home, login).unlink(missing_ok=True)


def login_file(home: Path, login: str) -> Path:
    """Where the home keeps the password of a personal login."""
    return home / "secrets" / "logins" / login


def new_verifier(password: str) -> str:
    """A SCRAM-SHA-256 verifier as Postgres stores it (RFC 5803), with a new salt."""
    return _verifier(password, secrets.token_bytes(16))


def note_verifier(home: Path, verifier: str) -> None:
    """Remember that the database was given `verifier`."""
    path = home / "secrets" / "bi_reader.verifier"
    path.unlink(missing_ok=True)
    _write_once(path, verifier + "\n")


def is_noted(home: Path, password: str) -> bool:
    """Whether the verifier last given to the database is one of `password`."""
    noted = noted_verifier(home)
    try:
        salt = b64decode(noted.split("$")[1].split(":")[1])
    except (IndexError, ValueError):
        return False
    return hmac.compare_digest(noted, _verifier(password, salt))


def noted_verifier(home: Path) -> str:
    """The verifier last given to the database; empty where none was, or the note cannot be read."""
    try:
        return (home / "secrets" / "bi_reader.verifier").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def _verifier(password: str, salt: bytes) -> str:
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ITERATIONS)
    client = hmac.digest(salted, b"Client Key", "sha256")
    stored = b64encode(hashlib.sha256(client).digest()).decode()
    server = b64encode(hmac.digest(salted, b"Server Key", "sha256")).decode()
    return f"SCRAM-SHA-256${_ITERATIONS}:{b64encode(salt).decode()}${stored}:{server}"


def _write_once(path: Path, content: str) -> None:
    """Write a file only we may read, unless it is there; it appears whole or not at all."""
    path.parent.parent.mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle, new = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)
    with suppress(FileExistsError):
        os.link(new, path)
    Path(new).unlink()
