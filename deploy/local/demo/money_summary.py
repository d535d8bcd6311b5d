"""What a coordinator reads of the money: what outlets have handed over, what makers got, and one of them in full."""

from collections import Counter

from rich.console import Console, RenderableType

from deploy.local.demo.layout import three_columns
from deploy.local.demo.outcome import Outcome
from deploy.local.demo.people import RUSUN
from deploy.local.demo.places import OUTLETS
from deploy.local.demo.settled import paid_out
from shared.money import rupiah


def show(console: Console, outcome: Outcome) -> None:
    """All of it."""
    console.print(_remitted(outcome))
    console.print(_paid(outcome))
    console.print(_one_maker(outcome))


def _remitted(outcome: Outcome) -> RenderableType:
    table, came = three_columns("Handed over by the outlets"), {one["outlet"]: one for one in outcome.money.remittances}
    for place in OUTLETS:
        if place.code in came:
            one = came[place.code]
            waiting = f", {one['waiting']:,} of its sales wait" if one["waiting"] else ", all it owed"
            table.add_row(place.name, f"{one['sales']:,} sales settled{waiting}", rupiah(one["amount"]))
        else:
            table.add_row(place.name, "nothing yet: what it sold waits for it", rupiah(0))
    return table


def _paid(outcome: Outcome) -> RenderableType:
    table = three_columns("Paid through the cooperatives")
    names = {rusun.cooperative: rusun.cooperative_name for rusun in RUSUN}
    for batch in outcome.money.batches:
        states = Counter(row["state"] for row in outcome.batches[batch["payout_id"]]["rows"])
        told = ", ".join([f"{count} {state}" for state, count in sorted(states.items(), key=lambda item: -item[1])])
        total = sum(row["amount"] for row in batch["rows"])
        table.add_row(names[batch["cooperative"]], f"{len(batch['lines'])} makers; rows: {told}", rupiah(total))
    table.add_row("[bold]to makers", "and kept back for their loans", f"[bold]{rupiah(paid_out(outcome.settled))}")
    table.add_row("statements", f"{outcome.money.statements} makers were sent a link to theirs", "")
    return table


def _one_maker(outcome: Outcome) -> RenderableType:
    audit = outcome.audit
    table = three_columns(f"One maker's account: {outcome.names.get(audit.maker_id, audit.maker_id)}")
    table.add_row("earned", "as the till file has it, counted by another program", rupiah(audit.earned))
    table.add_row("paid", "to her", rupiah(-audit.paid))
    table.add_row("kept back", "for her loan", rupiah(-audit.kept))
    if audit.on_its_way:
        table.add_row("on its way", "in a batch", rupiah(-audit.on_its_way))
    table.add_row("waits", "for outlets, or for the days that sales are held", rupiah(-audit.waiting))
    for difference in audit.differences:
        table.add_row("[red]differs", difference, "")
    table.add_row("her papers", str(outcome.papers), "")
    return table
