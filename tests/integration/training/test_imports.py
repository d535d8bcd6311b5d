"""Lists of participants on a real database: line by line, twice, at once, and a thousand of them."""

import asyncio
import io
import time
from typing import Any

import pytest
from openpyxl import Workbook

from services.training.handlers import imports, people
from services.training.vault import Vault
from services.training.views import people as people_views
from shared.contracts.message import Event
from shared.contracts.training import ConsentChanged, ListMakers, MakerRegistered, Purpose, RegisterMaker
from shared.contracts.training.imports import ImportedLine, ImportMakers, ImportReport
from shared.db import Pool
from shared.errors import Conflict, Invalid, NotFound
from tests.integration.training.builders import (
    NOON,
    VAULT,
    Database,
    a_maker,
    do,
    do_behind,
    received,
    register,
    register_rusun,
)
from tests.integration.training.people_builders import history, homes_of, look, move, put_right

CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIST = """\
No;Nama;No. HP;Blok;Unit;NIK;Tgl lahir;Persetujuan;Ukuran baju
1;Ibu Ani;0812 3456 7890;A;12;3175074508900001;05/08/1990;pelatihan, kabar;M
2;Ibu Wati;0812 34;B;3;;;;L
3;Ibu Sri;+62 813-0000-1111;B;4;;;;S

4;Ibu Ani Lestari;0814 1111 2222;C;5;3175074508900001;;;M
"""
PRIVATE = ("Ibu", "81234567890", "0812", "31750745")


async def take(
    pool: Pool, content: str | bytes = LIST, vault: Vault | None = VAULT, **other: Any
) -> tuple[ImportReport, list[Event]]:
    body = content.encode() if isinstance(content, str) else content
    asked = ImportMakers.model_validate({"rusun": "pulogebang", "media_type": CSV, "content": body} | other)

    async def handle(command: Any, tx: Any) -> tuple[ImportReport, list[Event]]:
        return await imports.import_makers(command, tx, vault=vault)

    return await do(pool, handle, asked)


def outcomes(report: ImportReport) -> list[tuple[int, str]]:
    return [(line.line, line.outcome) for line in report.lines]


async def test_every_line_says_what_became_of_it_and_a_bad_one_stops_nobody(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)

    report, events = await take(pool)

    assert outcomes(report) == [(2, "registered"), (3, "refused"), (4, "registered"), (6, "duplicate")]
    assert (report.registered, report.refused, report.duplicates) == (2, 1, 1)
    assert report.unknown_columns == ["Ukuran baju"]
    ani, wati, sri, again = report.lines
    assert [(fault.field, fault.reason) for fault in wati.errors] == [("phone", "no such phone number can exist")]
    assert (ani.maker_id, wati.maker_id) == (again.maker_id, None)
    assert not [secret for secret in PRIVATE if secret in report.model_dump_json()]
    assert [type(event) for event in events] == [MakerRegistered] * 2 + [ConsentChanged] * 3
    assert {event.maker_id for event in events if isinstance(event, MakerRegistered)} == {ani.maker_id, sri.maker_id}


async def test_whoever_is_on_the_list_is_a_maker_like_all_others(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool, "pulogebang", "komarudin")

    report, _ = await take(pool)

    assert report.lines[0].maker_id
    ani = await look(pool, report.lines[0].maker_id)
    assert (ani.name, ani.phone, ani.block, ani.unit) == ("Ibu Ani", "+6281234567890", "A", "12")
    assert (ani.nik, ani.rusun, ani.registered_at) == ("************0001", "pulogebang", NOON)
    assert [consent.purpose for consent in ani.consents] == [Purpose.NOTICES, Purpose.TRAINING]
    assert {entry.note for entry in await history(pool, ani.maker_id)} == {"from a list of participants"}
    assert [home.rusun for home in (await homes_of(pool, ani.maker_id)).items] == ["pulogebang"]
    with pytest.raises(Conflict):
        await register(pool, nik="3175074508900001")


async def test_the_same_list_twice_registers_nobody_twice(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool, "pulogebang", "komarudin")
    first, _ = await take(pool)
    for line in (first.lines[0], first.lines[2]):
        assert line.maker_id
        await move(pool, line.maker_id, "komarudin", NOON.date())

    second, events = await take(pool)

    assert (second.registered, second.duplicates, second.refused, events) == (0, 3, 1, [])
    assert [line.maker_id for line in second.lines] == [line.maker_id for line in first.lines]
    assert await pool.fetchval("SELECT count(*) FROM maker") == 2


