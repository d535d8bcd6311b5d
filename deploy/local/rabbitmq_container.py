"""RabbitMQ as a container, for a machine that has an engine and no way to install packages."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from deploy.local.rabbitmq_install import HOW_TO_GET_IT
from deploy.local.state import SetupError, State

IMAGE = "rabbitmq:4-management"
RECORD = "container.json"


def port_of(state: State) -> int | None:
    """The AMQP port of our container, if it was started."""
    port = state.load(RECORD).get("port")
    return None if port is None else int(port)


def start(state: State, definitions: Path) -> int:
    """Run the broker with the engine that is there; its AMQP port to be, on 127.0.0.1."""
    engine = _engine()
    if engine is None:
        raise SetupError(HOW_TO_GET_IT)
    port, name = state.port("rabbitmq"), _name(state)
    subprocess.run([engine, "rm", "-f", name], check=False, capture_output=True)
    definitions.chmod(0o644)  # read by the container's own user; the directory above stays closed to others
    configuration = definitions.with_name("container.conf")
    configuration.write_text("load_definitions = /etc/rabbitmq/definitions.json\n")
    command = [engine, "run", "--detach", "--name", name, "--hostname", "karya"]
    command += ["--publish", f"127.0.0.1:{port}:5672", "--volume", f"{name}:/var/lib/rabbitmq"]
    command += ["--volume", f"{definitions}:/etc/rabbitmq/definitions.json:ro"]
    command += ["--volume", f"{configuration}:/etc/rabbitmq/conf.d/90-karya.conf:ro", IMAGE]
    started = subprocess.run(command, check=False, capture_output=True, text=True)
    if started.returncode != 0:
        raise SetupError(f"{engine} could not run {IMAGE}: {started.stderr.strip()}\n\n{HOW_TO_GET_IT}")
    state.save(RECORD, {"engine": engine, "name": name, "port": port})
    return port


def stop(state: State) -> bool:
    """Stop and remove our container, keeping its data; whether there was one."""
    record = state.load(RECORD)
    if not record:
        return False
    subprocess.run([record["engine"], "stop", "-t", "30", record["name"]], check=False, capture_output=True)
    subprocess.run([record["engine"], "rm", "-f", record["name"]], check=False, capture_output=True)
    (state.root / RECORD).unlink(missing_ok=True)
    return True


def _engine() -> str | None:
    for engine in ("docker", "podman"):
        if shutil.which(engine):
            asked = subprocess.run([engine, "info"], check=False, capture_output=True)
            if asked.returncode == 0:
                return engine
    return None


def _name(state: State) -> str:
    return "karya-rabbitmq-" + hashlib.sha256(str(state.root).encode()).hexdigest()[:10]
