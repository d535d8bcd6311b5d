"""What tills were told to be taken: recorded once each, nothing else recorded, and only poison parked."""

from collections import Counter

import aio_pika

from deploy.broker.definitions import ADMIN
from deploy.local.chaos.feed.telling import Key
from deploy.local.chaos.invariants.evidence import Evidence, some

RECORDED = """
    SELECT 'SaleReported' AS kind, outlet, till, receipt AS name, line FROM sale WHERE version = 0
    UNION ALL SELECT 'ReturnReported', outlet, till, receipt, line FROM returned
    UNION ALL SELECT 'VoidReported', outlet, till, receipt, 0 FROM receipt_void
    UNION ALL SELECT 'TillClosed', outlet, till, day::text, 0 FROM till_closing
"""


async def confirmed_reports_are_recorded_once(found: Evidence) -> list[str]:
    """I1."""
    recorded = await _recorded(found)
    lost = found.confirmed() - recorded.keys()
    twice = [key for key, times in recorded.items() if times > 1]
    return some(lost, "confirmed, and not in the books") + some(twice, "in the books more than once")


async def nothing_is_recorded_that_nobody_sent(found: Evidence) -> list[str]:
    """I2."""
    return some((await _recorded(found)).keys() - found.sent(), "in the books, and told by no till")


async def tills_tie_out(found: Evidence) -> list[str]:
    """I1, in the tills' own words: their control totals of each day agree with the books, and no number is missing."""
    rows = await found.rows(
        "sales", "SELECT concat_ws('/', outlet, till, day) AS day FROM till_check WHERE state <> 'tied'"
    )
    return some([row["day"] for row in rows], "the till's totals differ")


async def only_poison_is_parked(found: Evidence) -> list[str]:
    """I7: each for its reason, once; and what a till sold too early waited for its product."""
    wanted = {**found.poison(), **dict.fromkeys(found.feed.late, "sku_unknown")}
    parked = dict(found.parked)
    twice = [one for one, times in Counter([one for one, _ in found.parked]).items() if times > 1]
    other = [f"{one} for {parked[one]}, not {code}" for one, code in wanted.items() if parked.get(one, code) != code]
    return [
        *some([f"{one} for {parked[one]}" for one in parked.keys() - wanted.keys()], "parked, and no poison"),
        *some(wanted.keys() - parked.keys(), "poison, and not parked"),
        *some(other, "parked for another reason"),
        *some(twice, "parked more than once"),
    ]


async def redriven_reports_pass(found: Evidence) -> list[str]:
    """I7: what waited for its product is booked when that is approved."""
    rows = await found.rows(
        "sales",
        "SELECT envelope ->> 'id' AS id FROM parked WHERE envelope ->> 'id' = ANY($1) AND state <> 'redriven'",
        list(found.feed.late),
    )
    return some([row["id"] for row in rows], "still parked after its product was approved")


async def unreadable_bodies_are_kept(found: Evidence) -> list[str]:
    """I7: what nobody can read lies among the dead, and nothing else does."""
    dead = set(await _dead(found))
    return [
        *some([body[:40] for body in found.unreadable() - dead], "unreadable, and not among the dead"),
        *some([body[:40] for body in dead - set(found.feed.dead)], "among the dead, and sent by nobody"),
    ]


async def _recorded(found: Evidence) -> "Counter[Key]":
    rows = await found.rows("sales", RECORDED)
    return Counter([(row["kind"], row["outlet"], row["till"], row["name"], row["line"]) for row in rows])


async def _dead(found: Evidence) -> list[bytes]:
    connection = await aio_pika.connect(found.house.amqp_url(ADMIN))
    async with connection:
        channel = await connection.channel()
        queue = await channel.get_queue("sales.dead", ensure=False)
        bodies = []
        while (message := await queue.get(no_ack=False, fail=False)) is not None:
            bodies.append(message.body)
        return bodies  # unacknowledged: they go back when the connection ends
