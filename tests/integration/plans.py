"""Which tables a statement would read whole."""

import json
from collections.abc import Iterator
from typing import Any

from shared.db import Tx

LARGE = 500
"""From so many rows on a table is large."""


async def list_large(tx: Tx) -> set[str]:
    """Tables, and partitions of tables, as PostgreSQL last counted them."""
    rows = await tx.fetch("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > $1", LARGE)
    return {row["relname"] for row in rows}


class Explained:
    """A transaction that notes which large tables a statement would read whole."""

    def __init__(self, tx: Tx, large: set[str]) -> None:
        self._tx, self.large = tx, large
        self.whole: list[tuple[str, str]] = []

    async def fetch(self, query: str, *values: object) -> Any:
        await self._note(query, *values)
        return await self._tx.fetch(query, *values)

    async def fetchrow(self, query: str, *values: object) -> Any:
        await self._note(query, *values)
        return await self._tx.fetchrow(query, *values)

    async def fetchval(self, query: str, *values: object) -> Any:
        await self._note(query, *values)
        return await self._tx.fetchval(query, *values)

    async def _note(self, query: str, *values: object) -> None:
        (plan,) = json.loads(await self._tx.fetchval(f"EXPLAIN (FORMAT JSON) {query}", *values))
        self.whole += [(table, query) for table in _read_whole(plan["Plan"]) if table in self.large]


def _read_whole(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for part in node.get("Plans", []):
        yield from _read_whole(part)