async def test_a_number_that_was_put_right_since_makes_the_old_list_doubtful(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    first, _ = await take(pool)
    sri = first.lines[2].maker_id
    assert sri
    await put_right(pool, sri, phone="0817 0000 9999")

    second, _ = await take(pool, dry_run="true")

    assert (second.lines[2].outcome, second.lines[2].maker_id) == ("registered", None)
    assert [remark.code for remark in second.lines[2].warnings] == ["name_and_unit_known"]


async def test_a_dry_run_says_the_same_and_registers_nobody(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)

    tried, nothing = await take(pool, dry_run="true")
    done, _ = await take(pool)

    assert (tried.dry_run, nothing) == (True, [])
    assert outcomes(tried) == outcomes(done)
    assert [line.warnings for line in tried.lines] == [line.warnings for line in done.lines]
    assert {line.maker_id for line in tried.lines} == {None}


async def test_a_shared_phone_is_counted_over_the_list_and_those_before(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    await register(pool, phone="081234567890", name="Ibu Mertua")

    report, _ = await take(
        pool, "nama,telepon,blok,unit\nIbu Ani,081234567890,A,12\nIbu Sri,081234567890,A,12\nIbu W,081300001111,A,1\n"
    )

    assert [[remark.detail for remark in line.warnings] for line in report.lines] == [
        ["2 other makers have this phone number"],
        ["2 other makers have this phone number"],
        [],
    ]


async def test_a_spreadsheet_is_read_with_what_it_made_of_numbers(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    book, out = Workbook(), io.BytesIO()
    for row in (
        ("Nama", "Telepon", "Blok", "Unit", "NIK"),
        ("Ibu Ani", 81234567890, "A", 12, "3175074508900001"),
        ("Ibu Sri", 81234567891.0, "A", 13.0, 3175074508900002),
        ("Ibu Wati", "081234567892", "A", "14", 3.17507450890001e15 // 10 * 10),
        ("Ibu Nur", "081234567893", "A", NOON.date(), None),
    ):
        book.worksheets[0].append(row)
    book.save(out)

    report, _ = await take(pool, out.getvalue(), media_type=XLSX)

    assert [line.outcome for line in report.lines] == ["registered", "registered", "refused", "refused"]
    assert [[fault.field for fault in line.errors] for line in report.lines[2:]] == [["nik"], ["unit"]]
    makers = (await do(pool, people_views.list_makers, ListMakers())).items
    assert {(maker.phone, maker.unit, maker.nik) for maker in makers} == {
        ("+6281234567890", "12", "************0001"),
        ("+6281234567891", "13", "************0002"),
    }


async def test_two_copies_of_a_list_at_once_register_everybody_once(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)

    reports = await asyncio.gather(*[take(pool) for _ in range(4)])

    assert sorted(report.registered for report, _ in reports) == [0, 0, 0, 2]
    assert sum(len(events) for _, events in reports) == 5
    assert await pool.fetchval("SELECT count(*) FROM maker") == 2


async def test_who_is_registered_by_hand_at_the_same_moment_is_a_duplicate(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    by_hand = received(RegisterMaker.model_validate(a_maker(nik="3175074508900001").model_dump()))

    async def first(tx: Any) -> None:
        await people.register_maker(by_hand, tx, vault=VAULT)

    result = await do_behind(pool, first, take(pool))

    assert isinstance(result, tuple)
    report, events = result
    assert [line.outcome for line in report.lines] == ["duplicate", "refused", "registered", "duplicate"]
    assert report.lines[0].maker_id == report.lines[3].maker_id == by_hand.id
    assert [event.wire for event in events] == [MakerRegistered.wire, ConsentChanged.wire]
    assert await pool.fetchval("SELECT count(*) FROM maker") == 2


async def test_without_a_key_lines_with_a_nik_are_refused_and_others_not(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)

    report, _ = await take(pool, vault=None)

    assert [line.outcome for line in report.lines] == ["refused", "refused", "registered", "refused"]
    assert [fault.field for fault in report.lines[0].errors] == ["nik"]


async def test_a_list_for_no_rusun_and_a_file_that_is_no_list_are_refused(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)

    with pytest.raises(NotFound):
        await take(pool, rusun="atlantis")
    for content in ("Ibu Ani;0812\n", "nama;telepon\nIbu Ani;081234567890\n", b"\xff\xfe"):
        with pytest.raises(Invalid) as refused:
            await take(pool, content)
        assert "Ani" not in str(refused.value)

    assert await pool.fetchval("SELECT count(*) FROM maker") == 0


async def test_a_thousand_people_take_a_few_statements(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    rows = [f"Ibu {n},0812{n:08d},A,{n},31750745089{n:05d}" for n in range(1, 1001)]
    content = "\n".join(["nama,telepon,blok,unit,nik", *rows])
    statements: list[str] = []
    async with pool.acquire() as connection:
        began = time.monotonic()
        connection.add_query_logger(lambda query: statements.append(query.query))
        asked = ImportMakers(rusun="pulogebang", media_type=CSV, content=content.encode())
        async with connection.transaction():
            report, events = await imports.import_makers(received(asked), connection, vault=VAULT)
        took = time.monotonic() - began

    assert (report.registered, len(events), len(report.lines)) == (1000, 2000, 1000)
    assert isinstance(report.lines[0], ImportedLine)
    assert len(statements) < 25  # the driver's own questions about types are among them
    assert took < 5
