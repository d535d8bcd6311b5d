"""Who is let in: keys that are known, roles that may, and nothing kept that could be stolen."""

import asyncio
import re

import pytest

from services.gateway import auth, keys
from services.gateway.__main__ import main
from shared import db
from shared.errors import Invalid
from tests.integration.gateway.conftest import House, problem


async def test_a_request_without_a_key_is_told_how_to_bring_one(house: House) -> None:
    client = await house.anybody()
    answer = await client.get("/v1/makers")
    assert problem(answer, 401)["code"] == "unauthorized"
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer kr_coordinator_nonsense", "Basic YTpi", "Bearer", "kr_coordinator_x"])
async def test_what_is_no_key_of_ours_opens_nothing(house: House, header: str) -> None:
    client = await house.anybody({"Authorization": header})
    assert problem(await client.get("/v1/makers"), 401)["code"] == "unauthorized"


async def test_a_role_that_may_not_is_told_which_may(house: House) -> None:
    juror = await house.client("juror")
    refused = problem(await juror.get("/v1/ledger/trial-balance"), 403)
    assert refused["code"] == "role_missing"
    assert "coordinator or finance" in refused["detail"]


async def test_an_outlet_sees_its_own_stock_only(house: House) -> None:
    citos = await house.client("outlet", "citos")
    assert problem(await citos.get("/v1/outlets/pim/stock"), 403)["code"] == "other_outlet"
    assert problem(await citos.get("/v1/outlets/citos/stock"), 503)["code"] == "unavailable"


async def test_only_the_hash_of_a_key_is_kept(house: House) -> None:
    key = await keys.create(house.database_url, "finance", "dewi")
    assert re.fullmatch(r"kr_finance_[A-Za-z0-9_-]{43}", key)
    connection = await db.connect(house.database_url, "tests")
    kept = await connection.fetch("SELECT * FROM api_key WHERE name = 'dewi'")
    await connection.close()
    assert [row["hash"] for row in kept] == [auth.fingerprint(key)]
    assert key not in repr([dict(row) for row in kept])


async def test_a_revoked_key_ends_within_seconds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "KEPT_SECONDS", 0.2)
    client = await house.client("coordinator", name="leaving")
    problem(await client.get("/v1/products"), 503)
    assert await keys.revoke(house.database_url, "leaving")
    await asyncio.sleep(0.3)
    problem(await client.get("/v1/products"), 401)
    assert not await keys.revoke(house.database_url, "leaving")


async def test_a_name_can_have_a_new_key_before_the_old_one_goes(house: House) -> None:
    first, second = await house.client("finance", name="ratna"), await house.client("finance", name="ratna")
    for client in (first, second):
        problem(await client.get("/v1/sales"), 503)


@pytest.mark.parametrize(
    ("role", "name", "outlet"),
    [
        ("cook", "ani", None),
        ("outlet", "citos", None),
        ("juror", "ani", "citos"),
        ("juror", "a b", None),
        ("outlet", "x", "A"),
    ],
)
async def test_a_key_that_makes_no_sense_is_not_made(house: House, role: str, name: str, outlet: str | None) -> None:
    with pytest.raises(Invalid):
        await keys.create(house.database_url, role, name, outlet)


async def test_the_command_prints_the_key_and_nothing_else(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KARYA_DATABASE_URL", house.database_url)
    monkeypatch.delenv("KARYA_AMQP_URL", raising=False)
    create = ["key", "create", "--role", "outlet", "--name", "till", "--outlet", "citos"]
    assert await asyncio.to_thread(main, create) == 0
    printed = capsys.readouterr().out
    assert re.fullmatch(r"kr_outlet_[A-Za-z0-9_-]{43}\n", printed)
    till = await house.anybody({"Authorization": f"Bearer {printed.strip()}"})
    problem(await till.get("/v1/outlets/pim/stock"), 403)
    assert await asyncio.to_thread(main, ["key", "revoke", "--name", "till"]) == 0
    assert await asyncio.to_thread(main, ["key", "revoke", "--name", "till"]) == 1
    assert await asyncio.to_thread(main, ["key", "create", "--role", "outlet", "--name", "till"]) == 1
    assert "kr_" not in capsys.readouterr().out
