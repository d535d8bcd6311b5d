"""The books as figures that can be held against others: of two databases with the same facts they are equal."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shared.db import Row, Tx

Figures = Mapping[str, int | str]
"""What is compared, by its name."""

Page = Mapping[str, Figures]
"""Figures by what they are of. Nothing in it depends on the order in which the facts were recorded."""


class Difference(NamedTuple):
    """A line of the books that is not the same in both; None: it is not there at all."""

    page: str
    of: str
    ours: Figures | None
    theirs: Figures | None

    def __str__(self) -> str:
        if self.ours is None or self.theirs is None:
            found = "only in the others" if self.ours is None else "only in these"
            return f"{self.page}: {self.of}: {_spell(self.ours or self.theirs or {})}, {found}"
        changed = [name for name in self.ours if self.ours[name] != self.theirs.get(name)]
        told = [f"{name} {self.ours.get(name)}, not {self.theirs.get(name)}" for name in changed]
        return f"{self.page}: {self.of}: {'; '.join(told)}"


@dataclass(frozen=True, slots=True)
class Books:
    """Every account, shelf, piece and split, and how many facts there are; by page."""

    pages: Mapping[str, Page]

    def digest(self) -> str:
        """The same for the same books, wherever and in whatever order they were written."""
        return hashlib.sha256(json.dumps(self.pages, sort_keys=True).encode()).hexdigest()

    def differences(self, others: "Books") -> Iterator[Difference]:
        """What is not the same, page by page; nothing when the books are equal."""
        for page in self.pages:
            ours, theirs = self.pages[page], others.pages[page]
            for of in sorted(ours.keys() | theirs.keys()):
                if ours.get(of) != theirs.get(of):
                    yield Difference(page, of, ours.get(of), theirs.get(of))

    def explain(self, others: "Books", most: int = 20) -> str:
        """The first differences, a line each; empty when the books are equal."""
        told = [str(difference) for difference in self.differences(others)]
        more = [f"... and {len(told) - most} more"] if len(told) > most else []
        return "\n".join(told[:most] + more)


async def get_books(tx: Tx) -> Books:
    """All of one moment when the transaction is REPEATABLE READ."""
    return Books(
        {
            "accounts": _page(await _list_accounts(tx)),
            "days": _page(await _list_days(tx)),
            "postings": _page(await _list_postings(tx)),
            "splits": _page(await _list_splits(tx)),
            "shares": _page(await _list_shares(tx)),
            "shelves": _page(await _list_shelves(tx)),
            "movements": _page(await _list_movements(tx)),
            "units": _page(await _list_units(tx)),
            "facts": _page(await _count_facts(tx)),
            "papers": _page(await _count_papers(tx)),
        }
    )


def _page(rows: Sequence[Row]) -> Page:
    return {row["of"]: {name: value for name, value in row.items() if name != "of"} for row in rows}


def _spell(figures: Figures) -> str:
    return ", ".join([f"{name} {value}" for name, value in figures.items()])


async def _list_accounts(tx: Tx) -> list[Row]:
    """Those that something was posted to."""
    return await tx.fetch(
        """
        SELECT account.kind || ' ' || account.owner AS of, sum(side.debit)::bigint AS debit,
               sum(side.credit)::bigint AS credit, sum(side.debit - side.credit)::bigint AS balance
        FROM (
            SELECT debit AS id, amount AS debit, 0 AS credit FROM transfer
            UNION ALL
            SELECT credit, 0, amount FROM transfer
        ) side
        JOIN account USING (id)
        GROUP BY 1
        """
    )


async def _list_days(tx: Tx) -> list[Row]:
    """What was posted to each account on each business day, told apart by kind."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', account.kind, account.owner, side.day, side.posted) AS of,
               sum(side.debit)::bigint AS debit, sum(side.credit)::bigint AS credit
        FROM (
            SELECT debit AS id, day, kind AS posted, amount AS debit, 0 AS credit FROM transfer
            UNION ALL
            SELECT credit, day, kind, 0, amount FROM transfer
        ) side
        JOIN account USING (id)
        GROUP BY 1
        """
    )


async def _list_postings(tx: Tx) -> list[Row]:
    """`causes`: how many facts posted something."""
    return await tx.fetch(
        """
        SELECT kind AS of, count(*) AS transfers, count(DISTINCT cause) AS causes, sum(amount)::bigint AS amount
        FROM transfer GROUP BY kind
        """
    )


async def _list_splits(tx: Tx) -> list[Row]:
    """What was sold of each product at each outlet on each business day, and who got what of it."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', s.outlet, s.sku, s.day) AS of, count(*) AS runs, sum(p.units) AS pieces,
               sum(p.taken_back) AS taken_back, sum(p.units * p.net)::bigint AS net,
               sum(p.units * p.outlet)::bigint AS outlet, sum(p.units * p.programme)::bigint AS programme,
               sum(p.taken_back * p.net)::bigint AS net_back
        FROM sale s
        JOIN sale_split p ON p.sale = s.no
        GROUP BY 1
        """
    )


async def _list_shares(tx: Tx) -> list[Row]:
    """What each maker got of the pieces sold on each business day, and what of it was taken back."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', m.maker_id, s.day) AS of, sum(p.units * paid.share)::bigint AS got,
               sum(p.taken_back * paid.share)::bigint AS taken_back
        FROM sale s
        JOIN sale_split p ON p.sale = s.no
        CROSS JOIN LATERAL unnest(p.accounts, p.shares) AS paid (account, share)
        JOIN maker m ON m.account = paid.account
        GROUP BY 1
        """
    )


async def _list_shelves(tx: Tx) -> list[Row]:
    """A shelf that holds nothing is no other than one that never held anything."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', outlet, sku) AS of, balance, reserved FROM stock
        WHERE balance <> 0 OR reserved <> 0
        """
    )


async def _list_movements(tx: Tx) -> list[Row]:
    """The fold of what moved on each shelf."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', outlet, sku, kind) AS of, sum(delta) AS pieces
        FROM stock_movement GROUP BY outlet, sku, kind HAVING sum(delta) <> 0
        """
    )


async def _list_units(tx: Tx) -> list[Row]:
    return await tx.fetch("SELECT serial AS of, sku, state, coalesce(outlet, '') AS outlet FROM unit")


async def _count_facts(tx: Tx) -> list[Row]:
    return await tx.fetch(
        """
        SELECT 'sales' AS of, count(*) AS facts, coalesce(sum(quantity), 0)::bigint AS pieces,
               coalesce(sum(quantity * unit_price - discount), 0)::bigint AS net
        FROM sale
        UNION ALL
        SELECT 'returns', count(*), coalesce(sum(quantity), 0), coalesce(sum(net), 0)::bigint FROM returned
        UNION ALL
        SELECT 'lines taken back: ' || kind, count(*), sum(quantity), sum(net)::bigint FROM sale_void GROUP BY kind
        UNION ALL
        SELECT 'receipts voided', count(*), 0, 0 FROM receipt_void
        """
    )


async def _count_papers(tx: Tx) -> list[Row]:
    """Delivery notes, claims, counts, reservations, closings, payouts and write-offs, as far as each has come."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', 'deliveries', kind, state) AS of, count(*) AS papers, 0::bigint AS amount
        FROM delivery GROUP BY kind, state
        UNION ALL
        SELECT concat_ws(' ', 'claims', kind), count(*), sum(quantity - settled) FROM claim GROUP BY kind
        UNION ALL
        SELECT 'stock counts', count(*), coalesce(sum(lines.counted), 0)::bigint
        FROM stock_count c JOIN LATERAL (SELECT sum(counted) FROM stock_count_line l WHERE l.count = c.no)
            AS lines (counted) ON true
        UNION ALL
        SELECT 'stock counts approved', count(*), 0 FROM stock_count_approval
        UNION ALL
        SELECT concat_ws(' ', 'reservations', CASE WHEN released_at IS NULL THEN 'open' ELSE 'released' END),
               count(*), sum(quantity)
        FROM reservation GROUP BY released_at IS NULL
        UNION ALL
        SELECT 'closings', count(*), coalesce(sum(total), 0)::bigint FROM till_closing
        UNION ALL
        SELECT concat_ws(' ', 'payouts', last.state), count(*), sum(lines.amount)::bigint
        FROM payout p
        JOIN LATERAL (SELECT state FROM settlement_step WHERE fact = p.no ORDER BY id DESC LIMIT 1) last ON true
        JOIN LATERAL (SELECT sum(amount) AS amount FROM payout_line WHERE payout = p.no) lines ON true
        GROUP BY last.state
        UNION ALL
        SELECT concat_ws(' ', 'write-offs', last.state), count(*), sum(amount)::bigint
        FROM write_off w
        JOIN LATERAL (SELECT state FROM settlement_step WHERE fact = w.no ORDER BY id DESC LIMIT 1) last ON true
        GROUP BY last.state
        """
    )
