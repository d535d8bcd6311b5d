"""Sends the notices that are due: claim, ask for the contacts, send, mark. No network inside a transaction.

A notice is sent at least once: when a sender is killed between sending and marking, its notices are due again after
the lease and go out a second time, under the same idempotency key (the e-mail's Message-ID).
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import structlog

from services.notify import domain, storage, text
from services.notify.channels import Channel, Message, Undeliverable
from services.notify.channels.email import EmailChannel
from services.notify.channels.log import LogChannel
from services.notify.domain import DueNotice, Result
from shared.contracts.message import Event
from shared.contracts.notify import NoticeFailed, NoticeSent
from shared.contracts.sales.statements import GetStatementLinks
from shared.contracts.training import Contact, GetContacts
from shared.db import Tx, away
from shared.errors import Unavailable
from shared.runtime.service import Tools
from shared.settings import Settings

ROUND, AT_ONCE = 60, 20
SEND_TIMEOUT = 10.0
MARK_TIMEOUT, MARK_PAUSE = timedelta(seconds=10), 0.5
LEASE = timedelta(seconds=50)
"""Longer than a round can take: two questions, ROUND / AT_ONCE * SEND_TIMEOUT, and MARK_TIMEOUT."""

AWAY = timedelta(seconds=2)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What was asked for a round: by maker how to reach her, by statement where it is read."""

    contacts: Mapping[UUID, Contact] = field(repr=False)
    links: Mapping[UUID, str] = field(repr=False)


async def send_due(tools: Tools) -> bool:
    """One round. True when there is more to do."""
    channels = open_channels(tools.settings)
    due = await _claim(tools)
    if not due:
        return False
    try:
        contacts = await _contacts(tools, due)
    except Unavailable:
        await _give_back(tools, due)
        return False
    links = await _links(tools, due)
    waiting = [notice for notice in due if links is None and notice.statement_id]
    if waiting:
        await _give_back(tools, waiting)
    sending = [notice for notice in due if notice not in waiting]
    await _to_the_end(_send_and_mark(tools, sending, Found(contacts, links or {}), channels))
    return len(due) == ROUND


def open_channels(settings: Settings) -> list[Channel]:
    """In the order of preference; the first that reaches a maker is used."""
    return [EmailChannel.of(settings.smtp_url), LogChannel()] if settings.smtp_url else [LogChannel()]


async def _claim(tools: Tools) -> list[DueNotice]:
    async def work(tx: Tx) -> tuple[list[DueNotice], list[Event]]:
        now = tools.now()
        return await storage.claim_due(tx, now, now + LEASE, ROUND), []

    return await tools.transact(work)


async def _contacts(tools: Tools, due: Sequence[DueNotice]) -> dict[UUID, Contact]:
    """Asked for each round and forgotten with it: personal data stays in training."""
    reply = await tools.ask(GetContacts(maker_ids=list({notice.maker_id for notice in due})))
    return {contact.maker_id: contact for contact in reply.items}


async def _links(tools: Tools, due: Sequence[DueNotice]) -> Mapping[UUID, str] | None:
    """Where the statements of this round are read, and forgotten with it as contacts are. None: sales is away."""
    wanted = [notice.statement_id for notice in due if notice.statement_id]
    if not wanted:
        return {}
    try:
        reply = await tools.ask(GetStatementLinks(statement_ids=wanted))
    except Unavailable:
        return None
    return {link.statement_id: link.url for link in reply.items}


async def _give_back(tools: Tools, due: Sequence[DueNotice]) -> None:
    log.warning("notices_wait_for_answers", notices=len(due))

    async def work(tx: Tx) -> tuple[None, list[Event]]:
        await storage.mark_waiting(tx, due, tools.now() + AWAY)
        return None, []

    await tools.transact(work)


async def _to_the_end(work: Coroutine[None, None, None]) -> None:
    """A stop waits for what has begun: what is sent shall be marked, not be sent again at the next start."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


async def _send_and_mark(tools: Tools, due: Sequence[DueNotice], found: Found, channels: Sequence[Channel]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def send(notice: DueNotice) -> Result:
        async with gate:
            # Writing many texts at a stretch would hold up the events and requests of this process.
            await asyncio.sleep(0)
            return await _send(tools, notice, found, channels)

    await _mark(tools, await asyncio.gather(*[send(notice) for notice in due]))


async def _send(tools: Tools, notice: DueNotice, found: Found, channels: Sequence[Channel]) -> Result:
    """What came of it. Nothing that is wrong with one notice harms the others of its round."""
    contact = found.contacts.get(notice.maker_id)
    if contact is None:
        return domain.failed(notice, "no_contact", permanent=False, at=tools.now())
    if not contact.may_notify:
        return domain.suppressed(notice)
    channel = next(channel for channel in channels if channel.reaches(contact))
    try:
        async with asyncio.timeout(SEND_TIMEOUT):
            await channel.send(_message(tools, notice, contact, found.links))
        return domain.sent(notice, channel.name, tools.now())
    except Undeliverable as error:
        return domain.failed(notice, error.reason, error.permanent, tools.now())
    except TimeoutError:
        return domain.failed(notice, "timed_out", permanent=False, at=tools.now())
    except Exception as error:
        # Its class and no more: a message or a traceback could show whom it was for.
        log.error("notice_not_sent", notice_id=str(notice.notice_id), error=type(error).__name__)
        return domain.failed(notice, "bug", permanent=False, at=tools.now())


def _message(tools: Tools, notice: DueNotice, contact: Contact, links: Mapping[UUID, str]) -> Message:
    link = links.get(notice.statement_id) if notice.statement_id else None
    written = text.write(notice.template, notice.params, contact.language, contact.name, link)
    return Message(notice.notice_id, notice.maker_id, notice.template, contact, written, tools.now())


async def _mark(tools: Tools, results: Sequence[Result]) -> None:
    async def work(tx: Tx) -> tuple[None, list[Event]]:
        await storage.mark_tried(tx, [result for result in results if result.next_try_at])
        ended = await storage.add_outcomes(tx, [result for result in results if not result.next_try_at])
        told = [_told(result) for result in results if result.notice.seq in ended]
        return None, [event for event in told if event]

    until = tools.now() + MARK_TIMEOUT
    while True:
        try:
            return await tools.transact(work)
        except Exception as error:
            if not away(error) or tools.now() > until:
                raise
            # Unmarked they would go out a second time, and that only after the lease.
            await asyncio.sleep(MARK_PAUSE)


def _told(result: Result) -> Event | None:
    """The event of a notice that has come to its end."""
    notice = result.notice
    if result.state == "sent":
        return NoticeSent(
            notice_id=notice.notice_id,
            maker_id=notice.maker_id,
            template=notice.template,
            channel=result.channel or "",
        )
    if result.state == "failed":
        return NoticeFailed(
            notice_id=notice.notice_id,
            maker_id=notice.maker_id,
            template=notice.template,
            reason=result.reason or "",
        )
    return None
