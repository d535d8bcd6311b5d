"""What is compared with the file is what was there when nothing waited any more, not a moment before."""

from typing import cast

import pytest

from deploy.local.demo.desk import Desk
from deploy.local.demo.settle import settle_reports


def told(sales: int, returns: int, parked: int) -> dict[str, int]:
    return {"sales_accepted": sales, "returns_accepted": returns, "parked": parked, "duplicates_ignored": 0}


class Answers:
    """A desk that is told of each thing as it is at that moment."""

    def __init__(self, feeds: list[dict[str, int]], waiting: list[int]) -> None:
        self._feeds, self._waiting = iter(feeds), iter(waiting)

    async def feed(self) -> dict[str, int]:
        return next(self._feeds)

    async def waiting(self) -> int:
        return next(self._waiting)


@pytest.mark.parametrize(
    ("feeds", "waiting"),
    [
        # Two returns are tried again between the two questions.
        ([told(10, 8, 2), told(10, 10, 0)], [0]),
        # They wait at the first look.
        ([told(10, 8, 2), told(10, 10, 0), told(10, 10, 0)], [2, 0]),
        # Reports are still on their way at the first look.
        ([told(4, 0, 0), told(10, 8, 2), told(10, 10, 0)], [0, 0]),
    ],
)
async def test_returns_that_have_found_their_sale_count_as_returns(
    feeds: list[dict[str, int]], waiting: list[int]
) -> None:
    desk = cast(Desk, Answers(feeds, waiting))

    assert await settle_reports(desk, 20, lambda _=1: None) == told(10, 10, 0)
