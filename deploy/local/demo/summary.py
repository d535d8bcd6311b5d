"""What a coordinator reads when it is over: what was sold, who earned, what needs her, and whether the books agree."""

from rich.console import Console, RenderableType
from rich.panel import Panel

from deploy.local.demo import money_summary, programme_summary
from deploy.local.demo.check import maker_payable
from deploy.local.demo.layout import three_columns
from deploy.local.demo.outcome import Outcome
from deploy.local.demo.people import RUSUN
from deploy.local.demo.settled import paid_out
from shared.money import rupiah

REASONS = {
    "return_without_original": "returns that name no sale: for a person",
    "invalid": "write-offs (sales below zero): for a person",
    "sale_not_recorded": "returns whose sale has not arrived",
    "sku_unknown": "sales of something that is in no catalogue",
    "receipt_line_changed": "lines that were reported again with other facts",
    "event_id_reused": "reports under an id that stands for another",
}
TOP = 5
SHOWN = 10


def show(console: Console, outcome: Outcome) -> None:
    """All of it."""
    console.print()
    console.print(_outlets(outcome))
    console.print(_by_rusun(outcome))
    console.print(_by_maker(outcome))
    programme_summary.show(console, outcome)
    money_summary.show(console, outcome)
    console.print(_verdict(outcome))


def _outlets(outcome: Outcome) -> RenderableType:
    feed, table = outcome.feed, three_columns("At the outlets")
    sold = f"{feed['units_sold']:,} pieces on {feed['sales_accepted']:,} receipt lines"
    table.add_row("sold", sold, rupiah(feed["net_sold"]))
    returned = f"{feed['units_returned']:,} pieces in {feed['returns_accepted']:,} returns"
    table.add_row("came back", returned, rupiah(-feed["net_returned"]))
    table.add_row("sent twice", f"{feed['duplicates_ignored']:,} reports, each counted once", "")
    for code, count in feed["parked_by_code"].items():
        table.add_row("set aside", f"{count:,} {REASONS.get(code, code)}", "")
    if outcome.closings:
        tied = list(outcome.closings.values()).count("tied")
        closed = f"{len(outcome.closings)} days of tills: {tied} tie out, the others wait for what was set aside"
        table.add_row("closed", closed, "")
    table.add_row("short", f"{feed['deficits']:,} goods that an outlet sold more of than it got", "")
    return table


def _by_rusun(outcome: Outcome) -> RenderableType:
    names, table = {rusun.code: rusun.name for rusun in RUSUN}, three_columns("Earned in each rusun")
    for earned in outcome.feed["earned_by_rusun"]:
        name = names.get(earned["rusun"], earned["rusun"])
        table.add_row(name, f"{earned['makers']} makers", rupiah(earned["amount"]))
    earned = maker_payable(outcome.trial_balance) + paid_out(outcome.settled)
    table.add_row("[bold]all makers", "", f"[bold]{rupiah(earned)}")
    return table


def _by_maker(outcome: Outcome) -> RenderableType:
    table = three_columns("Who earned most")
    for earned in outcome.feed["top_makers"][:TOP]:
        table.add_row(outcome.names.get(earned["maker_id"], earned["maker_id"]), "", rupiah(earned["amount"]))
    return table


def _verdict(outcome: Outcome) -> RenderableType:
    verdict = outcome.verdict
    differences = [*verdict.differences, *outcome.audit.differences]
    if outcome.agree:
        text = (
            f"The books agree. {verdict.accounts} accounts, counted a second time from the till file and the papers of"
            f" remittances, loans and payouts by a program that shares nothing with the system: equal to the rupiah,"
            f" and the ledger sums to {rupiah(0)}."
        )
        return Panel(text, border_style="green")
    text = "\n".join(["The books do not agree:", *differences[:SHOWN]])
    more = len(differences) - SHOWN
    text += f"\n... and {more} more" if more > 0 else ""
    others = "\nWhat others than the demo's tills reported is in the books too, but not in the till file."
    return Panel(text + others, border_style="red")


def where_next(console: Console, outcome: Outcome, how_to_stop: str) -> None:
    """What to look at while it runs, and how to end it."""
    here, ask = outcome.gateway_url, 'curl -H "$KEY" '
    number, sku = outcome.programme["certificate"]["number"], outcome.programme["stories"]["sku"]
    lines = [
        "",
        "[bold]Where to look next[/bold] in a browser",
        f"  documentation    {here}/docs",
        f"  a story          {here}/story/{sku}",
        f"  a certificate    {here}/verify/{number}",
        "[bold]and with a key[/bold] (a coordinator's, made for this run)",
        f"                   KEY='Authorization: Bearer {outcome.coordinator_key}'",
        f"  on paper         {ask}-o {number}.pdf {here}/v1/certificates/{number}/certificate.pdf",
        f"  how far they are {ask}{here}/v1/funnel",
        f"  without income   {ask}{here}/v1/accompaniment/attention",
        f"  all accounts     {ask}{here}/v1/ledger/trial-balance",
        f"  set aside        {ask}{here}/v1/parked",
        f"  one maker        {ask}{here}/v1/makers/{outcome.best_maker}/statement",
        f"  on paper         {ask}-o statement.pdf {here}/v1/makers/{outcome.best_maker}/statement.pdf",
        f"  who waits        {ask}{here}/v1/dues/late",
        f"  what was paid    {ask}{here}/v1/payouts",
        f"  what she reads   {ask}{here}/v1/makers/{outcome.best_maker}/notices",
        f'  as it happens    curl -N -H "$KEY" {here}/v1/events',
        "",
        f"Stop it with {how_to_stop}",
    ]
    console.print("\n".join(lines), soft_wrap=True)
