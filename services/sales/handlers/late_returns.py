"""Returns that are told of after their receipt was voided: they are booked, and taken back at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.sales.domain import returns
from services.sales.domain.calendar import business_day
from services.sales.domain.originals import Original
from services.sales.domain.undone import Returned
from services.sales.domain.voids import ReceiptKey
from services.sales.handlers import undone
from services.sales.storage import heard
from services.sales.storage import undone as storage
from services.sales.storage.heard import Heard
from shared.contracts.outlets import ReturnReported
from shared.db import Tx
from shared.errors import NotYet

Void = tuple[int, datetime]
"""Its number, and when the receipt was taken back."""


@dataclass(frozen=True, slots=True)
class Late:
    """Of a batch of returns: the voids of their receipts, and by subject those whose piece has moved on."""

    voids: Mapping[ReceiptKey, Void] = field(default_factory=dict)
    stuck: Mapping[str, NotYet] = field(default_factory=dict)

    def void_of(self, report: ReturnReported) -> Void | None:
        """The void that takes it back. A till that begins its numbers anew may use a receipt's number again, later."""
        void = self.voids.get((report.receipt, report.outlet, report.till))
        return void if void and report.returned_at <= void[1] else None


async def look(tx: Tx, reports: Sequence[ReturnReported], found: Sequence[Sequence[Original]]) -> Late:
    """`found`: for each the sales that it may mean, locked."""
    late = Late(await storage.get_voids(tx, {(one.receipt, one.outlet, one.till) for one in reports}))
    meant = [
        (original, report.subject)
        for report, originals in zip(reports, found, strict=True)
        if late.void_of(report)
        for original in returns.meant_of(originals, report)
    ]
    return Late(late.voids, await undone.list_moved_on(tx, meant)) if meant else late


async def undo(tx: Tx, booked: Sequence[tuple[Returned, Original, Void]], now: datetime) -> list[undone.Told]:
    """The voids themselves were counted when they came; only the money of these lines is new."""
    if not booked:
        return []
    nets = {one.no: sum([units * run.net for units, run in zip(one.taken or (), sale.runs, strict=True)])
            for one, sale, _ in booked}  # fmt: skip
    await heard.add_heard(
        tx,
        [Heard(one.outlet, one.till, business_day(at), 0, nets[one.no], None, one.no) for one, _, (_, at) in booked],
    )
    return await undone.undo(tx, [(one, sale, no, at) for one, sale, (no, at) in booked], now)
