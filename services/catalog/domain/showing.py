"""Products in full: when they are offered, how they are searched for, and what a spreadsheet may be handed."""

import re
from collections.abc import Mapping
from typing import Literal

from shared.contracts.catalog.showing import State
from shared.errors import Rejected

Step = Literal["pause", "resumption", "retirement"]

STEPS: Mapping[Step, tuple[frozenset[State], State]] = {
    "pause": (frozenset({"active"}), "paused"),
    "resumption": (frozenset({"paused"}), "active"),
    "retirement": (frozenset({"active", "paused"}), "retired"),
}
"""From which states a step leads to which. A retired product stays retired."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_WORDS = 10
WORD = re.compile(r"\w+")


def take(step: Step, state: State) -> State:
    """The state that the step leads to. Raises Rejected when it does not lead anywhere from here."""
    allowed, after = STEPS[step]
    if state not in allowed:
        wanted = " or ".join(sorted(allowed))
        raise Rejected("product_state", f"the product is {state}; {step} is for one that is {wanted}")
    return after


def words_of(text: str) -> list[str]:
    """What is looked for, without what a search would take for a sign: lower case, ten words at most."""
    return [word.lower() for word in WORD.findall(text.replace("_", " "))][:MOST_WORDS]


def cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula: it then begins with an apostrophe."""
    return f"'{text}" if text.startswith(FORMULA) else text
