"""How long one report takes: from just before it is published to PostgreSQL's commit time of the maker's notice."""

from deploy.local.bench.figures import Figures, percentiles
from deploy.local.bench.measuring import BATCH, Bench
from shared.runtime.envelope import now

SECONDS, COLD = 20, 0.05
"""For how long reports come, and which share of them, the first ones, does not count. In half the time a single pause
of the disk, a tenth of a second long, was the hundredth of all reports that p99 is about."""

MARKS = (50, 95, 99)
BACKLOG, BEHIND_RATE, BEHIND_SECONDS = 100_000, 200, 20


async def at_200(bench: Bench) -> Figures:
    return await _steady(bench, "report_200", 200)


async def at_1000(bench: Bench) -> Figures:
    return await _steady(bench, "report_1000", 1000)


async def _steady(bench: Bench, name: str, rate: int) -> Figures:
    """Single reports, so many a second, while nothing else happens."""
    events = rate * SECONDS
    mark = await bench.books.settle()
    await bench.feeder.start(rate, events)
    await bench.books.wait_for_notices(mark, events)
    await bench.books.last_notice(mark, events)
    delays = [(told - sold).total_seconds() * 1000 for sold, told in await bench.books.told_at(mark)]
    return percentiles(name, delays[int(events * COLD) :], MARKS)


async def behind_backlog(bench: Bench) -> Figures:
    """Tills that were offline hand in their batches of 100; then others go on, one report at a time, behind them."""
    mark, singles = await bench.books.settle(), BEHIND_RATE * BEHIND_SECONDS
    with bench.installation.frozen("sales"):
        await bench.tills.send(BACKLOG, BATCH)
        began = now()
        feeding = bench.feeder.start(BEHIND_RATE, singles)
    await bench.books.wait_for_notices(mark, BACKLOG + singles)
    await feeding
    await bench.books.last_notice(mark, BACKLOG + singles)
    told = await bench.books.told_at(mark)
    drained = max([at for sold, at in told if sold < began])
    delays = [(at - sold).total_seconds() for sold, at in told if sold >= began]
    return {"drained": (drained - began).total_seconds()} | percentiles("report_behind", delays, MARKS)
