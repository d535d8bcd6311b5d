"""Makes up statements: one for each maker on whose account something came, each beginning where her last one ended."""

from datetime import date, datetime, time

from services.sales.domain import statements as domain
from services.sales.domain.calendar import JAKARTA, business_day
from services.sales.storage import statements as storage
from services.sales.storage.statements import NewStatement
from shared.contracts.message import Event
from shared.contracts.sales.statements import Publication, PublishStatements, StatementPublished
from shared.db import Tx
from shared.runtime.envelope import Received, named_id


async def publish_statements(command: Received[PublishStatements], tx: Tx) -> tuple[Publication, list[Event]]:
    """In sets. Raises Rejected for a month that has not begun."""
    asked, today = command.data, business_day(command.now)
    first = domain.first_day(asked.month)
    domain.check_begun(first, today)
    await storage.lock_statements(tx)
    position = await storage.get_position(tx)
    cut = await storage.get_cut(tx, position, _midnight(first), _midnight(domain.next_month(first)))
    rows = await storage.list_moved(tx, cut, asked.cooperative, today, domain.MOST + 1)
    made = [
        NewStatement(
            statement_id=named_id("statement", row["maker_id"], row["after"]),
            maker_id=row["maker_id"],
            after=row["after"],
            position=cut.last,
            opening=row["opening"],
            closing=row["closing"],
            published_at=command.now,
            month=first,
            lines=row["lines"],
        )
        for row in rows[: domain.MOST]
    ]
    if made:
        await storage.add_statements(tx, made)
    return Publication(month=asked.month, published=len(made), more=len(rows) > len(made)), [_told(one) for one in made]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, JAKARTA)


def _told(made: NewStatement) -> StatementPublished:
    return StatementPublished(
        statement_id=made.statement_id,
        maker_id=made.maker_id,
        month=domain.month_of(made.month),
        opening=made.opening,
        closing=made.closing,
        lines=made.lines,
        published_at=made.published_at,
    )
