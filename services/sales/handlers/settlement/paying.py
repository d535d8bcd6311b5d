"""A batch is sent once, each of its rows is paid once: what is not known is held, what has failed is tried again."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from services.sales.domain import paying as domain
from services.sales.domain import settlement
from services.sales.domain.calendar import business_day
from services.sales.domain.ledger import Fact
from services.sales.domain.paying import Accounts, Attempt, Judged
from services.sales.domain.results import read_results
from services.sales.handlers.settlement import repayments
from services.sales.storage import ledger, outlets
from services.sales.storage.settlement import acts, kept, payouts, rows
from services.sales.storage.settlement.acts import Act
from shared.contracts.message import Event
from shared.contracts.sales.paying import (
    BookedResult,
    ImportResults,
    PayoutLinesFailed,
    PayoutLinesHeld,
    PayoutLinesRetried,
    PayoutResults,
    PayoutSent,
    RecordResults,
    RetryRows,
    RowResult,
    SendPayout,
)
from shared.contracts.sales.settlement import PaidLine, Payout, PayoutPaid, RecordPaid
from shared.db import Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Received


class Sending(NamedTuple):
    """A batch that is moved on. `state`: that of its last step; of one that is sent its rows say more."""

    no: int
    payout_id: UUID
    cooperative: str
    state: str


CLEARING, BANK, PROGRAMME = "cooperative-payable", "bank", "programme"


async def send_payout(command: Received[SendPayout], tx: Tx) -> tuple[Payout, list[Event]]:
    """Each row gets its key; what the batch repays of loans is posted. Raises Rejected when it was sent before."""
    batch = await lock_payout(tx, command.data.payout_id, "approved")
    events = await _send(tx, batch, Act(batch.no, command.actor, command.now, command.data.note))
    return await get_seen(tx, batch.payout_id), events


async def record_paid(command: Received[RecordPaid], tx: Tx) -> tuple[Payout, list[Event]]:
    """All rows that are pending. What is held or has failed stays as it is. Raises Rejected when none is pending."""
    batch = await lock_payout(tx, command.data.payout_id, "approved", "sent")
    act, events = Act(batch.no, command.actor, command.now, command.data.note), list[Event]()
    if batch.state == "approved":
        events += await _send(tx, batch, act._replace(note=None))
    pending = await rows.list_in_state(tx, batch.no, "pending")
    if not pending:
        raise Rejected("nothing_pending", "no row of this batch is pending")
    events += await _book(tx, batch, act, {"paid": [(attempt, None) for attempt in pending]})
    return await get_seen(tx, batch.payout_id), events


async def record_results(command: Received[RecordResults], tx: Tx) -> tuple[PayoutResults, list[Event]]:
    """All or nothing. Raises Invalid with every result that contradicts what is known."""
    results = command.data.results
    names = [f"results.{place}" for place in range(len(results))]
    return await _record(tx, command, results, names)


async def import_results(command: Received[ImportResults], tx: Tx) -> tuple[PayoutResults, list[Event]]:
    """As `record_results`, from the bank file that has come back. Raises Invalid with every line that has a fault."""
    lines = read_results(command.data.content)
    return await _record(tx, command, [line.result for line in lines], [f"line {line.number}" for line in lines])


async def retry_rows(command: Received[RetryRows], tx: Tx) -> tuple[Payout, list[Event]]:
    """Rows that have failed are pending again, under new keys. Raises Rejected with who has not failed."""
    asked = command.data
    batch = await lock_payout(tx, asked.payout_id, "sent")
    failed: dict[object, Attempt] = {
        row.maker_id or row.lender: row for row in await rows.list_in_state(tx, batch.no, "failed")
    }
    again = domain.draw_retries(asked.payout_id, [*asked.maker_ids, *asked.lenders], failed)
    await rows.add_attempts(tx, Act(batch.no, command.actor, command.now), again)
    retried = PayoutLinesRetried(
        payout_id=asked.payout_id, cooperative=batch.cooperative, rows=again, retried_at=command.now
    )
    return await get_seen(tx, batch.payout_id), [retried]


async def lock_payout(tx: Tx, payout_id: UUID, *wanted: str) -> Sending:
    """The batch, ours to move on. Raises NotFound, and Rejected when it is in another state."""
    batch = await payouts.lock_payout(tx, payout_id)
    if batch is None:
        raise NotFound("payout_unknown", f"there is no batch {payout_id}")
    # In a statement of its own: another may have moved it while we waited.
    state = await acts.get_state(tx, batch["no"])
    settlement.check_payout(state, *wanted)
    return Sending(batch["no"], payout_id, batch["cooperative"], state)


async def get_seen(tx: Tx, payout_id: UUID) -> Payout:
    """The batch as it is after this command."""
    payout = await payouts.get_payout(tx, payout_id)
    assert payout is not None
    return payout


async def _send(tx: Tx, batch: Sending, act: Act) -> list[Event]:
    lines, loans = await payouts.list_paid(tx, batch.no), await kept.list_parts(tx, batch.no)
    tried = domain.draw_rows(batch.payout_id, lines, loans)
    await rows.add_rows(tx, act, tried)
    await acts.add_step(tx, act, "sent")
    sent = PayoutSent(payout_id=batch.payout_id, cooperative=batch.cooperative, rows=tried, loans=loans, sent_at=act.at)
    return [sent, *await repayments.settle_kept(tx, batch.payout_id, act)]


async def _record(
    tx: Tx,
    command: Received[RecordResults] | Received[ImportResults],
    results: Sequence[RowResult],
    names: Sequence[str],
) -> tuple[PayoutResults, list[Event]]:
    payout_id = command.data.payout_id
    batch = await lock_payout(tx, payout_id, "sent", "paid")
    attempts = await rows.list_attempts(tx, batch.no, [result.attempt_key for result in results])
    judged = domain.judge(results, names, attempts)
    news: dict[str, list[tuple[Attempt, str | None]]] = {}
    for one in judged:
        if one.news:
            news.setdefault(one.result.outcome, []).append((one.attempt, one.result.reason))
    events = await _book(tx, batch, Act(batch.no, command.actor, command.now), news)
    seen = await rows.get_batch(tx, payout_id)
    assert seen is not None
    booked = [_booked(one) for one in judged]
    return PayoutResults(payout_id=payout_id, state=seen["state"], results=booked), events


def _booked(one: Judged) -> BookedResult:
    attempt = one.attempt
    return BookedResult(
        attempt_key=attempt.key,
        maker_id=attempt.maker_id,
        lender=attempt.lender,
        amount=attempt.amount,
        state=domain.AFTER[one.result.outcome],
        news=one.news,
    )


async def _book(
    tx: Tx, batch: Sending, act: Act, news: Mapping[str, Sequence[tuple[Attempt, str | None]]]
) -> list[Event]:
    """What was not known before; what is paid is posted. By outcome, with the reasons."""
    for outcome, told in news.items():
        await rows.add_results(tx, act, outcome, [one.key for one, _ in told], [reason for _, reason in told])
    about = {"payout_id": batch.payout_id, "cooperative": batch.cooperative}
    events: list[Event] = []
    if paid := [attempt for attempt, _ in news.get("paid", ())]:
        await _post(tx, batch, act, paid)
        events.append(await _tell_paid(tx, batch, act, paid))
    if failed := [attempt.as_row() for attempt, _ in news.get("failed", ())]:
        events.append(PayoutLinesFailed(**about, rows=failed, failed_at=act.at))
    if held := [attempt.as_row() for attempt, _ in news.get("unknown", ())]:
        events.append(PayoutLinesHeld(**about, rows=held, held_at=act.at))
    return events


async def _post(tx: Tx, batch: Sending, act: Act, paid: Sequence[Attempt]) -> None:
    accounts = await open_accounts(tx, batch.cooperative, [row.lender for row in paid if row.lender])
    await ledger.add_transfers(tx, domain.post_paid(Fact(batch.no, business_day(act.at)), paid, accounts))


async def open_accounts(tx: Tx, cooperative: str, lenders: Sequence[str]) -> Accounts:
    """Those that what is paid goes through."""
    for owner in sorted({cooperative, *lenders}):
        await outlets.open_accounts(tx, [CLEARING], owner)
    await outlets.open_accounts(tx, [BANK], PROGRAMME)
    clearing = await rows.list_accounts(tx, CLEARING, [cooperative, *lenders])
    bank = (await rows.list_accounts(tx, BANK, [PROGRAMME]))[PROGRAMME]
    return Accounts(clearing[cooperative], clearing, bank)


async def _tell_paid(tx: Tx, batch: Sending, act: Act, paid: Sequence[Attempt]) -> PayoutPaid:
    whole = await rows.is_whole(tx, batch.no)
    if whole:
        await acts.add_step(tx, act, "paid")
    lines = [
        PaidLine(maker_id=row.maker_id, amount=row.amount, attempt_key=row.key)
        for row in paid
        if row.maker_id is not None
    ]
    return PayoutPaid(
        payout_id=batch.payout_id,
        cooperative=batch.cooperative,
        lines=lines,
        lenders=[row.as_row() for row in paid if row.lender],
        whole=whole,
        paid_at=act.at,
    )
