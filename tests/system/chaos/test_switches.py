"""The harness itself: a house that does without one of its guarantees is noticed, and by the right invariant."""

import pytest

from deploy.local.chaos.feed.plan import Size
from deploy.local.chaos.opening import Opened
from deploy.local.chaos.run import Plan, run
from deploy.local.chaos.timeline import Planned

SIZE = Size(5, 80)
ONE_OF_EACH = {"training": 1, "catalog": 1, "sales": 2, "notify": 1, "gateway": 1}
SALES, NOTIFY = 0.0, 0.9
"""Which of the loaded services is picked."""


def planned(at: float, name: str, seconds: float = 0, pick: float = SALES) -> Planned:
    return Planned(at, name, "any", seconds, pick)


KILLS_AFTER = [planned(at, "kill between commit and publish") for at in (0.5, 1, 1.5, 2, 2.5, 3, 3.5)]
"""Some of them hit a commit that has nothing to tell: what is parked, what an operator asked for."""

KILLS_ACKED = [planned(at, "kill after the ack", pick=pick) for at, pick in ((1, SALES), (2, NOTIFY), (3, NOTIFY))]
UNBOUND = [planned(at, "remove a binding") for at in (1, 2.5)]
"""Of the queue for sales: what comes back then must not be forgotten."""


@pytest.mark.parametrize(
    ("switch", "faults", "invariant"),
    [
        ("inbox", [], "I6 every event is sent and heard"),
        ("confirms", UNBOUND, "I6 every event is sent and heard"),
        ("ack-first", KILLS_ACKED, "I6 every event is sent and heard"),
        ("outbox", KILLS_AFTER, "I6 every fact has its event"),
    ],
)
async def test_a_guarantee_that_is_switched_off_turns_the_run_red(
    shop: Opened, switch: str, faults: list[Planned], invariant: str
) -> None:
    wanted = Plan(11, SIZE, faults, switch, whole=False, patience=2, replicas=ONE_OF_EACH)

    outcome = await run(shop, wanted, lambda _: None)

    assert invariant in outcome.verdict.red
