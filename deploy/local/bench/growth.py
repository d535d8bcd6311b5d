"""Whether it stays as quick as it was when the books fill: batches at no, one million and ten million ledger rows."""

import time

from deploy.local.bench.catalogue import ROWS, rows_key
from deploy.local.bench.figures import Figures
from deploy.local.bench.measuring import BATCH, EVENTS, Bench, throughput
from deploy.local.bench.seeding.seed import seed


async def growth(bench: Bench, rounds: int) -> list[Figures]:
    """As many rounds, each with a figure for each size. The sizes cannot take turns: books only grow."""
    found: list[Figures] = [{} for _ in range(rounds)]
    for rows in ROWS:
        if rows:
            began = time.monotonic()
            bench.say(f"making the ledger {rows:,} rows long ...")
            await seed(bench.installation.endpoints, rows)
            bench.say(f"  that took {time.monotonic() - began:.0f} s")
            found[0]["seeding_seconds"] = found[0].get("seeding_seconds", 0) + time.monotonic() - began
            await throughput(bench, "warm-up", EVENTS, BATCH)
        for number in range(rounds):
            bench.say(f"round {number + 1} of {rounds}: batches at {rows:,} rows ...")
            found[number] |= await throughput(bench, rows_key(rows), EVENTS, BATCH)
    return found
