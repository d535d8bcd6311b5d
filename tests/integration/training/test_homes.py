"""Moves between rusun on a real database: history is added to, never lost."""

import asyncio
from datetime import date
from uuid import UUID

import pytest

from services.training.handlers import people
from services.training.views import homes as home_views
from services.training.views import people as people_views
from shared.contracts.training import ListMakers, MakerMoved
from shared.contracts.training.people import ListRusun
from shared.db import Pool
from shared.errors import Invalid, NotFound, Rejected
from tests.integration.training.builders import NOON, RINI, Database, a_rusun, do, register, register_rusun
from tests.integration.training.people_builders import homes_of, look, move

LONG_AGO, FIFTEENTH = date(2019, 2, 1), date(2026, 11, 15)


async def a_maker_of(pool: Pool, *rusun: str) -> UUID:
    """She lives in the first of them, each of which has a cooperative of its own."""
    for code in rusun:
        await do(pool, people.register_rusun, a_rusun(code, f"kop-{code}"))
    return (await register(pool, since=LONG_AGO, rusun=rusun[0])).maker_id


async def test_a_move_is_told_and_both_homes_stay_in_her_history(database: Database) -> None:
    pool = await database("training")
    maker = await a_maker_of(pool, "pulogebang", "daan-mogot")

    seen, events = await move(pool, maker, "daan-mogot", FIFTEENTH)

    assert events == [MakerMoved(maker_id=maker, rusun="daan-mogot", cooperative="kop-daan-mogot", since=FIFTEENTH)]
    assert [(home.rusun, home.block, home.since, home.until) for home in seen.items] == [
        ("pulogebang", "A", LONG_AGO, FIFTEENTH),
        ("daan-mogot", "C", FIFTEENTH, None),
    ]
    assert [(home.by, home.recorded_at, home.replaced_at) for home in seen.items] == [(RINI, NOON, None)] * 2
    assert seen == await homes_of(pool, maker)
    assert (await look(pool, maker)).rusun == "daan-mogot"


async def test_another_home_for_the_same_day_counts_and_what_was_written_is_kept(database: Database) -> None:
    pool = await database("training")
    maker = await a_maker_of(pool, "pulogebang", "daan-mogot", "komarudin")
    await move(pool, maker, "komarudin", FIFTEENTH)

    seen, events = await move(pool, maker, "daan-mogot", FIFTEENTH)

    assert [(home.rusun, home.since, home.until, home.replaced_at) for home in seen.items] == [
        ("pulogebang", LONG_AGO, FIFTEENTH, None),
        ("komarudin", FIFTEENTH, None, NOON),
        ("daan-mogot", FIFTEENTH, None, None),
    ]
    assert len(events) == 1


async def test_the_first_home_can_be_put_right_but_none_comes_before_it(database: Database) -> None:
    pool = await database("training")
    maker = await a_maker_of(pool, "pulogebang", "daan-mogot")

    with pytest.raises(Rejected) as refused:
        await move(pool, maker, "daan-mogot", date(2019, 1, 31))
    await move(pool, maker, "daan-mogot", LONG_AGO)

    assert refused.value.code == "before_first_home"
    assert [home.rusun for home in (await homes_of(pool, maker)).items if not home.replaced_at] == ["daan-mogot"]


async def test_a_home_that_is_written_already_is_told_to_nobody(database: Database) -> None:
    pool = await database("training")
    maker = await a_maker_of(pool, "pulogebang", "daan-mogot")
    await move(pool, maker, "daan-mogot", FIFTEENTH)

    seen, events = await move(pool, maker, "daan-mogot", FIFTEENTH)

    assert (events, len(seen.items)) == ([], 2)


async def test_a_move_may_be_written_down_before_it_happens_and_not_a_year_before(database: Database) -> None:
    pool = await database("training")
    maker = await a_maker_of(pool, "pulogebang", "daan-mogot")

    await move(pool, maker, "daan-mogot", date(2026, 12, 1))
    with pytest.raises(Invalid) as refused:
        await move(pool, maker, "daan-mogot", date(2027, 12, 1))

    assert refused.value.errors[0]["field"] == "since"
    assert (await look(pool, maker)).rusun == "pulogebang"


async def test_a_move_that_is_told_of_late_ends_where_the_next_one_begins(database: Database) -> None:
    pool = await database("training")
    maker = await a_maker_of(pool, "pulogebang", "daan-mogot", "komarudin")
    await move(pool, maker, "daan-mogot", FIFTEENTH)

    await move(pool, maker, "komarudin", date(2025, 1, 1))

    assert [(home.rusun, home.until) for home in (await homes_of(pool, maker)).items] == [
        ("pulogebang", date(2025, 1, 1)),
        ("komarudin", FIFTEENTH),
        ("daan-mogot", None),
    ]


async def test_two_corrections_at_once_both_stay_readable(database: Database) -> None:
    pool = await database("training")
    maker = await a_maker_of(pool, "pulogebang", "daan-mogot", "komarudin")

    await asyncio.gather(*[move(pool, maker, rusun, FIFTEENTH) for rusun in ("daan-mogot", "komarudin")])

    of_that_day = [home for home in (await homes_of(pool, maker)).items if home.since == FIFTEENTH]
    assert sorted(home.rusun for home in of_that_day) == ["daan-mogot", "komarudin"]
    assert [home.replaced_at is None for home in of_that_day] == [False, True]


async def test_the_lists_of_two_rusun_tie_out_on_every_day(database: Database) -> None:
    pool = await database("training")
    moved = await a_maker_of(pool, "pulogebang", "daan-mogot")
    stays = (await register(pool, since=date(2026, 11, 10))).maker_id
    await move(pool, moved, "daan-mogot", FIFTEENTH)

    async def there(rusun: str | None, day: date) -> set[UUID]:
        page = await do(pool, people_views.list_makers, ListMakers(rusun=rusun, at=day))
        return {maker.maker_id for maker in page.items}

    assert await there("pulogebang", date(2026, 11, 14)) == {moved, stays}
    assert (await there("pulogebang", FIFTEENTH), await there("daan-mogot", FIFTEENTH)) == ({stays}, {moved})
    assert await there("pulogebang", date(2026, 11, 9)) == {moved}
    assert await there(None, date(2019, 1, 31)) == set()


async def test_rusun_are_listed_with_their_cooperatives(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool, "pulogebang", "komarudin", "daan-mogot")

    first = await do(pool, home_views.list_rusun, ListRusun(limit=2))
    rest = await do(pool, home_views.list_rusun, ListRusun(limit=2, cursor=first.next))

    assert [rusun.code for rusun in first.items + rest.items] == ["daan-mogot", "komarudin", "pulogebang"]
    assert (first.items[0].cooperative_name, rest.next) == ("Koperasi Kopma", None)


async def test_nobody_moves_to_where_there_is_no_rusun_and_strangers_move_nowhere(database: Database) -> None:
    pool = await database("training")
    maker = await a_maker_of(pool, "pulogebang")

    for asking, code in (
        (move(pool, maker, "atlantis", FIFTEENTH), "rusun_not_found"),
        (move(pool, UUID(int=9), "pulogebang", FIFTEENTH), "maker_not_found"),
        (homes_of(pool, UUID(int=9)), "maker_not_found"),
    ):
        with pytest.raises(NotFound) as refused:
            await asking
        assert refused.value.code == code
