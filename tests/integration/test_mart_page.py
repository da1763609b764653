"""The page that explains the marts: whole in one file, nothing to fetch, nothing of the machine that made it."""

import getpass
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.assets.mart_page import mart_page_is_current, write_mart_page
from orchestration.cli import main
from orchestration.settings import PROJECT, Settings
from orchestration.settings import settings as own_settings
from tests.integration.runs import share_parsed, theirs_ignored

# What a browser asks for by itself.
FETCHED = re.compile(
    r"<(?:script|link|img|iframe|source|use)\b[^>]*\b(?:src|href)\s*=\s*[\"'](?!#|data:)[^\"']", re.IGNORECASE
)


@pytest.fixture(scope="module")
def own(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("explained") / "home"
    share_parsed(home, settings.home)
    return settings.model_copy(update={"home": home})


@pytest.fixture(scope="module")
def page(own: Settings) -> str:
    assert not mart_page_is_current(own)
    with theirs_ignored():
        path = write_mart_page(own)
    assert path == own.home / "docs" / "marts.html"
    assert [one.name for one in path.parent.iterdir()] == ["marts.html"]
    return path.read_text(encoding="utf-8")


def test_it_holds_every_mart_in_both_languages(page: str, settings: Settings) -> None:
    marts = [path.stem for path in (settings.dbt_project / "models" / "marts").glob("*.sql")]
    assert len(marts) > 35
    for mart in marts:
        assert f'"model.qingyuan.{mart}"' in page
    assert "热力图数据　One row per institution" in page
    assert '"has_key"' in page
    assert "这一页说明仓库" in page


def test_it_fetches_nothing(page: str) -> None:
    # Of Angular's templates, which are strings of its script, only those that a browser would act upon.
    assert not FETCHED.findall(re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL))
    assert "connect-src 'none'" in page[:2000]
    for told in ("fuzzed.getdbt.com", "sinter-collect", "googletagmanager", "fonts.googleapis"):
        assert told not in page
    assert not re.search(r"(?<!attr-)xlink:href=\"\{\{", page)


def test_it_says_nothing_of_the_machine(page: str, own: Settings) -> None:
    home = Path.home()
    for said in (str(PROJECT), str(own.home), f"{home}/", f"/{getpass.getuser()}/"):
        assert said not in page
    assert "invocation_id" not in page
    assert "user_id" not in page.split("</head>")[1].split('"nodes"')[0]
    assert not re.search(r"\"(?:QINGYUAN_DBT_PASSWORD|password)\": \"[^\"]", page)


def test_a_description_cannot_end_the_script(page: str) -> None:
    """The graph stands in a script, where only what ends one matters."""
    start = page.index('{"metadata": {"dbt_schema_version"')
    graph, end = json.JSONDecoder().raw_decode(page, start)
    assert len(graph["nodes"]) > 300
    assert "<" not in page[start:end]


def test_it_is_current_until_the_project_changes(own: Settings, page: str) -> None:
    assert page
    assert mart_page_is_current(own)
    stale = own.mart_page.read_text(encoding="utf-8").replace('content="qingyuan ', 'content="qingyuan 0', 1)
    own.mart_page.write_text(stale, encoding="utf-8")
    assert not mart_page_is_current(own)


def test_a_command_writes_it(own: Settings, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGYUAN_HOME", str(own.home))
    monkeypatch.setenv("QINGYUAN_LANGUAGE", "en")
    own_settings.cache_clear()
    own.mart_page.unlink()
    with theirs_ignored():
        said = CliRunner().invoke(main, ["marts", "docs"])
    own_settings.cache_clear()
    assert (said.exit_code, said.output.strip()) == (0, f"Written: {own.mart_page}")
    assert own.mart_page.read_text(encoding="utf-8") == page
