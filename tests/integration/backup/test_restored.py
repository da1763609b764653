"""A school backed up and restored into a home of its own: the same rows, rights, log, figures and pages."""

import json
import pwd
import shutil
import stat
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from orchestration.settings import Settings
from orchestration.warehouse import embedded, log
from orchestration.warehouse.backup import restore
from orchestration.warehouse.backup.errors import BackupError
from orchestration.warehouse.backup.make import Made
from orchestration.warehouse.connections import open_warehouse
from orchestration.warehouse.passwords import kept_password
from tests.integration.backup.schools import LOOKS, as_operator, backed_up, restored, rows
from tests.integration.embedded_homes import new_home, root_only, superuser
from tests.integration.runs import School

QUARTER = "2026Q1"


@pytest.fixture(scope="module")
def school(settings: Settings, with_marts: str, tmp_path_factory: pytest.TempPathFactory) -> School:
    """A quarter as the sample has it, one file of it refused."""
    open_warehouse(settings, "backed_up", template=with_marts)
    place = School(settings, "backed_up", tmp_path_factory.mktemp("school") / "home")
    place.deliver([QUARTER])
    place.succeed(QUARTER)
    with (
        place.warehouse.connect() as conn
    ):  # as `db logins add` does; roles are the whole server's, and stay out
        conn.execute(
            "insert into ops.membership (login, role, institution, code, granted_by) "
            "values ('college_c05', 'unit_reader', 'demo', 'C05', 'qingyuan')"
        )
    return place


@pytest.fixture(scope="module")
def made(school: School, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return backed_up(school, tmp_path_factory.mktemp("backups") / "new", by="li")


@pytest.fixture(scope="module")
def copy(made: Made, school: School) -> Iterator[School]:
    """The school on a server of its own, from the backup alone."""
    with new_home() as home:
        told = restored(home, made.path)
        assert (told.tables, told.rows, told.files) == (made.tables, made.rows, made.files)
        yield School(Settings(_env_file=None, home=home), "qingyuan", home)


def test_every_row_is_there(school: School, copy: School) -> None:
    with as_operator(school.warehouse) as ours, as_operator(copy.warehouse) as theirs:
        here, there = rows(ours), rows(theirs)
    entries, others = here.pop("audit.entry"), there.pop("audit.entry")
    assert here == there
    assert sum(map(len, here.values())) > 10_000
    # What came after: `made` here, `restored` there.
    assert len(set(entries) & set(others)) == len(entries) - 1 == len(others) - 1


@pytest.mark.parametrize("look", LOOKS)
def test_every_right_is_as_it_was(school: School, copy: School, look: str) -> None:
    with as_operator(school.warehouse) as ours, as_operator(copy.warehouse) as theirs:
        here, there = (conn.execute(look).fetchall() for conn in (ours, theirs))  # type: ignore[arg-type]
    assert here == there
    assert here


def test_the_log_holds_and_says_who(school: School, copy: School, made: Made) -> None:
    last = "select actor, action, object_id, content from audit.entry order by number desc limit 1"
    assert is_whole(copy)
    ((by, action, name, content),) = school.rows(last)
    assert (by, action, name) == ("li", "backup.made", made.path.name)
    assert json.loads(content)["sha256"] == made.sha256
    ((by, action, name, content),) = copy.rows(last)
    assert (by, action, name) == ("qingyuan", "backup.restored", made.path.name)
    assert json.loads(content)["sha256"] == made.sha256


def is_whole(school: School) -> bool:
    with school.warehouse.connect() as conn:
        return log.verify(conn).broken is None


def test_readers_see_the_same_and_get_in_with_the_password_of_the_new_home(
    school: School, copy: School
) -> None:
    assert copy.figures("bi_reader") == school.figures("bi_reader")
    ours, theirs = (place.warehouse.logins["bi_reader"]["password"] for place in (school, copy))
    assert ours != theirs
    with psycopg.connect(copy.warehouse.url("bi_reader")) as conn, pytest.raises(psycopg.Error):
        conn.execute("select from scores.indicator_score")


def test_a_personal_login_is_made_again_and_reads_its_own(copy: School) -> None:
    """Its password is in no backup: a new one is kept in the home."""
    password = kept_password(copy.home, "college_c05")
    assert password
    login = {**copy.warehouse.logins["bi_reader"], "user": "college_c05", "password": password}
    units = "select distinct subject_code from marts.fct_indicator_score where subject_kind = 'unit'"
    with psycopg.connect(**login) as conn:  # type: ignore[arg-type]
        assert conn.execute(units).fetchall() == [("C05",)]
    assert len(copy.rows(units, role="bi_reader")) > 40


def test_publications_are_as_they_were(school: School, copy: School) -> None:
    here, there = (
        {path.relative_to(home): path for path in (home / "publications").rglob("*")}
        for home in (school.home, copy.home)
    )
    assert here.keys() == there.keys()
    for name, path in here.items():
        assert path.is_symlink() == there[name].is_symlink(), name
        if path.is_symlink():
            assert path.readlink() == there[name].readlink()
        elif path.is_file():
            assert path.read_bytes() == there[name].read_bytes()


def test_the_same_deliveries_change_nothing(school: School, copy: School) -> None:
    shutil.copytree(school.home / "inbox", copy.home / "inbox")
    (copy.home / "dbt").symlink_to((school.server.home / "dbt").resolve())
    before = copy.footprints()
    copy.succeed(QUARTER)
    assert copy.footprints() == before
    version = "select institution, quarter, score_version from ops.current_version order by 1, 2"
    assert copy.rows(version) == school.rows(version)


def test_only_its_owner_may_read_it(made: Made) -> None:
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]


