"""Putting a maker's data right on a real database, and what a person is warned of."""

from datetime import date
from uuid import UUID

import pytest

from shared.contracts.training import Language
from shared.errors import Conflict, Invalid, NotFound
from tests.integration.training.builders import Database, register, register_rusun
from tests.integration.training.people_builders import look, put_right

NIK, OTHER_NIK = "3175074508900001", "3175074508900002"
BORN, BORN_OTHERWISE = date(1990, 8, 5), date(1990, 8, 6)


async def test_what_is_given_is_put_right_and_the_rest_stays(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = (await register(pool, email="ani@example.org", nik=NIK)).maker_id

    phone = await put_right(pool, maker, phone="0813 0000 1111")
    rest = await put_right(pool, maker, name="Ibu Ani Lestari", language="en", email="lestari@example.org")
    without = await put_right(pool, maker, email="")

    assert (phone.phone, phone.name, phone.email) == ("+6281300001111", "Ibu Ani", "ani@example.org")
    assert (rest.phone, rest.language, rest.email) == ("+6281300001111", Language.ENGLISH, "lestari@example.org")
    seen = await look(pool, maker)
    assert (seen.name, seen.email, seen.nik) == ("Ibu Ani Lestari", None, "************0001")
    assert without.model_dump(exclude={"warnings"}) == seen.model_dump()


async def test_a_nik_is_added_later_or_put_right_and_stays_hers_alone(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker, other = (await register(pool)).maker_id, (await register(pool, nik=OTHER_NIK)).maker_id

    written = await put_right(pool, maker, nik=NIK)
    same = await put_right(pool, maker, nik=NIK)
    with pytest.raises(Conflict) as refused:
        await put_right(pool, maker, nik=OTHER_NIK)
    with pytest.raises(Conflict):
        await put_right(pool, other, nik=NIK)

    assert written.nik == same.nik == "************0001"
    assert refused.value.code == "nik_taken"
    assert (await look(pool, maker)).nik == "************0001"


async def test_whoever_registers_with_a_shared_phone_is_told_by_how_many(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)

    warned = [(await register(pool, phone="0812-3456-7890")).warnings for _ in range(3)]

    assert warned[0] == []
    assert [one.code for one in warned[1] + warned[2]] == ["phone_shared", "phone_shared"]
    assert [one.detail[:2] for one in warned[1] + warned[2]] == ["1 ", "2 "]


async def test_a_birth_date_is_compared_and_kept_nowhere(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)

    fits = await register(pool, nik=NIK, birth_date=BORN)
    doubtful = await register(pool, phone="0813 0000 1111", nik=OTHER_NIK, birth_date=BORN_OTHERWISE)
    right = await put_right(pool, doubtful.maker_id, nik=OTHER_NIK, birth_date=BORN)

    assert [one.code for one in doubtful.warnings] == ["birth_date_differs"]
    assert fits.warnings == []
    assert right.warnings == []
    tables = await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for day in (BORN, BORN_OTHERWISE):
        for row in tables:
            statement = f"SELECT count(*) FROM {row['tablename']} t WHERE t::text LIKE $1"
            assert await pool.fetchval(statement, f"%{day}%") == 0, row["tablename"]


async def test_a_nik_of_a_region_that_nobody_knows_is_taken_with_a_warning(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)

    maker = await register(pool, nik="9975074508900001")

    assert [one.code for one in maker.warnings] == ["nik_region_unknown"]
    assert maker.nik == "************0001"


async def test_what_cannot_be_is_refused_and_changes_nothing(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = (await register(pool)).maker_id

    for wrong in ({"phone": "0812 34"}, {"nik": "3175073002900001"}):
        with pytest.raises(Invalid) as refused:
            await put_right(pool, maker, name="Somebody else", **wrong)
        assert [error["field"] for error in refused.value.errors] == list(wrong)
    with pytest.raises(NotFound):
        await put_right(pool, UUID(int=9), name="Nobody")

    assert (await look(pool, maker)).name == "Ibu Ani"
