"""What is deployed is what the code knows: compose file, Prefect's file, dashboard, image."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from flows.deploy import DEPLOYMENTS, POOL, Deployment
from pipeline.cli.app import app
from pipeline.machine.parts import Kind
from pipeline.observe import metrics
from pipeline.settings import Settings, unknown_names

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
OURS = sorted(name for name, told in COMPOSE["services"].items() if "ZISHEN_DATA_DIR" in str(told))


def filled(text: str) -> str:
    """Put something in place of each secret, as compose does."""
    return re.sub(r"\$\{\w+:\?\}", "secret", text)


def environment(service: str) -> dict[str, str]:
    told: dict[str, str] = COMPOSE["services"][service]["environment"]
    return {name: filled(value) for name, value in told.items()}


@pytest.mark.parametrize("service", OURS)
def test_every_service_of_the_compose_file_has_settings_that_load(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = environment(service)
    assert not unknown_names(told)
    for name, value in told.items():
        monkeypatch.setenv(name, value)

    settings = Settings()

    assert settings.storage.kind == "minio"
    assert settings.database_url.startswith("postgresql+psycopg://")
    assert settings.prefect.api_url == "http://prefect:4200/api"
    assert settings.dask.scheduler == "tcp://scheduler:8786"
    assert settings.metrics.token is not None


def test_every_secret_of_the_compose_file_is_asked_for_in_the_example() -> None:
    asked = set(re.findall(r"\$\{(\w+):\?\}", (ROOT / "compose.yaml").read_text("utf-8")))
    listed = re.findall(
        r"^(\w+)=(.*)$", (ROOT / "deploy.env.example").read_text("utf-8"), re.MULTILINE
    )

    assert {name for name, _ in listed} == asked
    assert not [name for name, value in listed if value]


@pytest.mark.parametrize("service", OURS)
def test_every_command_of_the_compose_file_is_one_of_ours(service: str) -> None:
    program, command, *rest = COMPOSE["services"][service]["command"]

    assert program == "zishen"
    assert command in get_command(app).commands  # type: ignore[attr-defined]
    if command == "up":
        assert rest[0] in set(Kind)


def test_what_the_services_wait_for_is_there() -> None:
    names = set(COMPOSE["services"])
    volumes = set(COMPOSE["volumes"])
    for told in COMPOSE["services"].values():
        assert set(told.get("depends_on", {})) <= names
        mounted = {str(volume).partition(":")[0] for volume in told.get("volumes", [])}
        assert mounted <= volumes


def test_nothing_but_the_doors_is_open_and_only_to_the_machine_itself() -> None:
    ports = [port for told in COMPOSE["services"].values() for port in told.get("ports", [])]

    assert sorted(ports) == ["127.0.0.1:4200:4200", "127.0.0.1:8000:8000"]


def test_the_image_has_every_folder_of_ours() -> None:
    copied = set(re.findall(r"(?m)^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text("utf-8")))

    assert copied == {"schemas", "validators", "extractors", "pipeline", "flows"}


def dotted(deployment: Deployment) -> str:
    module, _, function = deployment.entrypoint.partition(":")
    return f"{module.replace('.', '/')}.py:{function}"


def test_prefects_own_file_says_what_we_deploy() -> None:
    told = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    ours = {
        deployment.name: (
            dotted(deployment),
            None if deployment.every is None else deployment.every.total_seconds(),
        )
        for deployment in DEPLOYMENTS
    }
    theirs = {
        one["name"]: (
            one["entrypoint"],
            one["schedules"][0]["interval"] if "schedules" in one else None,
        )
        for one in told
    }

    assert theirs == ours
    assert all(one["work_pool"]["name"] == POOL for one in told)
    assert all((ROOT / dotted(deployment).partition(":")[0]).exists() for deployment in DEPLOYMENTS)


def test_the_dashboard_asks_for_nothing_that_is_not_measured() -> None:
    dashboard = json.loads((ROOT / "docs" / "grafana-dashboard.json").read_text(encoding="utf-8"))
    asked = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"zishen_\w+", target["expr"])
    }

    assert asked <= metrics.names()
    assert metrics.names() - asked == set()


def test_the_runbook_speaks_of_every_series_and_every_error_of_the_machinery() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in metrics.names()}

    assert not [name for name in families if name not in page]
    for code in (
        "pages.worker_lost",
        "pages.cluster_unreachable",
        "pages.unfit_worker",
        "prefect.unreachable",
        "storage.failed",
        "device.unavailable",
        "model.missing",
        "reading.page_not_read",
    ):
        assert f"`{code}`" in page
