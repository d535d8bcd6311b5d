"""What came from outside and had no effect, counted, so that every report is accounted for exactly once."""

from collections import Counter
from collections.abc import Iterable

from shared.db import Tx
from shared.runtime.envelope import Arrival

UNREADABLE = "outlet.unreadable"


async def add_duplicates(tx: Tx, resent: Iterable[tuple[str, Arrival]]) -> None:
    """Counts (event type, arrival) of each duplicate. What the broker brings again was counted at its commit."""
    counts = Counter(resent)
    for (kind, arrival), n in sorted(counts.items(), key=lambda item: (item[0][1].key, item[0][0])):
        await tx.execute(
            """
            INSERT INTO tally (arrival, type, outcome, n) VALUES ($1, $2, 'duplicate', $3)
            ON CONFLICT (arrival, type, outcome) DO UPDATE SET n = tally.n + excluded.n WHERE NOT $4::boolean
            """,
            arrival.key,
            kind,
            n,
            arrival.again,
        )
