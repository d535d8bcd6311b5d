"""The README's table of events is the map of who listens, not a memory of it."""

import re
from pathlib import Path

from shared.contracts.subscriptions import PUBLISHED, SUBSCRIPTIONS

README = Path(__file__).parents[2] / "README.md"
NOBODY = {"", "whoever binds a queue"}


def told() -> dict[str, set[str]]:
    """Event names of the table, and who is said to hear them."""
    rows = re.findall(r"^\|[^|\n]*\|((?: `\w+`)+) \|([^|\n]*)\|$", README.read_text(), flags=re.MULTILINE)
    found: dict[str, set[str]] = {}
    for names, listeners in rows:
        whom = set() if listeners.strip() in NOBODY else {one.strip() for one in listeners.split(",")}
        found |= dict.fromkeys(re.findall(r"`(\w+)`", names), whom)
    return found


def test_the_table_of_events_says_who_hears_what() -> None:
    listening = {
        event.__name__: {name for name, heard in SUBSCRIPTIONS.items() if event in heard}
        for events in PUBLISHED.values()
        for event in events
    }
    table = told()
    assert {name: table.get(name) for name in listening} == listening
