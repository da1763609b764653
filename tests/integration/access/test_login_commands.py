"""`qingyuan db roles`, `db logins` and `db url` as persons use them; what is refused beneath is tested where it is."""

import json
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import sql

from orchestration.cli import main
from orchestration.settings import Settings
from orchestration.settings import settings as own_settings
from orchestration.warehouse.connections import open_warehouse
from tests.integration.access.members import superuser

NAMES = ("cmd_login", "cmd_given", "cmd_bi")
LONG = "a password of fourteen words"


@pytest.fixture(scope="module")
def environment(settings: Settings) -> Iterator[pytest.MonkeyPatch]:
    """The session's server as the product's own."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("QINGYUAN_HOME", str(settings.home))
        monkeypatch.chdir(settings.home.parent)
        own_settings.cache_clear()
        open_warehouse(settings)
        yield monkeypatch
    own_settings.cache_clear()


@pytest.fixture(autouse=True)
def none_left(environment: pytest.MonkeyPatch, settings: Settings) -> Iterator[None]:
    """Roles are the whole server's: none outlives its test."""
    yield
    with superuser(open_warehouse(settings)) as conn:
        for name in NAMES:
            if conn.execute("select from pg_roles where rolname = %s", [name]).rowcount:
                conn.execute(sql.SQL("drop owned by {0}; drop role {0}").format(sql.Identifier(name)))
        conn.execute(
            "delete from ops.membership where login <> 'bi_reader'; delete from ops.person where code = 'warden'"
        )
    for path in (settings.home / "secrets" / "logins").glob("*"):
        path.unlink()


@pytest.fixture
def run(environment: pytest.MonkeyPatch) -> Any:
    def run(line: str, *, code: int = 0, language: str = "en", typed: str | None = None) -> str:
        environment.setenv("QINGYUAN_LANGUAGE", language)
        own_settings.cache_clear()
        result = CliRunner().invoke(main, shlex.split(line), input=typed)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        assert LONG not in result.output
        return result.output.strip()

    return run


def enters(url: str, password: str | None = None) -> bool:
    try:
        with psycopg.connect(url, **({"password": password} if password else {})) as conn:
            return conn.execute("select current_setting('transaction_read_only')").fetchone() == ("on",)
    except psycopg.OperationalError:
        return False


def secrets(settings: Settings) -> dict[str, int]:
    return {
        path.name: stat.S_IMODE(path.stat().st_mode)
        for path in (settings.home / "secrets" / "logins").glob("*")
    }


def test_a_college_s_reader_from_the_first_day_to_the_last(run: Any, settings: Settings) -> None:
    given = run("db logins add cmd_login --role unit_reader --code C05")
    assert given.splitlines() == [
        "The login cmd_login reads: unit_reader, unit C05 (demo).",
        "Its password was made and is kept on this machine; qingyuan db url --role cmd_login prints the address."
        " Hand it over safely.",
    ]
    assert secrets(settings) == {"cmd_login": 0o600}
    url = run("db url --role cmd_login")
    assert url.startswith("postgresql://cmd_login:")
    assert enters(url)
    again = run("db logins add cmd_login --role unit_reader --code C05", language="zh-CN")
    assert again.splitlines() == [
        "登录账号 cmd_login 本来就可以读取：unit_reader，单位 C05（demo）。",
        "密码没有变化。",
    ]
    run("db logins add cmd_login --role steward --code publicity")
    rows = json.loads(run("db logins list --json"))
    assert [(row["login"], row["role"], row["institution"], row["code"]) for row in rows] == [
        ("bi_reader", "bi_reader", None, None),
        ("cmd_login", "unit_reader", "demo", "C05"),
        ("cmd_login", "steward", "demo", "publicity"),
    ]
    assert "1 thing less" in run("db logins end cmd_login --role steward --code publicity")
    assert enters(url)
    assert "已停用" in run("db logins end cmd_login", language="zh-CN")
    assert not enters(url)
    assert secrets(settings) == {}
    assert "cmd_login" not in run("db logins list")
    assert "部门 publicity 报送的数据" in run("db logins list --all", language="zh-CN")
    assert "由 qingyuan 停用" in run("db logins list --all", language="zh-CN")
    assert "keeps no password" in run("db url --role cmd_login", code=2)
    run("db logins add cmd_login --role unit_reader --code C05")
    assert enters(run("db url --role cmd_login"))
    assert not enters(url)  # the password of before is void


def test_a_password_that_was_given_is_kept_nowhere(run: Any, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "word").write_text(f"{LONG}\nand a second line\n", encoding="utf-8")
    run("db logins add cmd_given --role portrait_reader")
    assert secrets(settings) == {"cmd_given": 0o600}
    url = run("db url --role cmd_given")
    line = f"db logins add cmd_given --role portrait_reader --password-file {tmp_path / 'word'}"
    assert "kept nowhere" in run(line)
    assert secrets(settings) == {}
    assert enters(url, LONG)
    assert not enters(url)
    typed = f"{LONG}er\n{LONG}er\n"
    told = run("db logins add cmd_given --role portrait_reader --ask-password", typed=typed, language="zh-CN")
    assert "没有保存" in told
    assert enters(url, f"{LONG}er")
    run("db logins add cmd_given --role portrait_reader --new-password")
    assert enters(run("db url --role cmd_given"))
    assert not enters(url, f"{LONG}er")
    with open_warehouse(settings).connect() as conn:
        log = conn.execute("select string_agg(content, '') from audit.entry").fetchone()[0]
    assert LONG not in log
    assert url.split(":")[2].split("@")[0] not in log


