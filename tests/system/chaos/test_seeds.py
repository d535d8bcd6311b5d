"""Three seeds of half a minute each: whatever goes wrong, the books are right and nothing is lost."""

from collections import Counter

import pytest

from deploy.local.chaos import faults, show
from deploy.local.chaos.command import rate_of
from deploy.local.chaos.feed.plan import Size
from deploy.local.chaos.opening import Opened
from deploy.local.chaos.run import Plan, run
from deploy.local.chaos.timeline import plan

SECONDS = 30.0
SEEN: Counter[str] = Counter()
MISSED: set[str] = set()
"""Half a minute is short: what one seed did not come to see, another has to."""


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_everything_holds_after_faults(shop: Opened, seed: int) -> None:
    size = Size(SECONDS, min(rate_of(seed), 80))

    outcome = await run(shop, Plan(seed, size, plan(seed, SECONDS, faults.kinds(cluster=False))), lambda _: None)

    timeline = "\n".join([str(one) for one in outcome.happened])
    wrong = "\n".join([line for lines in outcome.verdict.wrong.values() for line in lines])
    SEEN.update(outcome.verdict.seen)
    MISSED.update(outcome.verdict.unseen)
    assert not outcome.verdict.red, f"{show.sentence(outcome)}\n{wrong}\n{timeline}"


def test_between_them_the_seeds_have_seen_all_that_was_due() -> None:
    assert [what for what in MISSED if not SEEN[what]] == []
