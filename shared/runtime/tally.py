"""What came from outside and had no effect, counted, so that every report is accounted for exactly once."""

from collections import Counter
from collections.abc import Iterable, Mapping

from shared.db import Tx
from shared.runtime.envelope import Arrival

UNREADABLE = "outlet.unreadable"


async def add_duplicates(tx: Tx, resent: Iterable[tuple[str, Arrival]]) -> None:
    """Counts (event type, arrival) of each duplicate. What the broker brings again was counted at its commit."""
    counts = Counter([(arrival.again, arrival.key, kind) for kind, arrival in resent])
    for again in (False, True):
        some = {(key, kind): n for (came_again, key, kind), n in counts.items() if came_again is again}
        if some:
            await _add(tx, some, again)


async def _add(tx: Tx, counts: Mapping[tuple[int, str], int], again: bool) -> None:
    """In one order everywhere, so that two replicas never wait for each other in a circle."""
    await tx.execute(
        """
        INSERT INTO tally (arrival, type, outcome, n)
        SELECT arrival, type, 'duplicate', n
        FROM unnest($1::bigint[], $2::text[], $3::int[]) AS counted (arrival, type, n)
        ORDER BY arrival, type
        ON CONFLICT (arrival, type, outcome) DO UPDATE SET n = tally.n + excluded.n WHERE NOT $4::boolean
        """,
        [arrival for arrival, _ in counts],
        [kind for _, kind in counts],
        list(counts.values()),
        again,
    )
