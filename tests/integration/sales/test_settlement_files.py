"""The files of a batch: what is handed to the bank ties out, says the same again, and comes back."""

import csv
import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.sales.handlers.settlement import paying
from services.sales.handlers.settlement.cooperatives import set_cooperative
from services.sales.views.bank_file import get_bank_file
from services.sales.views.cooperatives import list_cooperatives
from shared.contracts.sales.paying import (
    Cooperative,
    GetBankFile,
    ImportResults,
    ListCooperatives,
    RetryRows,
    SetCooperative,
)
from shared.db import Pool
from shared.errors import Invalid, NotFound, Rejected
from tests.integration.sales.builders import ANI, Database, balances, do
from tests.integration.sales.settling import BUDI, DEWI, KOP, NOBODYS, RINI, approve, freeze, order, tell_results
from tests.integration.sales.together import batch_now, sent, sold

TODAY = date(2026, 11, 21)


async def an_account(pool: Pool, **other: Any) -> Cooperative:
    """Said by two people."""
    await say(pool, BUDI, **other)
    return await say(pool, RINI, **other)


async def say(pool: Pool, who: str, **other: Any) -> Cooperative:
    facts: dict[str, Any] = {
        "code": KOP,
        "name": "Koperasi Pulogebang",
        "bank": "Bank DKI",
        "account_number": "100-200-3001",
        "account_name": "Koperasi Pulogebang Jaya",
    }
    return await order(pool, set_cooperative, SetCooperative(**(facts | other)), who)


async def bank_file(pool: Pool, payout_id: UUID) -> list[dict[str, str]]:
    document = await do(pool, get_bank_file, GetBankFile(payout_id=payout_id))
    assert (document.media_type, document.filename) == ("text/csv", f"bank-{payout_id}.csv")
    return list(csv.DictReader(io.StringIO(document.content.decode("utf-8-sig"))))


async def test_nobody_alone_says_where_money_goes(database: Database) -> None:
    pool = await database("sales")
    batch, _ = await sent(pool)
    alone = await say(pool, BUDI)
    assert (alone.state, alone.confirmed_by) == ("proposed", None)
    with pytest.raises(Rejected, match="somebody else"):
        await say(pool, BUDI.replace("finance", "coordinator"))
    await say(pool, DEWI, account_number="999-999-9999")
    with pytest.raises(Rejected) as refused:
        await bank_file(pool, batch)
    assert refused.value.code == "cooperative_account_unknown"

    agreed = await say(pool, RINI)

    assert (agreed.state, agreed.by, agreed.confirmed_by) == ("current", BUDI, RINI)
    assert {line["account_number"] for line in await bank_file(pool, batch)} == {"100-200-3001", ""}
    states = [one.state for one in (await do(pool, list_cooperatives, ListCooperatives(code=KOP))).items]
    assert sorted(states) == ["current", "proposed"]


async def test_what_two_have_said_holds_until_two_others_say_otherwise(database: Database) -> None:
    pool = await database("sales")
    batch, _ = await sent(pool)
    await an_account(pool)
    await an_account(pool, account_number="222-222-2222")
    await say(pool, DEWI)  # the first one again: it was agreed, but not as the last
    assert {line["account_number"] for line in await bank_file(pool, batch)} == {"222-222-2222", ""}


async def test_the_bank_is_handed_a_row_for_each_who_is_pending_and_a_total(database: Database) -> None:
    pool = await database("sales")
    batch, rows = await sent(pool)
    await an_account(pool)

    *lines, total = await bank_file(pool, batch)

    assert [(line["attempt_key"], line["payee"], line["amount"]) for line in lines] == [
        (row.attempt_key, str(row.maker_id), str(row.amount)) for row in rows
    ]
    first = lines[0]
    assert (first["batch"], first["payee_kind"], first["cooperative"]) == (str(batch), "maker", KOP)
    assert (first["bank"], first["account_number"]) == ("Bank DKI", "100-200-3001")
    assert first["account_name"] == "Koperasi Pulogebang Jaya"
    assert first["reference"] == f"{rows[0].attempt_key} 2026-11-21"
    assert (total["batch"], total["attempt_key"], total["amount"]) == ("TOTAL", "3", "650000")