@pytest.mark.parametrize(
    ("line", "en", "zh"),
    [
        ("db logins add x --role auditor --everywhere", "no name for a login", "不能作登录账号"),
        ("db logins add ../../etc --role auditor --everywhere", "no name for a login", "不能作登录账号"),
        ("db logins add cmd_login --role auditor", "Say where the role auditor reads", "读哪个机构"),
        (
            "db logins add cmd_login --role auditor --everywhere --institution demo",
            "--everywhere",
            "--everywhere",
        ),
        (
            "db logins add cmd_login --role unit_reader --everywhere --code C05",
            "for one institution",
            "只限一个机构",
        ),
        ("db logins add cmd_login --role unit_reader", "Say which unit", "哪个单位"),
        ("db logins add cmd_login --role unit_reader --code P01", "no unit “P01”", "没有代码为“P01”的单位"),
        ("db logins add cmd_login --role unit_reader --code C55", "C05", "C05"),
        ("db logins add cmd_login --role unit_reader --code C05 --institution x", "x", "x"),
        ("db logins add cmd_login --role leader_reader --code C05", "no post “C05”", "没有代码为“C05”的职务"),
        (
            "db logins add cmd_login --role steward --code C05",
            "no department “C05”",
            "没有代码为“C05”的报送部门",
        ),
        ("db logins add cmd_login --role bi_reader --code C05 --institution demo", "leave out", "不要写"),
        ("db logins add cmd_login --role reader --code C05", "unit_reader", "unit_reader"),
        ("db logins add bi_reader --role unit_reader --code C05", "Take another name", "请换一个名字"),
        (
            "db logins add cmd_login --role unit_reader --code C05 --as li",
            "No person has the code",
            "没有登记代码",
        ),
        ("db logins add cmd_login --role unit_reader --code C05 --password-file absent", "absent", "absent"),
        ("db logins end cmd_login", "There is no login", "没有名为"),
        ("db logins end bi_reader", "is not ended", "不能停用"),
        ("db url --role ../bi_reader", "keeps no password", "没有保存"),
    ],
)
def test_a_mistake_is_one_sentence_and_leaves_nothing(
    run: Any, settings: Settings, line: str, en: str, zh: str
) -> None:
    for language, part in (("en", en), ("zh-CN", zh)):
        said = run(line, code=2, language=language)
        assert part in said
        assert "\n" not in said
    assert secrets(settings) == {}
    with superuser(open_warehouse(settings)) as conn:
        assert not conn.execute("select from pg_roles where rolname = any(%s)", [list(NAMES)]).rowcount


def test_a_short_password_is_refused(run: Any, tmp_path: Path) -> None:
    (tmp_path / "word").write_text("short", encoding="utf-8")
    line = f"db logins add cmd_given --role portrait_reader --password-file {tmp_path / 'word'}"
    assert "12 characters" in run(line, code=2)


def test_once_somebody_administers_security_that_person_gives(run: Any) -> None:
    run("persons set warden --everywhere --unit X --rights security,system")
    line = "db logins add cmd_bi --role bi_reader --everywhere"
    assert "warden" in run(line, code=2)
    assert "every unit (every institution)" in run(f"{line} --as warden")
    assert "由 warden 授予" in run("db logins list", language="zh-CN")
    assert "安全管理员（warden）" in run("db logins end cmd_bi", code=2, language="zh-CN")
    assert "has ended" in run("db logins end cmd_bi --as warden")
    assert "system,security" in run("persons list")


def test_roles_are_mended_and_told(run: Any, settings: Settings) -> None:
    run("db logins add cmd_login --role unit_reader --code C05")
    assert run("db roles") == "All roles and rights are as they are to be."
    damage = (
        "alter role bi_reader connection limit -1",
        "alter role cmd_login set statement_timeout = 0",
        "grant pipeline to cmd_login",
        "grant connect on database qingyuan to public",
        "grant execute on function pg_advisory_lock(bigint) to public",
    )
    for language, told in (
        ("en", [
            "The attribute connection limit of the role bi_reader was -1 and is now 20.",
            "The membership of cmd_login in pipeline was inherit, set and is now nothing.",
            "The setting statement_timeout of the role cmd_login was 0 and is now 60s.",
            "What public (everybody) may do in the database was CONNECT and is now nothing.",
            "Functions that public (everybody) could run were closed: pg_advisory_lock.",
            "Made or mended: 5. What was mended is in the log.",
        ]),
        ("zh-CN", [
            "角色 bi_reader 的属性 connection limit：原为 -1，现为 20。",
            "角色 cmd_login 作为 pipeline 的成员：原为 inherit, set，现为 无。",
            "角色 cmd_login 的设置 statement_timeout：原为 0，现为 60s。",
            "角色 public（所有角色） 在数据库上的权限：原为 CONNECT，现为 无。",
            "已收回 public（所有角色） 执行以下函数的权限：pg_advisory_lock。",
            "共建立或修复 5 处；修复的已记入日志。",
        ]),
    ):  # fmt: skip
        with superuser(open_warehouse(settings)) as conn:
            for statement in damage:
                conn.execute(statement)  # type: ignore[call-overload]
        assert sorted(run("db roles", language=language).splitlines()) == sorted(told)
    assert run("db roles", language="zh-CN") == "所有角色和权限都符合规定。"
    with superuser(open_warehouse(settings)) as conn:
        conn.execute("drop owned by cmd_login; drop role cmd_login")
    assert "The role cmd_login was made." in run("db roles")
    assert enters(run("db url --role cmd_login"))
