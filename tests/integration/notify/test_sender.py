"""Sending: real database, real broker with training's desk behind it, real SMTP."""

import asyncio

from structlog.testing import capture_logs

from services.notify import sender, storage
from services.notify.domain import failed, sent
from shared.contracts.training import Language
from tests.integration.notify.builders import ANI, SITI, WATI, a_contact, a_sale, make_due, notices, tell
from tests.integration.notify.conftest import Notify, OpenPostOffice
from tests.system.conftest import until


async def test_a_notice_is_sent_once_and_the_house_is_told(notify: Notify) -> None:
    await tell(notify.pool, a_sale(ANI))
    notify.desk.knows(a_contact(ANI))

    more = [await sender.send_due(notify.tools()) for _ in range(2)]

    (row,) = await notices(notify.pool)
    assert more == [False, False]
    assert (row["state"], row["channel"], row["tries"], row["next_try_at"]) == ("sent", "log", 1, None)
    assert row["sent_at"] is not None
    assert await notify.told() == [
        {
            "type": "notify.NoticeSent.v1",
            "notice_id": str(row["notice_id"]),
            "maker_id": str(ANI),
            "template": "item-sold",
            "channel": "log",
        }
    ]


async def test_the_log_says_that_there_is_a_notice_but_not_what_or_to_whom(notify: Notify) -> None:
    await tell(notify.pool, a_sale(ANI))
    notify.desk.knows(a_contact(ANI, email="siti@example.org"))

    with capture_logs() as logs:
        await sender.send_due(notify.tools())

    (line,) = [entry for entry in logs if entry["event"] == "notice"]
    assert set(line) == {"event", "log_level", "notice_id", "maker_id", "template"}
    assert not [secret for secret in ("Siti", "siti@", "+62812", "Rp700") if secret in str(logs)]


async def test_a_maker_with_an_address_gets_an_email_in_her_language(
    notify: Notify, open_post_office: OpenPostOffice
) -> None:
    office = await open_post_office()
    await tell(notify.pool, a_sale(ANI), a_sale(WATI))
    notify.desk.knows(a_contact(ANI, email="siti@example.org", language=Language.ENGLISH), a_contact(WATI))

    await sender.send_due(notify.tools(office.url))

    (letter,) = office.letters
    assert letter["Subject"] == "Your work was sold: Rp700.000 for you"
    assert "Dear Ibu Siti Aminah," in letter.get_content()
    assert [row["channel"] for row in await notices(notify.pool)] == ["email", "log"]


async def test_without_her_consent_nothing_is_sent(notify: Notify, open_post_office: OpenPostOffice) -> None:
    office = await open_post_office()
    await tell(notify.pool, a_sale(ANI))
    notify.desk.knows(a_contact(ANI, email="siti@example.org", may_notify=False))

    await sender.send_due(notify.tools(office.url))

    (row,) = await notices(notify.pool)
    assert (row["state"], row["reason"], office.letters) == ("suppressed", "no_consent", [])
    assert await notify.told() == []


async def test_a_mailbox_that_does_not_exist_ends_it_and_harms_no_other(
    notify: Notify, open_post_office: OpenPostOffice
) -> None:
    office = await open_post_office()
    office.refused["siti@example.org"] = "550 no such mailbox"
    await tell(notify.pool, a_sale(ANI), a_sale(WATI))
    notify.desk.knows(a_contact(ANI, email="siti@example.org"), a_contact(WATI, email="wati@example.org"))

    await sender.send_due(notify.tools(office.url))

    assert [(row["state"], row["reason"]) for row in await notices(notify.pool)] == [
        ("failed", "recipient_refused_550"),
        ("sent", None),
    ]
    told = {event["type"]: event for event in await notify.told()}
    assert told["notify.NoticeFailed.v1"]["reason"] == "recipient_refused_550"
    assert told["notify.NoticeSent.v1"]["maker_id"] == str(WATI)


async def test_a_mail_server_that_is_away_is_tried_again_and_given_up_in_the_end(
    notify: Notify, unused_tcp_port: int
) -> None:
    tools = notify.tools(f"smtp://127.0.0.1:{unused_tcp_port}?from=kabar@karya.example.org")
    await tell(notify.pool, a_sale(ANI))
    notify.desk.knows(a_contact(ANI, email="siti@example.org"))

    states = []
    for _ in range(6):
        await make_due(notify.pool)
        await sender.send_due(tools)
        states.append((await notices(notify.pool))[0]["state"])

    assert states == ["queued"] * 5 + ["failed"]
    assert [event["reason"] for event in await notify.told()] == ["server_away"]


async def test_a_notice_waits_until_its_next_try(notify: Notify, unused_tcp_port: int) -> None:
    tools = notify.tools(f"smtp://127.0.0.1:{unused_tcp_port}?from=kabar@karya.example.org")
    await tell(notify.pool, a_sale(ANI))
    notify.desk.knows(a_contact(ANI, email="siti@example.org"))

    for _ in range(3):
        await sender.send_due(tools)

    assert [row["tries"] for row in await notices(notify.pool)] == [1]
    assert len(notify.desk.asked) == 1


