"""A Superset of the test's own, on a loopback port, and what its dashboards ask the database and get back.

It runs from `.venv-bi`, an environment that holds Superset and nothing of ours. Not here: what is expected.
"""

import json
import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
BIN = PROJECT / ".venv-bi" / "bin"
USER = "tester"
CONFIG = """
SECRET_KEY = {key!r}
SQLALCHEMY_DATABASE_URI = "sqlite:///{home}/superset.db?check_same_thread=false"
WTF_CSRF_ENABLED = TALISMAN_ENABLED = False
"""
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Chart:
    """A chart of a dashboard as Superset holds it: what it asks for, and the filters set when it opens."""

    title: str
    asks: dict[str, Any]
    labels: Mapping[str, str]
    filters: tuple[str, ...]

    def filtered(self, values: Mapping[str, str]) -> dict[str, Any]:
        """The request that the dashboard sends with these values in the filters above it, by column."""
        given = [{"col": column, "op": "IN", "val": [values[column]]} for column in self.filters]
        queries = [{**query, "filters": [*given, *query["filters"]]} for query in self.asks["queries"]]
        return {**self.asks, "queries": queries}


class Superset:
    """One Superset in `home`: its configuration, its metadata, its server."""

    def __init__(self, home: Path) -> None:
        self.home, self.password = home, secrets.token_urlsafe(12)
        config = home / "superset_config.py"
        config.write_text(CONFIG.format(key=secrets.token_urlsafe(32), home=home))
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "SUPERSET_CONFIG_PATH": str(config),
            "FLASK_APP": "superset",
            "SCARF_ANALYTICS": "false",
        }
        self.run("superset", "db", "upgrade")
        self.run("superset", "init")
        who = ["--username", USER, "--firstname", "T", "--lastname", "T", "--email", "t@example.org"]
        self.run("superset", "fab", "create-admin", *who, "--password", self.password)
        self.port = free_port()
        serve = [BIN / "gunicorn", "-k", "gthread", "--threads", "4", "--timeout", "120"]
        where = ["-b", f"127.0.0.1:{self.port}", "superset.app:create_app()"]
        with (home / "server.log").open("wb") as log:
            self.server = subprocess.Popen([*serve, *where], env=self.environment, stdout=log, stderr=log)
        self.wait()

    def run(self, program: str, *arguments: str, given: str = "") -> str:
        """A program of Superset's environment; what it printed. Fails the test when it fails."""
        done = subprocess.run(
            [BIN / program, *arguments], env=self.environment, input=given, text=True, capture_output=True
        )
        assert not done.returncode, f"{program} {arguments[:2]}: {done.stdout}{done.stderr}"
        return done.stdout

    def wait(self) -> None:
        for _ in range(600):
            assert self.server.poll() is None, (self.home / "server.log").read_text()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health"):
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
        raise AssertionError("Superset did not come up")

    def stop(self) -> None:
        self.server.terminate()
        self.server.wait(30)

    @cached_property
    def token(self) -> str:
        who = {"username": USER, "password": self.password, "provider": "db"}
        return str(self.call("security/login", who, token=None)["access_token"])

    def call(self, path: str, body: Any = None, token: str | None = "own") -> Any:
        """One request to Superset's REST API; the answer, or the test fails with what Superset said."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/{path}",
            None if body is None else json.dumps(body).encode(),
            headers,
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.read().decode()[:2000]}") from error

    def import_as(self, name: str, url: str) -> list[str]:
        """The bundle for one connection, as a person imports it; the slugs of its dashboards."""
        script = PROJECT / "docs" / "bi" / "import_dashboards.py"
        arguments = [str(script), "--name", name, "--url-file", "-", "--user", USER]
        said = self.run("python", *arguments, given=url)
        return [line.split("/")[3] for line in said.splitlines() if line.startswith("/superset/dashboard/")]

    def charts(self, slug: str) -> dict[str, Chart]:
        """The charts of a dashboard, by title."""
        datasets = self.call(f"dashboard/{slug}/datasets")["result"]
        labels = {dataset["id"]: dataset["verbose_map"] for dataset in datasets}
        set_at_once = {
            one["targets"][0]["column"]["name"]: one["scope"]["excluded"]
            for one in self.native_filters(slug)
            if one.get("requiredFirst")
        }
        charts = {}
        for listed in self.call(f"dashboard/{slug}/charts")["result"]:
            asks = json.loads(self.call(f"chart/{listed['id']}")["result"]["query_context"])
            title = listed["slice_name"]
            filters = tuple(column for column, without in set_at_once.items() if listed["id"] not in without)
            charts[title] = Chart(title, asks, labels[asks["datasource"]["id"]], filters)
        return charts

    def choices(self, slug: str) -> dict[str, Chart]:
        """What a dashboard asks for to fill its filters, by the filter's name in `native_filter_configuration`."""
        return {
            one["id"].removeprefix("NATIVE_FILTER-"): Chart(one["name"], _choices(one), {}, _above(one))
            for one in self.native_filters(slug)
        }

    def native_filters(self, slug: str) -> list[dict[str, Any]]:
        metadata = json.loads(self.call(f"dashboard/{slug}")["result"]["json_metadata"])
        return list(metadata["native_filter_configuration"])

    def rows(self, chart: Chart, values: Mapping[str, str]) -> Rows:
        """What the database answers to the chart."""
        (answer,) = self.call("chart/data", chart.filtered(values))["result"]
        assert not answer.get("error"), answer["error"]
        return list(answer["data"])

    def sql(self, chart: Chart, values: Mapping[str, str]) -> str:
        """What Superset sends for the chart."""
        asks = {**chart.filtered(values), "result_type": "query"}
        return str(self.call("chart/data", asks)["result"][0]["query"])


def _choices(one: Mapping[str, Any]) -> dict[str, Any]:
    """As the page in the browser asks for a filter's values."""
    (target,) = one["targets"]
    column = target["column"]["name"]
    order = [[column, one["controlValues"]["sortAscending"]]]
    query = {"columns": [column], "metrics": [], "filters": [], "orderby": order, "row_limit": 1000}
    return {"datasource": {"id": target["datasetId"], "type": "table"}, "queries": [query]}


def _above(one: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns whose filters narrow this one's values."""
    return tuple(parent.removeprefix("NATIVE_FILTER-") for parent in one["cascadeParentIds"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
