"""Money that outlets hand over settles their sales, the oldest first; what was entered wrong is taken back."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from services.sales.domain import remittances as domain
from services.sales.domain.calendar import business_day
from services.sales.domain.ledger import Fact
from services.sales.domain.remittances import Matched, Purses
from services.sales.domain.rhythms import last_over
from services.sales.storage import ledger, outlets
from services.sales.storage.settlement import books, reversals, short
from services.sales.storage.settlement import remittances as storage
from services.sales.storage.settlement.remittances import KINDS, Account, Money, NewRemittance, Settled
from shared.contracts.message import Event
from shared.contracts.sales.remittances import (
    PART,
    MakersWaiting,
    RecordedRemittance,
    RecordRemittance,
    Remittance,
    RemittanceMatched,
    RemittanceReversed,
    RemittanceShort,
    Reversal,
    ReverseRemittance,
    SalesRemitted,
)
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.runtime.envelope import Received

BANK, PROGRAMME = "bank", "programme"


async def record_remittance(command: Received[RecordRemittance], tx: Tx) -> tuple[RecordedRemittance, list[Event]]:
    """Raises NotFound for an outlet that is not there, Conflict when the same money has been entered before."""
    asked = command.data
    account = await _lock(tx, asked.code)
    rhythms = await storage.list_rhythms(tx, [asked.code])
    through = asked.through or last_over(asked.received_on, rhythms.get(asked.code, []))
    domain.check_days(asked.received_on, through, business_day(command.now))
    before = await storage.get_on_account(tx, asked.code)
    new = NewRemittance(
        command.id,
        asked.amount,
        asked.received_on,
        through,
        asked.code,
        asked.reference,
        command.now,
        command.actor,
    )
    no = await _add(tx, new)
    matched = await storage.match(tx, no, Money(asked.code, through, before + asked.amount, asked.receipts))
    purses = Purses(await open_bank(tx), account.receivable, account.commission)
    fact = Fact(no, asked.received_on)
    await ledger.add_transfers(tx, domain.post_remittance(fact, purses, asked.amount, matched.kept))
    on_account = before + asked.amount - matched.due
    recorded = RecordedRemittance(
        **dict(await _head(tx, no)),
        commission=matched.kept,
        sales=matched.sales,
        on_account=on_account,
        waiting=matched.waiting,
        missing=max(matched.waiting_due - on_account, 0),
        unmatched=await storage.list_unmatched(tx, no, asked.code, asked.receipts or []),
    )
    events = _told(new, matched, recorded, await storage.list_settled(tx, no))
    return recorded, [*events, *(await _waiting(tx, no, new) if matched.waiting else [])]


async def reverse_remittance(command: Received[ReverseRemittance], tx: Tx) -> tuple[Remittance, list[Event]]:
    """Raises NotFound, and Rejected when it is reversed already or something rests on it."""
    asked = command.data
    found = await storage.get_remittance(tx, asked.remittance_id)
    if found is None:
        raise NotFound("remittance_unknown", f"there is no remittance {asked.remittance_id}")
    account, no = await _lock(tx, found["outlet"]), found["no"]
    if await reversals.is_reversed(tx, no):
        raise Conflict("remittance_reversed", "this remittance has been reversed already")
    await reversals.lock_makers(tx, no)
    domain.check_reversal(
        await reversals.is_in_payout(tx, no), await storage.get_on_account(tx, account.outlet, leave_out=no)
    )
    facts = (await _head(tx, no)).facts
    posted = await reversals.list_posted(tx, found)
    await reversals.mark_open(tx, no)
    reversal = await reversals.add_reversal(tx, no, Reversal(at=command.now, by=command.actor, reason=asked.reason))
    await ledger.add_transfers(tx, domain.post_back(Fact(reversal, business_day(command.now)), posted))
    told = RemittanceReversed(
        remittance_id=asked.remittance_id,
        outlet=account.outlet,
        amount=found["amount"],
        commission=domain.kept_of(posted, account.commission),
        facts=facts,
        reversed_at=command.now,
    )
    return await _head(tx, no), [told]


async def open_bank(tx: Tx) -> int:
    """The programme's account at the bank."""
    await outlets.open_accounts(tx, [BANK], PROGRAMME)
    return await books.get_account(tx, BANK, PROGRAMME)


async def _head(tx: Tx, no: int) -> Remittance:
    (head,) = await storage.list_heads(tx, [no])
    return head


async def _lock(tx: Tx, code: str) -> Account:
    account = await storage.lock_account(tx, code)
    if account is None:
        raise NotFound("outlet_unknown", f"no outlet {code} is registered")
    return account


async def _add(tx: Tx, new: NewRemittance) -> int:
    earlier = await storage.get_referred(tx, new.outlet, new.reference)
    if earlier:
        known = f"remittance {earlier['remittance_id']}, {earlier['amount']} on {earlier['received_on']}"
        raise Conflict("reference_taken", f"{new.reference} has been entered: {known}")
    return await storage.add_remittance(tx, new)


async def _waiting(tx: Tx, no: int, new: NewRemittance) -> list[MakersWaiting]:
    """Whose money has not come with the first that came for these sales."""
    if not await short.is_first(tx, no, new.outlet, new.through):
        return []
    shares = await short.list_waiting(tx, new.outlet, new.through)
    return [
        MakersWaiting(outlet=new.outlet, through=new.through, shares=shares[first : first + PART])
        for first in range(0, len(shares), PART)
    ]


def _told(
    new: NewRemittance, matched: Matched, recorded: RecordedRemittance, settled: Sequence[Settled]
) -> list[Event]:
    first = RemittanceMatched(
        remittance_id=new.remittance_id,
        outlet=new.outlet,
        amount=new.amount,
        received_on=new.received_on,
        through=new.through,
        reference=new.reference,
        due=matched.due,
        commission=matched.kept,
        sales=matched.sales,
        facts=matched.facts,
        on_account=recorded.on_account,
        recorded_at=new.recorded_at,
    )
    events: list[Event] = [first, *_parts(new, settled)]
    if matched.waiting:
        expected = matched.due + matched.waiting_due - (recorded.on_account + matched.due - new.amount)
        missing = RemittanceShort(
            remittance_id=new.remittance_id,
            outlet=new.outlet,
            through=new.through,
            expected=expected,
            received=new.amount,
            missing=recorded.missing,
            sales=matched.waiting,
        )
        events.append(missing)
    return events


def _parts(new: NewRemittance, settled: Sequence[Settled]) -> Iterator[SalesRemitted]:
    for first in range(0, len(settled), PART):
        facts: dict[str, dict[UUID, int]] = {kind: {} for kind in KINDS}
        for one in settled[first : first + PART]:
            facts[one.kind][one.id] = one.due
        upto = min(first + PART, len(settled))
        yield SalesRemitted(remittance_id=new.remittance_id, outlet=new.outlet, upto=upto, **facts)
