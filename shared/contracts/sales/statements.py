"""Statements: what a maker's account came to in a period, made up for good, and the page on which she reads it."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.message import Code, Command, Event, Moment, Page, Part, Query
from shared.contracts.sales.books import Month
from shared.contracts.sales.replies import Statement

Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")]
"""What opens a statement without a login: it belongs into no event, no log and no error."""


class StatementPublished(Event, wire="sales.StatementPublished.v1", about=("statement_id",)):
    """A maker's statement is made up: `opening`, and what `lines` entries add, are `closing`. It never changes.

    Where she reads it is not told here: whoever writes to her asks for it just then.
    """

    statement_id: UUID
    maker_id: UUID
    month: Month
    opening: int
    closing: int
    lines: int
    published_at: Moment


class StatementHead(Part):
    """A statement without its lines. `expires_at`: until when its page can be read."""

    statement_id: UUID
    maker_id: UUID
    month: Month
    opening: int
    closing: int
    lines: int
    published_at: Moment
    expires_at: Moment


class Statements(Part):
    items: list[StatementHead]
    next: str | None


class PublishedStatement(Statement):
    """What is behind a link. Its figures never change; what has become of a line since is told as well."""

    statement_id: UUID
    month: Month
    published_at: Moment
    expires_at: Moment


class Publication(Part):
    """`published`: so many statements; `more`: there are others to be made, ask once more."""

    month: Month
    published: int
    more: bool


class StatementLink(Part):
    statement_id: UUID
    url: str


class StatementLinks(Part):
    items: list[StatementLink]


class PublishStatements(Command[Publication], wire="sales.PublishStatements.v1"):
    """A statement for every maker on whose account something came since her last one, up to the end of the month.

    Of a month that is not over, up to now: what comes later is on the next one. A first statement begins with the
    month. `cooperative`: only makers who belong to it today. At most 1,000 at a time.
    """

    month: Month
    cooperative: Code | None = None


class ListStatements(Page[Statements], wire="sales.ListStatements.v1"):
    """The newest first."""

    maker_id: UUID | None = None
    month: Month | None = None


class GetStatementLinks(Query[StatementLinks], wire="sales.GetStatementLinks.v1"):
    """For whoever writes to makers. What can no longer be read is left out."""

    statement_ids: Annotated[list[UUID], Field(max_length=500)]


class GetStatementLink(Query[StatementLink], wire="sales.GetStatementLink.v1"):
    """For a coordinator who hands it to the maker herself. Whoever has it reads the statement."""

    statement_id: UUID


class ReadStatement(Page[PublishedStatement], wire="sales.ReadStatement.v1"):
    """What is behind a link: the newest entries first."""

    token: Token


EVENTS: tuple[type[Event], ...] = (StatementPublished,)
