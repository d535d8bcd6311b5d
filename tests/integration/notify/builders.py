"""What notify tests are made of: sales, contacts, a training desk that answers for them, and notify's tools."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from services.notify import handlers
from shared.contracts.message import Event, Message
from shared.contracts.sales import ItemSold, Share
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.contracts.training import Contact, Contacts, GetContacts, Language
from shared.db import Pool, Row, Tx
from shared.runtime.envelope import Envelope, Received
from shared.runtime.handler import Outcome
from shared.runtime.service import Service

M = TypeVar("M", bound=Message)
ANI, WATI, SITI = UUID(int=1), UUID(int=2), UUID(int=3)
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


def received(data: M, now: datetime = NOON) -> Received[M]:
    """`data` as the runtime would hand it over."""
    key = uuid4()
    envelope: Envelope[M] = Envelope(
        specversion="1.0", id=str(key), source="/tests", type=data.wire, time=now, actor="tests", data=data
    )
    return Received(key, data, now, envelope)


def a_sale(*makers: UUID, amount: int = 700_000) -> ItemSold:
    shares = [Share(maker_id=maker, amount=amount) for maker in makers or (ANI,)]
    return ItemSold(
        sale_id=uuid4(),
        outlet="citos",
        sku="BTK-0007",
        quantity=1,
        net=amount * len(shares),
        outlet_share=0,
        programme_share=0,
        shares=shares,
        sold_at=NOON,
    )


async def tell(pool: Pool, *events: Event) -> Sequence[Received[Any]]:
    """The events arrive in one batch."""
    batch = [received(event) for event in events]
    await tell_again(pool, batch)
    return batch


async def tell_again(pool: Pool, batch: Sequence[Received[Any]]) -> None:
    async with pool.acquire() as tx, tx.transaction():
        await handlers.tell_makers(batch, tx)


async def notices(pool: Pool) -> list[Row]:
    """Each with what is due of it, or what became of it."""
    return await pool.fetch(
        """
        SELECT n.*, coalesce(o.state, 'queued') AS state, d.next_try_at, coalesce(o.tries, d.tries) AS tries,
               coalesce(o.reason, d.reason) AS reason, o.channel, o.sent_at
        FROM notice n LEFT JOIN due d USING (seq) LEFT JOIN outcome o USING (seq)
        ORDER BY n.seq
        """
    )


async def make_due(pool: Pool) -> None:
    """Time passes: whatever waits for its next try may have it now."""
    await pool.execute("UPDATE due SET next_try_at = now() - interval '1 second'")


def a_contact(
    maker: UUID = ANI, email: str | None = None, may_notify: bool = True, language: Language = Language.INDONESIAN
) -> Contact:
    return Contact(
        maker_id=maker,
        name="Siti Aminah",
        phone="+6281234567890",
        email=email,
        language=language,
        may_notify=may_notify,
    )


@dataclass
class Desk:
    """Answers for training over the broker, as it would. `asked`: the makers it was asked for, by question."""

    contacts: dict[UUID, Contact] = field(default_factory=dict)
    asked: list[list[UUID]] = field(default_factory=list)

    def knows(self, *contacts: Contact) -> None:
        self.contacts |= {contact.maker_id: contact for contact in contacts}

    async def get_contacts(self, query: Received[GetContacts], _: Tx) -> Contacts:
        self.asked.append(query.data.maker_ids)
        return Contacts(items=[self.contacts[maker] for maker in query.data.maker_ids if maker in self.contacts])

    def service(self) -> Service:
        heard = dict.fromkeys(SUBSCRIPTIONS["training"], keep_quiet)
        return Service("training", events=heard, queries={GetContacts: self.get_contacts})


async def keep_quiet(_: Sequence[Received[Any]], __: Tx) -> list[Outcome]:
    """What training hears is nothing to notify."""
    return []