async def test_while_training_is_away_notices_wait_and_no_try_is_counted(notify_alone: Notify) -> None:
    await tell(notify_alone.pool, a_sale(ANI))

    assert await sender.send_due(notify_alone.tools()) is False

    (row,) = await notices(notify_alone.pool)
    assert (row["state"], row["tries"], await notify_alone.told()) == ("queued", 0, [])
    assert row["next_try_at"] < notify_alone.tools().now() + sender.LEASE / 2


async def test_a_maker_that_training_does_not_know_is_asked_for_again(notify: Notify) -> None:
    await tell(notify.pool, a_sale(SITI))

    await sender.send_due(notify.tools())
    (before,) = await notices(notify.pool)
    notify.desk.knows(a_contact(SITI))
    await make_due(notify.pool)
    await sender.send_due(notify.tools())

    assert (before["state"], before["reason"]) == ("queued", "no_contact")
    assert [(row["state"], row["reason"]) for row in await notices(notify.pool)] == [("sent", None)]


async def test_a_notice_that_cannot_be_written_harms_no_other(notify: Notify) -> None:
    await tell(notify.pool, a_sale(ANI), a_sale(WATI))
    await notify.pool.execute("UPDATE notice SET params = '{}' WHERE maker_id = $1", ANI)
    notify.desk.knows(a_contact(ANI), a_contact(WATI))

    await sender.send_due(notify.tools())

    assert [(row["state"], row["reason"]) for row in await notices(notify.pool)] == [("queued", "bug"), ("sent", None)]


async def test_senders_side_by_side_send_each_notice_once(notify: Notify) -> None:
    await tell(notify.pool, *[a_sale(ANI) for _ in range(sender.ROUND + 100)])
    notify.desk.knows(a_contact(ANI))

    with capture_logs() as logs:
        more = await asyncio.gather(*[sender.send_due(notify.tools()) for _ in range(3)])

    sent_ids = [entry["notice_id"] for entry in logs if entry["event"] == "notice"]
    assert len(sent_ids) == len(set(sent_ids)) == len(await notify.told()) == sender.ROUND + 100
    assert sum(more) <= (sender.ROUND + 100) // sender.ROUND  # a claim passes over what others are claiming


async def test_the_notices_of_a_killed_sender_are_due_again_after_its_lease(notify: Notify) -> None:
    await tell(notify.pool, a_sale(ANI))
    notify.desk.knows(a_contact(ANI))
    async with notify.pool.acquire() as tx, tx.transaction():
        now = notify.tools().now()
        claimed = await storage.claim_due(tx, now, now + sender.LEASE, 10)

        too_early = await storage.claim_due(tx, now + sender.LEASE / 2, now + sender.LEASE, 10)
        again = await storage.claim_due(tx, now + sender.LEASE, now + 2 * sender.LEASE, 10)

    assert len(claimed) == 1
    assert (too_early, again) == ([], claimed)


async def test_what_was_sent_is_marked_also_when_the_database_cuts_the_session_that_marks(
    notify: Notify, open_post_office: OpenPostOffice
) -> None:
    office, held = await open_post_office(), asyncio.Event()
    await tell(notify.pool, a_sale(ANI))
    notify.desk.knows(a_contact(ANI, email="siti@example.org"))
    cutting = asyncio.create_task(cut_who_marks(notify, office.opened, held))
    office.answers = held

    await sender.send_due(notify.tools(office.url))
    await cutting

    (row,) = await notices(notify.pool)
    assert (row["state"], len(office.letters), len(await notify.told())) == ("sent", 1, 1)


async def cut_who_marks(notify: Notify, opened: asyncio.Event, held: asyncio.Event) -> None:
    """Holds the notices when the letter has arrived, and ends the session that waits for them."""
    await opened.wait()
    async with notify.pool.acquire() as tx, tx.transaction():
        await tx.execute("SELECT FROM due FOR UPDATE")
        held.set()

        async def has_cut() -> bool:
            return bool(await notify.pool.fetchval(CUT_WAITING))

        await until(has_cut, "somebody waits for the notices")


CUT_WAITING = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def test_sent_is_sent_whatever_a_second_sender_says(notify: Notify) -> None:
    await tell(notify.pool, a_sale(ANI))
    async with notify.pool.acquire() as tx, tx.transaction():
        now = notify.tools().now()
        (notice,) = await storage.claim_due(tx, now, now + sender.LEASE, 10)

        await storage.mark_tried(tx, [failed(notice, "server_away", permanent=False, at=now)])
        ended = [
            await storage.add_outcomes(tx, [result])
            for result in (
                failed(notice, "recipient_refused_550", permanent=True, at=now),
                sent(notice, "log", now),
                sent(notice, "log", now),
            )
        ]

    assert ended == [set(), {notice.seq}, set()]
    assert [row["state"] for row in await notices(notify.pool)] == ["sent"]


async def test_a_stop_lets_a_round_that_has_begun_end(notify: Notify, open_post_office: OpenPostOffice) -> None:
    office = await open_post_office()
    await tell(notify.pool, *[a_sale(ANI) for _ in range(30)])
    notify.desk.knows(a_contact(ANI, email="siti@example.org"))
    job = asyncio.create_task(sender.send_due(notify.tools(office.url)))
    await asyncio.wait_for(office.opened.wait(), 10)

    job.cancel()
    await asyncio.gather(job, return_exceptions=True)

    assert job.cancelled()
    assert len(office.letters) == 30
    assert {row["state"] for row in await notices(notify.pool)} == {"sent"}
