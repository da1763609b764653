"""The password of bi_reader is made once, kept closed, and known by its verifier alone."""

import stat
import threading
from pathlib import Path

import pytest

from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.passwords import is_noted, new_verifier, note_verifier, reader_password

# RFC 7677, section 3: password "pencil", its salt and 4096 rounds; the keys from the exchange shown there.
RFC_7677 = (
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
    "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
)


def test_made_once_and_closed(tmp_path: Path) -> None:
    home = tmp_path / "absent" / "home"
    password = reader_password(home, None)
    assert len(password) >= 32
    assert reader_password(home, None) == password
    assert stat.S_IMODE((home / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "secrets" / "bi_reader").stat().st_mode) == 0o600
    assert reader_password(tmp_path / "other", None) != password


def test_many_at_once_make_one(tmp_path: Path) -> None:
    barrier, made = threading.Barrier(8), list[str]()

    def make() -> None:
        barrier.wait(10)
        made.append(reader_password(tmp_path, None))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(made) == 8
    assert len(set(made)) == 1
    assert {path.name for path in (tmp_path / "secrets").iterdir()} == {"bi_reader"}


def test_a_given_one_is_not_written(tmp_path: Path) -> None:
    assert reader_password(tmp_path, "given") == "given"
    note_verifier(tmp_path, new_verifier("given"))
    assert all("given" not in path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file())


def test_the_verifier_is_the_one_of_the_standard(tmp_path: Path) -> None:
    note_verifier(tmp_path, RFC_7677)
    assert is_noted(tmp_path, "pencil")
    assert not is_noted(tmp_path, "Pencil")


def test_notes(tmp_path: Path) -> None:
    assert not is_noted(tmp_path, "one")
    note_verifier(tmp_path, new_verifier("one"))
    assert is_noted(tmp_path, "one")
    note_verifier(tmp_path, new_verifier("two"))
    assert not is_noted(tmp_path, "one")
    assert is_noted(tmp_path, "two")
    (tmp_path / "secrets" / "bi_reader.verifier").write_text("broken", encoding="ascii")
    assert not is_noted(tmp_path, "two")


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("", encoding="utf-8")
    with pytest.raises(WarehouseError) as refused:
        reader_password(tmp_path / "home", None)
    assert refused.value.reason == "home_not_usable"
