"""What time brings about by itself: makers without income are found, proposals expire."""

from datetime import date

from services.training.domain.accompaniment import poor_since
from services.training.domain.calendar import jakarta_day
from services.training.storage import income, proposals
from shared.contracts.message import Event
from shared.contracts.training import MakerWithoutIncome, ProposalClosed, ProposalOutcome
from shared.contracts.training.proposals import Proposal
from shared.db import Tx
from shared.runtime.service import Tools

ROUND = 10_000
"""Makers that are found at once: so many have nothing in the first round after an upgrade only."""


async def find_without_income(tools: Tools) -> bool:
    """Looked at every hour, so that each day finds its own soon after it began. True when there is more to do."""
    today = jakarta_day(tools.now())
    return await tools.transact(lambda tx: find_once(tx, today))


async def expire_proposals(tools: Tools) -> bool:
    """Those that nobody has answered by the end of their last day."""
    today = jakarta_day(tools.now())
    return await tools.transact(lambda tx: expire_once(tx, today))


async def find_once(tx: Tx, today: date) -> tuple[bool, list[Event]]:
    """Each time without income once, however often it is looked at."""
    found = await income.add_without_income(tx, poor_since(today), today, ROUND)
    return len(found) == ROUND, [MakerWithoutIncome(**gap._asdict()) for gap in found]


async def expire_once(tx: Tx, today: date) -> tuple[bool, list[Event]]:
    """What was to be answered before today."""
    return False, [_expired(proposal) for proposal in await proposals.mark_expired(tx, today)]


def _expired(proposal: Proposal) -> Event:
    return ProposalClosed(
        proposal_id=proposal.proposal_id,
        maker_id=proposal.maker_id,
        kind=proposal.kind,
        reference=proposal.about,
        outcome=ProposalOutcome.EXPIRED,
    )
