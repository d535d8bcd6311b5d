"""A year in which everything happens once, in an order that makes sense."""

from collections import Counter
from typing import Any

from tests.integration.properties.lab import Lab
from tests.integration.properties.world import ANI, POUCH, SHAWL, TABLE, WATI
from tests.integration.properties.year.shop import BUDI, RINI
from tests.integration.properties.year.stating import Stating
from tests.integration.properties.year.world import NEW, OLD, OUTLETS, VASE

KINDS = (
    *("row paid", "row failed", "row held", "loan kept", "recovery", "short", "on account", "two open"),
    *("FreezePayout", "CancelPayout", "SendPayout", "RecordPaid", "RecordResults", "RetryRows", "ReverseRemittance"),
    *("ApproveWriteOff", "CancelWriteOff", "RepayLoan", "CancelLoan", "ClosePeriod", "AgreeTerms", "VoidSale"),
    *("refused remittance_in_payout", "refused same_person", "refused results_refused"),
)


class Happens:
    def __init__(self, lab: Lab) -> None:
        self.machine = Stating(lab)
        self.machine.done = Counter()

    def all(self) -> None:
        """After each chapter every rupiah is looked for."""
        for chapter in (
            self.pieces_are_sold_and_remitted,
            self.a_batch_is_sent_and_half_of_it_arrives,
            self.a_piece_comes_back_after_it_was_paid,
            self.money_comes_short_and_wrong,
            self.she_moves_and_a_month_is_closed,
            self.debts_are_given_up,
        ):
            chapter()
            self.look()

    def look(self) -> None:
        machine: Any = self.machine
        machine.every_rupiah_is_in_one_place()
        machine.outlets_settle_no_more_than_they_sent()
        machine.what_is_lent_is_owed_until_it_is_repaid()
        machine.what_is_closed_does_not_move()
        machine.statements_add_up()

    def pieces_are_sold_and_remitted(self) -> None:
        machine = self.machine
        machine.a_maker_borrows(ANI, 1_000_000, 1, 100, 0, "disbursed")
        machine.a_maker_borrows(WATI, 60_000, 3, 0, 300_000, "cancelled")
        machine.trade(
            [
                ("citos", (SHAWL, 1, 700_000, None)),
                ("pim", (TABLE, 3, 33_334, "ALL-15")),
                ("alun-alun", (VASE, 1, 349_900, "MAKERS-20")),
                ("citos", (POUCH, 1, 349_900, None)),
            ]
        )
        machine.freeze(OLD)
        machine.time_passes(31)
        self.remit_all()

    def a_batch_is_sent_and_half_of_it_arrives(self) -> None:
        """Ani's money bounces, of Wati's nobody knows; then both arrive. The lender's comes at once."""
        machine = self.machine
        first = next(iter(machine.batches))
        machine.a_batch_is_frozen(OLD)
        second = list(machine.batches)[-1]
        assert first != second
        machine.agree(second, RINI, RINI, BUDI)
        machine.send(second)
        keys = {row.maker_id or row.lender: row.attempt_key for row in machine.batches[second].rows}
        machine.tell(second, {keys[ANI]: "failed", keys[WATI]: "unknown", keys[OLD]: "paid"})
        self.look()
        machine.retry(second)
        again = {row.maker_id or row.lender: row.attempt_key for row in machine.batches[second].rows}
        machine.tell(second, {keys[ANI]: "paid"})
        machine.tell(second, {again[ANI]: "paid", keys[WATI]: "paid"})
        machine.pay_all(second)
        assert machine.batches[second].state == "paid"
        machine.cancel(first)

    def a_piece_comes_back_after_it_was_paid(self) -> None:
        """At another outlet; half of what she earns next is kept back. Then her buyer keeps it after all."""
        machine = self.machine
        machine.take_back(machine.sold[0], elsewhere="pim", instead=(VASE, 1, 100, None))
        machine.trade([("citos", (SHAWL, 1, 450_000, None))])
        machine.time_passes(31)
        self.remit_all()
        machine.makers_are_paid(OLD)
        self.look()
        machine.void(machine.brought[0])
        machine.she_pays(next(iter(machine.loans)), 20_000)

    def money_comes_short_and_wrong(self) -> None:
        machine = self.machine
        machine.trade([("alun-alun", (VASE, 1, 700_000, None)), ("alun-alun", (TABLE, 1, 450_000, None))])
        machine.time_passes(7)
        machine.an_outlet_remits("alun-alun", 40, 0)
        machine.an_outlet_remits("pim", 130, 0)
        machine.reverse(next(iter(machine.entered)))
        machine.reverse(list(machine.entered)[-1])
        machine.makers_are_paid(NEW)
        machine.other_terms_are_agreed("citos", -3, outlet_bps=2_000, hold_days=0, advances=True)

    def she_moves_and_a_month_is_closed(self) -> None:
        machine = self.machine
        machine.a_maker_moves(ANI, NEW, 10)
        machine.a_month_is_closed()
        machine.a_receipt_is_sold("citos", [(SHAWL, 3, 33_334, None)], 40, 50_000)
        machine.freeze(NEW)
        machine.trade([("citos", (SHAWL, 1, 700_000, None))])
        machine.makers_are_paid(OLD)
        machine.makers_are_paid(NEW)

    def debts_are_given_up(self) -> None:
        machine = self.machine
        for sale in machine.sold[:6]:
            machine.void(sale)
        machine.take_back_whole(machine.ids("SELECT sale_id FROM sale ORDER BY no")[-1])
        machine.a_debt_is_given_up(all_of_it=False, agreed=False)
        machine.a_debt_is_given_up(all_of_it=False, agreed=True)

    def remit_all(self) -> None:
        for code in OUTLETS:
            self.machine.an_outlet_remits(code, 100, 0)