async def test_what_is_known_of_is_not_in_it_and_again_it_has_the_same_keys(database: Database) -> None:
    pool = await database("sales")
    batch, [ani, wati, sri] = await sent(pool)
    await an_account(pool)
    first = await bank_file(pool, batch)
    assert await bank_file(pool, batch) == first
    await tell_results(pool, batch, paid=[sri.attempt_key], unknown=[wati.attempt_key], failed=[ani.attempt_key])
    assert [line["batch"] for line in await bank_file(pool, batch)] == ["TOTAL"]
    again = await order(pool, paying.retry_rows, RetryRows(payout_id=batch, maker_ids=[ANI]))
    [line, total] = await bank_file(pool, batch)
    assert (line["attempt_key"], line["amount"]) == (again.rows[0].attempt_key, "325000")
    assert total["amount"] == "325000"
    assert (await balances(pool))["bank programme"] == -130_000


async def test_a_cooperative_without_an_account_is_named(database: Database) -> None:
    pool = await database("sales")
    batch, _ = await sent(pool)
    with pytest.raises(Rejected, match=KOP) as refused:
        await bank_file(pool, batch)
    assert refused.value.code == "cooperative_account_unknown"
    await an_account(pool, valid_from=TODAY + timedelta(days=1))
    with pytest.raises(Rejected, match=KOP):
        await bank_file(pool, batch)


async def test_there_is_no_file_before_a_batch_is_sent(database: Database) -> None:
    pool = await database("sales")
    await sold(pool)
    frozen = await freeze(pool)
    await approve(pool, frozen.payout_id)
    with pytest.raises(Rejected) as refused:
        await bank_file(pool, frozen.payout_id)
    assert refused.value.code == "payout_approved"
    with pytest.raises(NotFound):
        await bank_file(pool, NOBODYS)


async def test_a_name_is_no_formula(database: Database) -> None:
    pool = await database("sales")
    batch, _ = await sent(pool)
    await an_account(pool, account_name="=HYPERLINK(1)", bank="@BCA")
    first, *_ = await bank_file(pool, batch)
    assert (first["account_name"], first["bank"]) == ("'=HYPERLINK(1)", "'@BCA")


async def test_the_account_of_the_day_counts_and_of_one_day_what_was_said_last(database: Database) -> None:
    pool = await database("sales")
    said = [
        await an_account(pool, account_number="11111", valid_from=TODAY - timedelta(days=9)),
        await an_account(pool, account_number="22222", valid_from=TODAY),
        await an_account(pool, account_number="33333", valid_from=TODAY),
        await an_account(pool, account_number="44444", valid_from=TODAY + timedelta(days=9)),
        await an_account(pool, code="kop-a", account_number="55555"),
    ]
    assert [one.state for one in said] == ["current", "current", "current", "coming", "current"]
    first = await do(pool, list_cooperatives, ListCooperatives(limit=2))
    rest = await do(pool, list_cooperatives, ListCooperatives(limit=9, cursor=first.next))
    assert [(one.account_number, one.state) for one in [*first.items, *rest.items]] == [
        ("55555", "current"),
        ("44444", "coming"),
        ("33333", "current"),
        ("22222", "past"),
        ("11111", "past"),
    ]
    assert rest.next is None
    assert (said[0].by, said[0].valid_from) == (BUDI, TODAY - timedelta(days=9))
    only = await do(pool, list_cooperatives, ListCooperatives(code="kop-a"))
    assert [one.code for one in only.items] == ["kop-a"]


async def test_the_bank_file_that_comes_back_is_booked_as_results_are(database: Database) -> None:
    pool = await database("sales")
    batch, [ani, wati, _] = await sent(pool)
    lines = [
        "batch,attempt_key,amount,outcome,reason",
        f"{batch},{ani.attempt_key},325000,paid,",
        f"{batch},{wati.attempt_key},195000,failed,ACCOUNT CLOSED",
        "TOTAL,2,520000,,",
    ]
    file = ImportResults(payout_id=batch, media_type="text/csv", content="\n".join(lines).encode())
    seen = await order(pool, paying.import_results, file, BUDI)
    assert [(one.attempt_key, one.state) for one in seen.results] == [
        (ani.attempt_key, "paid"),
        (wati.attempt_key, "failed"),
    ]
    rows = (await batch_now(pool, batch)).rows
    assert [(row.state, row.reason) for row in rows] == [
        ("paid", None),
        ("failed", "ACCOUNT CLOSED"),
        ("pending", None),
    ]
    contrary = file.model_copy(update={"content": f"attempt_key,outcome\n\n{wati.attempt_key},paid\n".encode()})
    with pytest.raises(Invalid) as refused:
        await order(pool, paying.import_results, contrary, BUDI)
    assert refused.value.errors == [
        {"field": "line 3", "reason": f"{wati.attempt_key}: this attempt is failed, for good"}
    ]
