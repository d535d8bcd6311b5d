"""Events: each is sent and heard by everybody who listens, and makers are told of each thing once."""

from collections import Counter
from uuid import UUID

from deploy.local.chaos.desk import SINCE
from deploy.local.chaos.invariants.evidence import Evidence, some
from deploy.local.chaos.shop import MAKERS
from services.notify.domain import TELLING, notices
from shared.contracts.subscriptions import PUBLISHED, SUBSCRIPTIONS
from shared.runtime.envelope import Envelope, now

FACTS = """
    SELECT 'sales.ItemSold.v1' AS type, sale_id::text AS fact FROM sale
    UNION ALL SELECT 'sales.ItemReturned.v1', return_id::text FROM returned
    UNION ALL SELECT 'sales.ReturnVoided.v1', r.return_id::text FROM return_void v JOIN returned r ON r.no = v.returned
    UNION ALL SELECT 'sales.ReceiptVoided.v1', concat_ws('/', outlet, till, receipt) FROM receipt_void
"""
TOLD = """
    SELECT type, CASE type WHEN 'sales.ItemSold.v1' THEN data ->> 'sale_id'
                           WHEN 'sales.ItemReturned.v1' THEN data ->> 'return_id'
                           WHEN 'sales.ReturnVoided.v1' THEN data ->> 'return_id'
                           ELSE concat_ws('/', data ->> 'outlet', data ->> 'till', data ->> 'receipt') END AS fact
    FROM event_log CROSS JOIN LATERAL (SELECT envelope::jsonb -> 'data' AS data) body
    WHERE type IN ('sales.ItemSold.v1', 'sales.ItemReturned.v1', 'sales.ReturnVoided.v1', 'sales.ReceiptVoided.v1')
"""
NOTICES = "SELECT notice_id, coalesce(state, 'queued') AS state FROM notice LEFT JOIN outcome USING (seq)"


async def makers_are_told_once(found: Evidence) -> list[str]:
    """I5: one notice for each event and maker, sent once."""
    wires = [kind.wire for kind in TELLING]
    wanted: set[UUID] = set()
    for service in PUBLISHED:
        for row in await found.rows(service, "SELECT type, envelope FROM event_log WHERE type = ANY($1)", wires):
            kind = next(kind for kind in TELLING if kind.wire == row["type"])
            envelope = Envelope[kind].model_validate_json(row["envelope"])  # type: ignore[valid-type]
            wanted |= {notice.notice_id for notice in notices(UUID(envelope.id), envelope.data, now())}
    stored = {row["notice_id"]: row["state"] for row in await found.rows("notify", NOTICES)}
    sent = Counter(
        [
            row["id"]
            for row in await found.rows(
                "notify",
                """
                SELECT (envelope::jsonb #>> '{data,notice_id}')::uuid AS id FROM event_log
                WHERE type = 'notify.NoticeSent.v1'
                """,
            )
        ]
    )
    return [
        *some(wanted - stored.keys(), "an event without its notice"),
        *some(stored.keys() - wanted, "a notice of no event"),
        *some([one for one, state in stored.items() if state != "sent"], "a notice that was not sent"),
        *some([one for one in stored if sent[one] != 1], "a notice not told to be sent exactly once"),
    ]


async def facts_are_told(found: Evidence) -> list[str]:
    """I6: each recorded sale, return and void has its one event."""
    facts = {(row["type"], row["fact"]) for row in await found.rows("sales", FACTS)}
    told = Counter([(row["type"], row["fact"]) for row in await found.rows("sales", TOLD)])
    return [
        *some(facts - told.keys(), "recorded, and told to nobody"),
        *some(told.keys() - facts, "told, and not recorded"),
        *some([one for one, times in told.items() if times > 1], "told more than once"),
    ]


async def events_are_heard(found: Evidence) -> list[str]:
    """I6: nothing waits to be sent, and each event is in the inbox of each of its listeners."""
    wrong = []
    for service in PUBLISHED:
        left = await found.value(service, "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM unroutable)")
        wrong += [f"{service} has {left} events that are not sent"] if left else []
    for listener, kinds in SUBSCRIPTIONS.items():
        heard = {row["id"] for row in await found.rows(listener, "SELECT id FROM inbox")}
        for owner in {kind.owner() for kind in kinds} & PUBLISHED.keys():
            wires = [kind.wire for kind in kinds if kind.owner() == owner]
            said = await found.rows(owner, "SELECT id, type FROM event_log WHERE type = ANY($1)", wires)
            unheard = [f"{row['type']} {row['id']}" for row in said if row["id"] not in heard]
            wrong += some(unheard, f"{listener} has not heard")
    return wrong


async def what_was_asked_is_done_once(found: Evidence) -> list[str]:
    """I8: each command that was insisted on until it was answered."""
    makers = await found.value("training", "SELECT count(*) FROM maker") - MAKERS
    prices = await found.value("catalog", "SELECT count(*) FROM price WHERE valid_from >= $1", SINCE)
    done = {"makers": makers, "prices": prices}
    return [
        f"{times} {what}, asked for {found.desk[what]}" for what, times in done.items() if times != found.desk[what]
    ]


async def what_was_earned_is_known(found: Evidence) -> list[str]:
    """I8: each maker's first and last day with income, as the ledger has them."""
    earned = await found.rows(
        "sales",
        """
        SELECT a.owner || ' ' || min(t.day) || ' ' || max(t.day) AS income
        FROM transfer t JOIN account a ON a.id = t.credit
        WHERE t.kind = 'sale' AND a.kind = 'maker-payable'
        GROUP BY a.owner
        """,
    )
    known = await found.rows(
        "training", "SELECT concat_ws(' ', maker_id, first_day, last_day) AS income FROM maker_income"
    )
    return some({row["income"] for row in earned} ^ {row["income"] for row in known}, "income of which one knows")


async def what_sales_knows_is_what_was_said(found: Evidence) -> list[str]:
    """I8: makers and prices as training and the catalog have told them, the latest of each day."""
    said = {row["maker_id"] for row in await found.rows("training", "SELECT maker_id FROM maker")}
    known = {row["maker_id"] for row in await found.rows("sales", "SELECT maker_id FROM maker")}
    listed = "SELECT sku || ' ' || price || ' from ' || valid_from AS price FROM "
    prices = {row["price"] for row in await found.rows("catalog", f"{listed} price")}
    heard = {row["price"] for row in await found.rows("sales", f"{listed} product_price")}
    return [
        *some(said ^ known, "makers that only one of the two services knows"),
        *some(prices ^ heard, "prices that only one of the two services knows"),
    ]
