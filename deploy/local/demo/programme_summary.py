"""What a coordinator reads of the programme: who came, learned, was chosen, was shown, and is accompanied."""

from rich.console import Console, RenderableType
from rich.table import Table

from deploy.local.demo.aftercare import ORDER
from deploy.local.demo.api import Json
from deploy.local.demo.layout import two_columns
from deploy.local.demo.outcome import Outcome
from deploy.local.demo.people import RUSUN

STEPS = (
    ("registration", "registered"), ("training", "trained"), ("accompaniment", "visited"), ("marketing", "earning"),
)  # fmt: skip
"""The programme's steps that the demo plays, and what whoever has reached them is."""


def show(console: Console, outcome: Outcome) -> None:
    """All of it."""
    console.print(_people(outcome))
    console.print(_selection(outcome.programme["selection"], outcome.programme["stories"]))
    console.print(_funnel(outcome.programme["accompaniment"]))
    console.print(_accompaniment(outcome))


def _people(outcome: Outcome) -> RenderableType:
    table, part = two_columns("Trained and told"), outcome.programme
    _add_lists(table, part["participants"])
    courses, paper = part["courses"], part["certificate"]
    planned, actual = courses["planned_minutes"] / 60, courses["actual_minutes"] / 60
    held = f"{planned:.0f} hours planned, {actual:.0f} held, {courses['overrun_minutes'] / 60:.0f} beyond the plan"
    table.add_row("taught", f"{courses['sessions']} sessions of {courses['cohorts']} courses: {held}")
    states = courses["enrolments"]
    left, waiting = states.get("cancelled", 0), states.get("waitlisted", 0)
    amended = f"{courses['amendments']} sheet set right afterwards"
    table.add_row("seats", f"{left} given up or not taken, {waiting} still waiting; {amended}")
    missed = f"{states.get('not_completed', 0)} makers missed too much and were told what helps"
    table.add_row("certified", f"{states['completed']} certificates; {missed}")
    table.add_row("issued again", f"{paper['number']} in the place of {paper['replaces']}: {_checked(paper)}")
    states = outcome.notices["by_state"]
    told = ", ".join([f"{count:,} {state}" for state, count in sorted(states.items(), key=lambda item: -item[1])])
    table.add_row("told", f"{outcome.notices['total']:,} notices to makers: {told}")
    return table


def _add_lists(table: Table, participants: Json) -> None:
    names = {rusun.code: rusun.name for rusun in RUSUN}
    table.add_row("registered", f"{participants['registered']} makers from {len(RUSUN)} lists")
    for line in participants["set_aside"]:
        why = "is on the list already" if line["outcome"] == "duplicate" else f"refused: {'; '.join(line['reasons'])}"
        table.add_row("", f"{names[line['rusun']]}, line {line['line']}: {why}")
    if len(participants["moved_from_to"]) > 1:
        before, after = participants["moved_from_to"][-2:]
        table.add_row("moved", f"1 maker, from {names[before]} to {names[after]}")


def _checked(paper: Json) -> str:
    right = paper["is_pdf"] and paper["is_verified"] and paper["earlier_leads_to_it"]
    return "PDF and QR pages checked" if right else "its PDF or a QR page is not as it should be"


def _selection(selection: Json, stories: Json) -> RenderableType:
    table = two_columns("Selected and shown")
    second = f"{selection['approved_in_second_round']} of {selection['second_rounds']} approved"
    table.add_row("second round", f"{second}, {selection['after_a_remedial_session']} after a remedial session")
    no_paper = selection["without_halal_certificate"]
    table.add_row("refused", f"{selection['refused']}, {no_paper} for animal material without halal certificate")
    table.add_row("jury", f"{selection['jurors_who_trained_the_maker']} juror was refused: she had trained the maker")
    shown = f"{stories['with_a_photo']} with a photo, {stories['told']} with a story in two languages"
    table.add_row("shown", f"{stories['products']:,} products, {shown}")
    full = stories["names_its_maker"] and stories["shows_parts_of_the_price"]
    agreed = "names its maker and shows her part of the price" if full else "does not show what its maker agreed to"
    gone = "has lost its maker's name" if stories["withdrawn_names_nobody"] else "still names its maker"
    table.add_row("consent given", f"the page of {stories['sku']} {agreed}")
    table.add_row("and withdrawn", f"the page of {stories['withdrawn_sku']} {gone}")
    return table


def _funnel(accompaniment: Json) -> RenderableType:
    table = Table(title="How far they have come", title_justify="left", title_style="bold", box=None, padding=(0, 2))
    table.add_column(min_width=18)
    for _, reached in STEPS:
        table.add_column(reached, justify="right")
    names = {rusun.code: rusun.name for rusun in RUSUN} | {"all": "[bold]all makers"}
    for code in (*[rusun.code for rusun in RUSUN], "all"):
        steps = accompaniment["funnel"][code]
        table.add_row(names[code], *[str(steps[step]) for step, _ in STEPS])
    return table


def _accompaniment(outcome: Outcome) -> RenderableType:
    accompaniment, table = outcome.programme["accompaniment"], two_columns("Who needs somebody")
    longest = [outcome.names[maker] for maker in accompaniment["longest_without_income"]]
    named = f": {', '.join(longest)}" if longest else ""
    count = accompaniment["sixty_days_without_income"]
    more = " ..." if count > len(longest) else ""
    table.add_row("no income", f"{count} makers for 60 days or more{named}{more}")
    table.add_row("no companion", f"{accompaniment['without_companion']} makers who have completed a course")
    asked = ", ".join([outcome.names[maker] for maker in accompaniment["asked_first"]])
    first = f"who stands first of {accompaniment['candidates']} in {ORDER['craft']}"
    table.add_row("an order", f"{ORDER['about']} is proposed to {asked}, {first}")
    return table
