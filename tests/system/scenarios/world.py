"""The programme that the scenarios play in: a running system, its people, and builders for what each scenario needs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from deploy.local.system import Endpoints, System
from services.gateway import keys
from tests.system.scenarios.books import Books
from tests.system.scenarios.people import Json, Person
from tests.system.scenarios.tills import OverAmqp, OverHttp, Till

JAKARTA = ZoneInfo("Asia/Jakarta")
CRITERIA = ("market-fit", "sale-value", "finish", "consistency", "repeatability", "price-realism", "authenticity")
CITOS_BPS, MALL_BPS = 1500, 2500
"""What the programme's own outlet takes, and all others; the programme takes 1000."""


def now() -> datetime:
    return datetime.now(JAKARTA)


def today() -> date:
    return now().date()


def wib(days_ago: int, clock: str) -> datetime:
    """A time of day in Jakarta, some days ago."""
    return datetime.combine(today() - timedelta(days=days_ago), time.fromisoformat(clock), JAKARTA)


@dataclass
class World:
    """A running system. Scenarios share it, each with makers, products and tills (or outlets) of its own."""

    system: System
    endpoints: Endpoints
    http: httpx.AsyncClient
    coordinator: Person
    juror: Person
    finance: Person
    books: Books
    outlets: dict[str, Person] = field(default_factory=dict)
    ways: list[OverAmqp] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def person(self, role: str, outlet: str | None = None) -> Person:
        """Somebody with a new key."""
        return await a_person(self.endpoints, self.http, role, outlet)

    async def rusun(self) -> str:
        """A rusun with a cooperative of its own, which is called kop-<code>."""
        code = f"rusun-{next(self._numbers)}"
        names = {"name": f"Rusun {code}", "cooperative": f"kop-{code}", "cooperative_name": f"Koperasi {code}"}
        await self.coordinator.post("/v1/rusun", {"code": code} | names)
        return code

    async def maker(self, rusun: str | None = None) -> str:
        """A maker who wants notices; her id."""
        home = {"rusun": rusun or await self.rusun(), "block": "A", "unit": "101", "since": "2020-01-01"}
        person = {"name": "Ibu Contoh", "phone": f"0812{next(self._numbers):08}", "consents": ["training", "notices"]}
        maker = await self.coordinator.post("/v1/makers", person | home)
        return str(maker["maker_id"])

    async def product(self, maker: str, price: int = 700_000, **decided: Any) -> str:
        """Something of hers that was selected, with a price since 2020; its SKU."""
        sku = f"BTK-S{next(self._numbers):04}"
        piece = {"title": "Kain batik", "craft": "batik", "technique": "tulis", "material": "katun", "hours": 12}
        offer = piece | {"asking_price": price, "makers": [{"maker_id": maker}]}
        submission = (await self.coordinator.post("/v1/submissions", offer))["submission_id"]
        scores = {"scores": dict.fromkeys(CRITERIA, 9)}
        await self.juror.post(f"/v1/submissions/{submission}/reviews", scores)
        terms = {"verdict": "approve", "price": price, "price_from": "2020-01-01T00:00:00+07:00", "sku": sku}
        await self.coordinator.post(f"/v1/submissions/{submission}/decision", terms | decided)
        return sku

    async def outlet(self, code: str, **more: Any) -> Person:
        """An outlet's key; it is registered when it is asked for first, with terms since 2020; `more` as `agree`."""
        if code not in self.outlets:
            await self.coordinator.post("/v1/outlets", {"code": code, "name": code, "place": "Jakarta"})
            await self.agree(code, date(2020, 1, 1), CITOS_BPS if code == "citos" else MALL_BPS, **more)
            self.outlets[code] = await self.person("outlet", code)
        return self.outlets[code]

    async def agree(self, code: str, since: date, outlet_bps: int, **more: Any) -> None:
        """Terms from a day on. Makers do not wait for the outlet's money, unless told otherwise."""
        terms = {"valid_from": since.isoformat(), "outlet_bps": outlet_bps, "programme_bps": 1000}
        terms |= {"hold_days": 0, "advances": True} | more
        await self.coordinator.post(f"/v1/outlets/{code}/agreements", terms)

    async def send(self, outlet: str, lines: Mapping[str, int] | list[Json]) -> str:
        """A delivery on its way; its id."""
        wanted = [{"sku": sku, "quantity": n} for sku, n in lines.items()] if isinstance(lines, Mapping) else lines
        sent = await self.coordinator.post("/v1/deliveries", {"outlet": outlet, "lines": wanted})
        return str(sent["delivery_id"])

    async def deliver(self, outlet: str, lines: Mapping[str, int] | list[Json]) -> None:
        """A delivery that has arrived, whole."""
        await self.coordinator.post(f"/v1/deliveries/{await self.send(outlet, lines)}/receipt")

    async def till(self, outlet: str) -> Till:
        """A till that nobody else has: over AMQP where the outlet has a broker user, else over HTTP."""
        key = await self.outlet(outlet)
        name = f"till-{next(self._numbers)}"
        if f"outlet-{outlet}" not in self.endpoints.amqp_urls:
            return Till(outlet, name, OverHttp(key))
        self.ways.append(OverAmqp(self.endpoints.amqp_url(f"outlet-{outlet}")))
        return Till(outlet, name, self.ways[-1])

    async def report(self, till: Till, *events: Json) -> None:
        """Reports of one till, all of them taken when this returns."""
        async with self.books.after(len(events)):
            await till.report(*events)


async def a_person(endpoints: Endpoints, http: httpx.AsyncClient, role: str, outlet: str | None = None) -> Person:
    """Every key has a name of its own: it is somebody else."""
    database = endpoints.database_url("gateway")
    return Person(http, await keys.create(database, role, f"{role}-{uuid4().hex[:8]}", outlet))


@asynccontextmanager
async def begin(system: System, endpoints: Endpoints) -> AsyncIterator[World]:
    """The programme on a system that runs, with a coordinator, a juror and somebody of finance."""
    async with httpx.AsyncClient(base_url=endpoints.gateway_url, timeout=30, trust_env=False) as http:
        roles = ("coordinator", "juror", "finance")
        coordinator, juror, finance = [await a_person(endpoints, http, role) for role in roles]
        world = World(system, endpoints, http, coordinator, juror, finance, Books(coordinator))
        yield world
        for way in world.ways:
            await way.close()
