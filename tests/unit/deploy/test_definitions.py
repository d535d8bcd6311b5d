"""What RabbitMQ is told about users before the first service starts."""

import base64
import hashlib
import re

from deploy.broker.definitions import OUTLETS, SERVICES, USERS, definitions, password_hash

MADE = definitions({user: f"secret of {user}" for user in USERS})
RIGHTS = {entry["user"]: entry for entry in MADE["permissions"]}


def _may(user: str, what: str, name: str) -> bool:
    return re.search(RIGHTS[user][what], name) is not None


def _may_write_key(user: str, exchange: str, key: str) -> bool:
    """As RabbitMQ decides: no entry for the exchange means that every key is allowed."""
    entries = [t for t in MADE["topic_permissions"] if (t["user"], t["exchange"]) == (user, exchange)]
    return all(re.search(entry["write"], key) for entry in entries)


def test_a_password_is_kept_as_rabbitmq_hashes_it() -> None:
    raw = base64.b64decode(password_hash("test12", b"\x90\x8d\xc6\x0a"))
    assert raw[:4] == b"\x90\x8d\xc6\x0a"
    assert raw[4:] == hashlib.sha256(b"\x90\x8d\xc6\x0atest12").digest()


def test_a_password_hash_is_the_one_in_rabbitmqs_own_documentation() -> None:
    assert password_hash("test12", bytes.fromhex("908dc60a")) == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"


def test_no_password_stands_in_the_file() -> None:
    assert "secret of" not in str(MADE)
    assert len({user["password_hash"] for user in MADE["users"]}) == len(USERS)


def test_every_user_has_rights_and_only_the_operator_is_an_administrator() -> None:
    assert set(RIGHTS) == set(USERS) == {user["name"] for user in MADE["users"]}
    assert [user["name"] for user in MADE["users"] if user["tags"]] == ["karya"]


def test_a_service_declares_its_own_queues_and_no_other_services() -> None:
    for service in SERVICES:
        assert _may(service, "configure", f"{service}.requests")
        for other in set(SERVICES) - {service}:
            assert not _may(service, "configure", f"{other}.requests")
            assert not _may(service, "read", f"{other}.requests")


def test_a_service_writes_only_its_own_events() -> None:
    for service in set(SERVICES) - {"gateway"}:
        assert _may(service, "write", "events")
        assert _may_write_key(service, "events", f"{service}.ItemSold.v1")
        assert not _may_write_key(service, "events", "somebody.ItemSold.v1")


def test_no_service_but_the_gateway_brings_reports_in() -> None:
    assert [service for service in SERVICES if _may(service, "write", "outlets")] == ["gateway"]


def test_the_gateway_listens_to_events_and_writes_none() -> None:
    assert _may("gateway", "read", "feed")
    assert not _may("gateway", "read", "events")
    assert not _may("gateway", "write", "events")
    assert _may("gateway", "configure", "amq.gen-JzTY20BRgKO-HjmUJj0wLg")


def test_an_outlet_can_do_nothing_but_write_its_own_tills_keys() -> None:
    for code in OUTLETS:
        user = f"outlet-{code}"
        assert _may(user, "write", "outlets")
        assert _may_write_key(user, "outlets", f"{code}.till-1")
        for key in ("other.till-1", f"{code}", f"{code}x.till-1", f"x{code}.till-1"):
            assert not _may_write_key(user, "outlets", key)
        for right in ("configure", "read"):
            assert not any(_may(user, right, name) for name in ("outlets", "events", "sales.outlets", "amq.gen-x"))
        assert not any(_may(user, "write", name) for name in ("events", "amq.default", "", "outlets2"))
