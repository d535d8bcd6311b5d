"""A programme of a year, however it goes: every rupiah that buyers paid is in exactly one place.

`KARYA_PROPERTIES=thorough` looks for minutes; CI looks for seconds.
"""

import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import Urls
from tests.integration.properties.lab import Lab
from tests.integration.properties.year.once import KINDS, Happens
from tests.integration.properties.year.shop import DONE
from tests.integration.properties.year.stating import Stating
from tests.integration.properties.year.world import furnish

THOROUGH = os.environ.get("KARYA_PROPERTIES") == "thorough"


@pytest.fixture(scope="module")
def year(servers: Urls) -> Iterator[Lab]:
    made = Lab(servers, furnish)
    yield made
    made.close()


def test_a_year_in_which_everything_happens_once(year: Lab) -> None:
    """So that each kind of thing is looked at, whatever Hypothesis thinks of."""
    happens = Happens(year)
    try:
        happens.all()
    finally:
        happens.machine.teardown()
    assert {kind for kind in KINDS if not happens.machine.done[kind]} == set()


def test_whatever_a_year_brings_every_rupiah_is_in_one_place(year: Lab) -> None:
    class OfTheYear(Stating):
        def __init__(self) -> None:
            super().__init__(year)

    if THOROUGH:
        steps = settings(settings.get_profile("thorough"), stateful_step_count=50)
    else:
        steps = settings(settings.get_profile("quick"), max_examples=6, stateful_step_count=25)
    run_state_machine_as_test(OfTheYear, settings=steps)
    sys.stderr.write(f"{DONE}\n")
