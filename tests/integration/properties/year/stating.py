"""A year of statements: whenever a maker looks, her lines come to what she is owed, and each says where it is."""

from hypothesis.stateful import invariant

from shared.contracts.sales import GetStatement, StatementLine
from tests.integration.properties.year.closing import Closing
from tests.integration.properties.year.world import MAKERS


class Stating(Closing):
    @invariant()
    def statements_add_up(self) -> None:
        accounts = self.balances()
        for maker in MAKERS:
            seen = self.ask(GetStatement(maker_id=maker, limit=500))
            assert seen.opening + sum([line.amount for line in seen.items]) == seen.closing == seen.balance, maker
            assert seen.balance == -accounts[f"maker-payable {maker}"], maker
            balance = seen.closing
            again = {line.sale_id for line in seen.items if line.kind == "void" and line.amount > 0}
            for line in seen.items:
                assert line.balance == balance, (maker, line)
                balance -= line.amount
                check_line(line)
                if line.sale_id not in again:
                    check_place(line)


def check_line(line: StatementLine) -> None:
    """What the buyer paid is divided to the rupiah."""
    if line.net is not None:
        parts = (line.outlet_share or 0) + (line.programme_share or 0) + (line.co_makers_share or 0)
        assert line.net - parts == abs(line.amount), line


def check_place(line: StatementLine) -> None:
    """What a batch pays waits for nothing. What was sold after all waits anew, whatever became of the sale before."""
    assert not (line.payout_id and line.waits), line
    assert not (line.waits == "outlet" and line.remittance_id), line
