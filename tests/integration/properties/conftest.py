"""A lab for the properties. `KARYA_PROPERTIES=thorough` looks for minutes where CI looks for seconds."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.conftest import Urls
from tests.integration.properties.lab import Lab
from tests.integration.properties.world import furnish

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
settings.register_profile(
    "quick",
    max_examples=12,
    stateful_step_count=15,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=SLOW,
    phases=[Phase.explicit, Phase.generate],
    print_blob=True,
)
settings.register_profile(
    "thorough",
    settings.get_profile("quick"),
    max_examples=300,
    stateful_step_count=40,
    derandomize=False,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
settings.load_profile("thorough" if os.environ.get("KARYA_PROPERTIES") == "thorough" else "quick")


@pytest.fixture(scope="session")
def lab(servers: Urls) -> Iterator[Lab]:
    made = Lab(servers, furnish)
    yield made
    made.close()
