"""What outlets owe, period by period, and who is late."""

from shared.contracts.message import Code, Day, Part
from shared.contracts.sales.events import Remits


class Due(Part):
    """What an outlet owes of one period of its agreement, in rupiah.

    `due = sold - returned - commission`; `remitted` of it is settled, the others are `open`. `commission_open` the
    outlet may keep when it remits these: until then it is a part of what the ledger says it has received.
    """

    since: Day
    through: Day
    remits: Remits
    due_by: Day
    sold: int
    returned: int
    commission: int
    due: int
    remitted: int
    open: int
    commission_open: int
    late: bool


class Dues(Part):
    """Periods, the newest first; the sums are of all periods. `owed = open - on_account`: what the outlet has to hand
    over. `receivable = owed + commission_open` is its account in the ledger. It is `late` when what is on account does
    not cover the periods that are.
    """

    outlet: Code
    open: int
    commission_open: int
    on_account: int
    owed: int
    receivable: int
    late: bool
    items: list[Due]
    next: str | None


class LateOutlet(Part):
    """`open` of its `periods` that are over, and `on_account`; the oldest of them should have come by `due_by`."""

    outlet: Code
    periods: int
    since: Day
    due_by: Day
    days_late: int
    open: int
    on_account: int


class LateOutlets(Part):
    items: list[LateOutlet]
    next: str | None
