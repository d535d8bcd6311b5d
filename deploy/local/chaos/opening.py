"""The shop before the first run: opened once on an installation, its databases kept as they are then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from deploy.broker.definitions import OUTLETS, SERVICES
from deploy.local.chaos.feed.goods import OVER_AMQP, TILLS, Goods
from deploy.local.chaos.feed.plan import make_opening
from deploy.local.chaos.feed.telling import Json
from deploy.local.chaos.house import copies
from deploy.local.chaos.house.installation import Installation
from deploy.local.chaos.people import Person
from deploy.local.chaos.shop import Shop, record_opening
from deploy.local.chaos.tills.record import Record
from deploy.local.chaos.tills.till import Tills
from deploy.local.chaos.tills.ways import OverAmqp, OverHttp
from services.gateway import keys


@dataclass(frozen=True)
class Opened:
    """`submission`: of the product that is approved only after the faults; `keys`: by whose they are."""

    house: Installation
    goods: Goods
    opening: tuple[Json, ...]
    submission: str
    keys: dict[str, str]

    @asynccontextmanager
    async def person(self, who: str) -> AsyncIterator[Person]:
        one = Person(self.keys[who], self.house.gateway_urls)
        yield one
        await one.close()

    @asynccontextmanager
    async def tills(self) -> AsyncIterator[Tills]:
        """With a new record."""
        tills = Tills(_ways(self.house, self.keys), Record(self.house.folder / "record.jsonl"))
        yield tills
        await tills.close()


async def open_shop(house: Installation) -> Opened:
    """One replica of each service does it; none runs when this returns. Raises SetupError."""
    house.crew.wanted = dict.fromkeys(SERVICES, 1)
    house.crew.fill()
    await house.crew.ready()
    opened = Opened(house, Goods({}), (), "", await _make_keys(house))
    async with opened.person("coordinator") as coordinator, opened.person("juror") as juror:
        shop = Shop(coordinator, juror)
        goods = await shop.open()
        await shop.stock(house, goods)
    opened = Opened(house, goods, make_opening(goods, datetime.now(UTC)), shop.submission, opened.keys)
    async with opened.tills() as tills:
        await record_opening(house, tills, opened.opening)
    await asyncio.sleep(1)  # notices of the opening are being sent
    await house.crew.dismiss()
    await copies.keep(house)
    return opened


async def _make_keys(house: Installation) -> dict[str, str]:
    url = house.database_url("gateway", "gateway")
    made = {role: await keys.create(url, role, role) for role in ("coordinator", "juror")}
    return made | {outlet: await keys.create(url, "outlet", outlet, outlet) for outlet in OUTLETS}


def _ways(house: Installation, known: dict[str, str]) -> dict[tuple[str, str], OverAmqp | OverHttp]:
    return {
        (outlet, till): OverAmqp(house.amqp_url_of_till(outlet))
        if till in OVER_AMQP
        else OverHttp(house.gateway_urls, known[outlet])
        for outlet, till in TILLS
    }
