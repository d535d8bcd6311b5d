"""Gives each container its own secrets and no other's, one volume each: the first thing a start runs."""

import base64
import hashlib
import hmac
import json
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.broker.definitions import ADMIN, OUTLET_PREFIX, OUTLETS, SERVICES, USERS, definitions
from deploy.compose.vault import OWNER_ONLY, Vault, write_file

APP = 10001  # the account of deploy/Dockerfile
GRAFANA = 472  # the account of Grafana's image
SCRAM_ITERATIONS = 4096  # PostgreSQL's own; stretching adds nothing to 256 random bits


@dataclass(frozen=True)
class SecretFile:
    """One file in one consumer's volume. What is no secret may be read by whoever runs there."""

    consumer: str
    name: str
    text: str
    owner: int = APP
    mode: int = OWNER_ONLY


def secret_files(vault: Vault) -> Iterator[SecretFile]:
    """Every file of every consumer; equal for equal vaults, but for the salts of the broker's hashes."""
    for service in SERVICES:
        yield SecretFile(service, "karya_database_url", database_url(vault, service))
        yield SecretFile(service, "karya_amqp_url", amqp_url(vault, service))
    yield SecretFile("training", "karya_nik_key", vault.secret("nik.key", _mint_key))
    yield SecretFile("sales", "karya_statement_key", vault.secret("statement.key", _mint_key))
    yield from _server_files(vault)
    yield from _operator_files(vault)
    for consumer, name, text in vault.given():
        yield SecretFile(consumer, name, text)


def _server_files(vault: Vault) -> Iterator[SecretFile]:
    """The two servers get hashes: neither can log in anywhere as somebody else."""
    yield SecretFile("postgres", "superuser.password", vault.secret("postgres.superuser"), owner=0)
    for service in SERVICES:
        verifier = _verifier(vault.secret(f"postgres.{service}"))
        yield SecretFile("postgres", f"{service}.scram", verifier, owner=0, mode=0o444)
    broker = definitions({user: vault.secret(f"rabbitmq.{user}") for user in USERS})
    yield SecretFile("rabbitmq", "definitions.json", json.dumps(broker), owner=0, mode=0o444)
    yield SecretFile("grafana", "admin.password", vault.secret("grafana.admin"), owner=GRAFANA)


def _operator_files(vault: Vault) -> Iterator[SecretFile]:
    yield SecretFile("operator", "karya_database_url", database_url(vault, "gateway"))
    yield SecretFile("operator", "karya_amqp_url", amqp_url(vault, ADMIN))
    yield SecretFile("operator", "grafana.password", vault.secret("grafana.admin"))
    for user in (OUTLET_PREFIX + code for code in OUTLETS):
        yield SecretFile("operator", f"{user}.password", vault.secret(f"rabbitmq.{user}"))


def database_url(vault: Vault, service: str) -> str:
    """Where a service finds its own database, as its own login."""
    return f"postgresql://{service}:{vault.secret(f'postgres.{service}')}@postgres:5432/{service}"


def amqp_url(vault: Vault, user: str) -> str:
    """Where a user finds the broker."""
    return f"amqp://{user}:{vault.secret(f'rabbitmq.{user}')}@rabbitmq:5672/"


def scram_verifier(password: str, salt: bytes) -> str:
    """What PostgreSQL keeps of a password (RFC 5803): enough to check it, too little to log in with."""
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, SCRAM_ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    b64 = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${SCRAM_ITERATIONS}:{b64[0]}${b64[1]}:{b64[2]}"


def _verifier(password: str) -> str:
    """With a salt that follows from the password: 256 random bits need no other, and every start writes the same."""
    return scram_verifier(password, hashlib.sha256(password.encode()).digest()[:16])


def _mint_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def hand_out(vault: Vault, volumes: Path) -> int:
    """Writes every consumer's files into its volume and says how many there are."""
    files = list(secret_files(vault))
    for file in files:
        write_file(volumes / file.consumer / file.name, file.text, owner=file.owner, mode=file.mode)
    return len(files)


def main(arguments: list[str]) -> None:
    """Hands out; `give CONSUMER NAME` first keeps what comes on standard input."""
    vault, volumes = Vault(Path("/vault")), Path("/volumes")
    match arguments:
        case []:
            pass
        case ["give", consumer, name] if (volumes / consumer).is_dir():
            vault.give(consumer, name, sys.stdin.read().strip())
        case _:
            sys.exit("usage: [give CONSUMER NAME] < SECRET")
    sys.stdout.write(f"{hand_out(vault, volumes)} secret files in place\n")


if __name__ == "__main__":
    main(sys.argv[1:])
