"""The container files say what the code means: services, settings by their names, the lock with hashes."""

import re
import runpy
from pathlib import Path

import yaml

from orchestration.settings import PROJECT, Settings

DOCKER = PROJECT / "docker"
COMPOSE = yaml.safe_load((DOCKER / "compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = (DOCKER / "Dockerfile").read_text(encoding="utf-8")


def test_services_and_their_secrets() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"postgres", "webserver", "daemon"}
    for service in services.values():
        assert set(service["secrets"]) <= set(COMPOSE["secrets"])
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:")
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or source.startswith("${QINGYUAN_")


def test_every_setting_named_is_one() -> None:
    names = {name for service in COMPOSE["services"].values() for name in service["environment"]}
    ours = {
        name.removeprefix("QINGYUAN_").removesuffix("_FILE").lower() for name in names if "QINGYUAN" in name
    }
    assert ours
    assert ours <= set(Settings.model_fields)


def test_no_secret_stands_in_a_file() -> None:
    for service in COMPOSE["services"].values():
        for name, value in service["environment"].items():
            assert "PASSWORD" not in name or value.startswith("/run/secrets/")
            assert "://" not in value


def test_the_image_is_built_from_the_lock_and_runs_as_a_plain_user() -> None:
    assert "pip install --require-hashes -r requirements.lock" in DOCKERFILE
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE) == ["qingyuan"]
    for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (PROJECT / source).exists(), source


def test_secrets_come_from_files(tmp_path: Path) -> None:
    secret = tmp_path / "database_url"
    secret.write_text("postgresql://a:b@c/d\n", encoding="utf-8")
    secrets_from_files = runpy.run_path(str(DOCKER / "entrypoint.py"))["secrets_from_files"]
    given = {"QINGYUAN_DATABASE_URL_FILE": str(secret), "QINGYUAN_HOME": "/x", "OTHER_FILE": "/absent"}
    assert secrets_from_files(given) == {"QINGYUAN_DATABASE_URL": "postgresql://a:b@c/d"}
