"""RabbitMQ's definitions file: who may log in, and the least that each of them needs."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

ADMIN = "karya"
SERVICES = ("training", "catalog", "sales", "notify", "gateway")
OUTLET_PREFIX = "outlet-"
OUTLETS = ("citos", "pim", "alun-alun")
USERS = (ADMIN, *SERVICES, *(OUTLET_PREFIX + code for code in OUTLETS))
VHOST = "/"
NOTHING = "^$"
EVERYTHING = ".*"

Json = dict[str, Any]


def definitions(passwords: Mapping[str, str]) -> Json:
    """The whole file, for `load_definitions`, from user names and their passwords."""
    users = sorted(passwords)
    return {
        "vhosts": [{"name": VHOST}],
        "users": [_user(name, passwords[name]) for name in users],
        "permissions": [_permission(name) for name in users],
        "topic_permissions": [topic for name in users for topic in _topic_permissions(name)],
        "exchanges": [_exchange(name) for name in ("events", "feed", "outlets")],
    }


def password_hash(password: str, salt: bytes) -> str:
    """RabbitMQ's salted SHA-256: base64 of the 4 bytes of salt and the digest of salt and password."""
    digest = hashlib.sha256(salt + password.encode()).digest()
    return base64.b64encode(salt + digest).decode()


def _user(name: str, password: str) -> Json:
    return {
        "name": name,
        "password_hash": password_hash(password, secrets.token_bytes(4)),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": ["administrator"] if name == ADMIN else [],
    }


def _permission(name: str) -> Json:
    if name == ADMIN:
        configure, write, read = EVERYTHING, EVERYTHING, EVERYTHING
    elif name.startswith(OUTLET_PREFIX):
        configure, write, read = NOTHING, "^outlets$", NOTHING
    elif name == "gateway":
        # Reports come in by HTTP too; its own queues are those of one process, named by the broker or by it.
        own = r"gateway\..*|amq\.gen.*"
        configure, read = _any_of("feed", "outlets", own), _any_of("feed", own)
        write = _any_of(r"amq\.default", "outlets", own)
    else:
        own = rf"{name}\..*"
        configure = _any_of("events", "feed", "outlets", own)
        write = _any_of("events", "feed", r"amq\.default", own)
        read = _any_of("events", "outlets", own)
    return {"user": name, "vhost": VHOST, "configure": configure, "write": write, "read": read}


def _topic_permissions(name: str) -> list[Json]:
    """Which routing keys a user may write; reading is binding, and a service may listen to every event."""
    if name == ADMIN:
        return []
    if name.startswith(OUTLET_PREFIX):
        code = name.removeprefix(OUTLET_PREFIX)
        return [_topic(name, "outlets", rf"^{code}\..+$", NOTHING)]
    return [_topic(name, exchange, rf"^{name}\..+$", EVERYTHING) for exchange in ("events", "feed")]


def _topic(user: str, exchange: str, write: str, read: str) -> Json:
    return {"user": user, "vhost": VHOST, "exchange": exchange, "write": write, "read": read}


def _exchange(name: str) -> Json:
    return {
        "name": name,
        "vhost": VHOST,
        "type": "topic",
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": {},
    }


def _any_of(*patterns: str) -> str:
    return f"^({'|'.join(patterns)})$"
