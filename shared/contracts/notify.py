"""Notify: what makers are told, and by which way."""

from uuid import UUID

from shared.contracts.message import Event, Moment, Page, Part, Query
from shared.contracts.training import Language


class NoticeSent(Event, wire="notify.NoticeSent.v1", about=("notice_id",)):
    notice_id: UUID
    maker_id: UUID
    template: str
    channel: str


class NoticeFailed(Event, wire="notify.NoticeFailed.v1", about=("notice_id",)):
    """No way was left to send this notice; it stays readable in the maker's list."""

    notice_id: UUID
    maker_id: UUID
    template: str
    reason: str


class Notice(Part):
    """`state`: queued, sent, failed or suppressed (she did not consent to notices)."""

    notice_id: UUID
    template: str
    text: str
    state: str
    channel: str | None
    created_at: Moment
    sent_at: Moment | None


class Notices(Part):
    items: list[Notice]
    next: str | None


class NoticeCounts(Part):
    total: int
    by_state: dict[str, int]


class ListNotices(Page[Notices], wire="notify.ListNotices.v1"):
    """The notices of one maker, the newest first, in her language unless another is asked for."""

    maker_id: UUID
    language: Language = Language.INDONESIAN


class CountNotices(Query[NoticeCounts], wire="notify.CountNotices.v1"):
    """How many notices there are."""


EVENTS: tuple[type[Event], ...] = (NoticeSent, NoticeFailed)
