"""Rusun and makers on a real database."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from services.training.handlers import people
from services.training.views import people as people_views
from shared.contracts.training import (
    ConsentChanged,
    GetMaker,
    Maker,
    MakerRegistered,
    MakerWritten,
    Purpose,
)
from shared.db import Pool, Tx
from shared.errors import Conflict, Invalid, NotFound, Rejected
from shared.runtime.envelope import Received
from tests.integration.training.builders import (
    NOON,
    VAULT,
    Database,
    a_maker,
    a_rusun,
    do,
    register,
    register_maker,
    register_rusun,
)

NIK = "3175074508900001"


def seen(written: MakerWritten) -> Maker:
    """As whoever asks later gets her: without warnings."""
    return Maker.model_validate(written.model_dump(exclude={"warnings"}))


async def count(pool: Pool, table: str) -> int:
    found: int = await pool.fetchval(f"SELECT count(*) FROM {table}")
    return found


async def test_a_rusun_is_registered_with_its_cooperative(database: Database) -> None:
    pool = await database("training")

    rusun, events = await do(pool, people.register_rusun, a_rusun())

    assert (rusun.code, rusun.cooperative_name) == ("pulogebang", "Koperasi Kopma")
    assert events == []
    assert await count(pool, "rusun") == 1


async def test_a_cooperative_may_serve_two_rusun_under_one_name(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool, "pulogebang", "komarudin")

    with pytest.raises(Conflict) as refused:
        other = a_rusun("daan-mogot").model_copy(update={"cooperative_name": "Another name"})
        await do(pool, people.register_rusun, other)

    assert refused.value.code == "cooperative_differs"
    assert (await count(pool, "rusun"), await count(pool, "cooperative")) == (2, 1)


async def test_a_rusun_code_is_given_once(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)

    with pytest.raises(Conflict) as refused:
        await do(pool, people.register_rusun, a_rusun(cooperative="other"))

    assert refused.value.code == "rusun_taken"
    assert await count(pool, "cooperative") == 1


async def test_a_maker_is_registered_with_one_event_that_names_nobody(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)

    maker, events = await do(pool, register_maker, a_maker(since=date(2019, 2, 1), nik=NIK))

    expected = MakerRegistered(maker_id=maker.maker_id, rusun="pulogebang", cooperative="kopma", since=date(2019, 2, 1))
    agreed = ConsentChanged(maker_id=maker.maker_id, purpose=Purpose.TRAINING, granted=True, at=NOON)
    assert events == [expected, agreed]
    assert (maker.phone, maker.nik) == ("+6281234567890", "************0001")
    assert await do(pool, people_views.get_maker, GetMaker(maker_id=maker.maker_id)) == seen(maker)


async def test_her_id_is_the_commands_and_her_home_begins_today_in_jakarta(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)

    maker, events = await do(pool, register_maker, a_maker(), datetime(2026, 11, 21, 17, 0, tzinfo=UTC))

    assert [event.since for event in events if isinstance(event, MakerRegistered)] == [date(2026, 11, 22)]
    assert await pool.fetchval("SELECT since FROM maker_home") == date(2026, 11, 22)
    assert await pool.fetchval("SELECT maker_id FROM maker") == maker.maker_id


async def test_two_makers_may_share_a_phone(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)

    first, second = await register(pool), await register(pool, name="Ibu Wati", phone="+62 812 3456 7890")

    assert first.phone == second.phone
    assert await count(pool, "maker") == 2


async def test_nobody_lives_in_an_unknown_rusun(database: Database) -> None:
    pool = await database("training")

    with pytest.raises(NotFound) as refused:
        await register(pool)

    assert refused.value.code == "rusun_not_found"


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "12345"), ("nik", "3175073002900001"), ("since", date(2027, 1, 1))],
)
async def test_what_cannot_be_is_refused_by_its_field_and_leaves_nothing(
    database: Database, field: str, value: object
) -> None:
    pool = await database("training")
    await register_rusun(pool)

    with pytest.raises(Invalid) as refused:
        await do(pool, register_maker, a_maker(**{field: value}))

    assert [error["field"] for error in refused.value.errors] == [field]
    assert await count(pool, "maker") == 0


async def test_a_nik_is_kept_sealed_and_belongs_to_one_maker(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = await register(pool, nik=NIK)
    kept = await pool.fetchrow("SELECT sealed, last_four FROM maker_nik")

    assert kept is not None
    assert NIK.encode() not in kept["sealed"]
    assert VAULT.reveal(kept["sealed"], maker.maker_id) == NIK
    assert kept["last_four"] == "0001"
    with pytest.raises(Conflict) as refused:
        await register(pool, nik=NIK, name="Ibu Wati")
    assert refused.value.code == "nik_taken"
    assert NIK not in str(refused.value)
    assert await count(pool, "maker") == 1


async def test_of_two_who_bring_one_nik_at_once_one_is_registered(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)

    results = await asyncio.gather(*[register(pool, nik=NIK) for _ in range(5)], return_exceptions=True)

    refused = [result for result in results if isinstance(result, BaseException)]
    assert [type(error) for error in refused] == [Conflict] * 4
    assert (await count(pool, "maker"), await count(pool, "maker_home")) == (1, 1)


async def test_without_a_key_no_nik_is_taken_but_makers_are(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)

    async def without_key(command: Received, tx: Tx) -> object:  # type: ignore[type-arg]
        return await people.register_maker(command, tx, vault=None)

    await do(pool, without_key, a_maker())
    with pytest.raises(Rejected) as refused:
        await do(pool, without_key, a_maker(nik=NIK))

    assert refused.value.code == "nik_not_configured"
    assert await count(pool, "maker") == 1