@root_only
def test_another_user_cannot_read_it(made: Made) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # a place that everybody passes: the file's own mode must do
        nobody = pwd.getpwnam("nobody")
        for path in (made.path, shutil.copy2(made.path, folder)):
            ran = subprocess.run(
                ["/bin/cat", path],
                user=nobody.pw_uid,
                group=nobody.pw_gid,
                extra_groups=[],
                capture_output=True,
                check=False,
            )
            assert ran.returncode != 0
            assert not ran.stdout


def test_what_it_lists_names_no_secret(made: Made, school: School) -> None:
    password = school.warehouse.logins["bi_reader"]["password"].encode()
    with tarfile.open(made.path) as tar:
        held = {member.name: tar.extractfile(member) for member in tar}
        for file in held.values():
            assert file
            content = file.read()
            assert password not in content
            assert b"SCRAM-SHA-256" not in content


def test_what_is_there_is_not_overwritten(copy: School, made: Made) -> None:
    with pytest.raises(BackupError) as refused:
        restored(copy.home, made.path)
    assert refused.value.reason == "database_in_use"
    for name, reason in (("Not a name", "bad_name"), ("postgres", "name_taken")):
        with pytest.raises(BackupError) as refused:
            restored(copy.home, made.path, set_aside=name)
        assert refused.value.reason == reason


def test_who_comes_in_while_it_is_loaded_leaves_all_as_it_was(copy: School, made: Made) -> None:
    page = next((copy.home / "publications").rglob("*.html"))
    content, sessions = page.read_bytes(), ExitStack()

    def tell(key: str, **_: object) -> None:
        if key == "comparing":
            sessions.enter_context(copy.warehouse.connect())

    page.write_text("altered", encoding="utf-8")
    with sessions, pytest.raises(BackupError) as refused:
        restored(copy.home, made.path, set_aside="before", tell=tell)
    assert refused.value.reason == "still_connected"
    assert page.read_text(encoding="utf-8") == "altered"
    assert not list(copy.home.glob("*publications*.*"))
    page.write_bytes(content)
    assert is_whole(copy)


def test_what_is_there_is_kept_under_its_new_name(copy: School, made: Made) -> None:
    """And nothing goes while somebody is in it."""
    server = embedded.start(copy.home)
    with copy.warehouse.connect(), pytest.raises(BackupError) as refused:
        restored(copy.home, made.path, set_aside="before")
    assert refused.value.reason == "still_connected"
    with copy.warehouse.connect() as conn:
        head = log.verify(conn).head
    page = next((copy.home / "publications").rglob("*.html"))
    page.write_text("altered", encoding="utf-8")
    restored(copy.home, made.path, set_aside="before")
    with superuser(server, dbname="before") as conn:
        assert log.verify(conn).head == head
    with superuser(server) as conn:
        names = {name for (name,) in conn.execute("select datname from pg_database")}
    assert names == {"postgres", "template0", "template1", "qingyuan", "before"}
    with pytest.raises(psycopg.OperationalError, match="too many connections"):
        psycopg.connect(**{**copy.warehouse.logins["pipeline"], "dbname": "before"})  # type: ignore[arg-type]
    kept = copy.home / "publications.before" / page.relative_to(copy.home / "publications")
    assert kept.read_text(encoding="utf-8") == "altered" != page.read_text(encoding="utf-8")
    assert is_whole(copy)


def test_folder_in_place_and_no_database_is_where_a_killed_restore_may_stop(copy: School, made: Made) -> None:
    """The folder comes first: one that holds what the backup does stays, any other is not overwritten."""
    page = next((copy.home / "publications").rglob("*.html"))
    content = page.read_bytes()
    with superuser(embedded.start(copy.home)) as conn:
        conn.execute("drop database qingyuan with (force)")
        page.write_bytes(content + b"!")
        with pytest.raises(BackupError) as refused:
            restored(copy.home, made.path)
        assert refused.value.reason == "publications_in_use"
        assert conn.execute("select from pg_database where datname = 'qingyuan'").rowcount == 0
    page.write_bytes(content)
    assert restored(copy.home, made.path).kept_publications is None
    assert is_whole(copy)


def test_a_backup_of_a_newer_program(copy: School, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restore, "head", lambda: "0001")
    with pytest.raises(BackupError, match="newer program"):
        restored(copy.home, made.path)
