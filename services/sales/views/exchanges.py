"""Exchanges: what a buyer brought back, and what she took for it."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from services.sales.domain.split import total_of
from services.sales.storage.originals import run_of
from shared.contracts.sales import Share
from shared.contracts.sales.tills import (
    Exchange,
    ExchangeLine,
    Exchanges,
    ExchangeState,
    ExchangeTotal,
    GetExchange,
    ListExchanges,
)
from shared.db import Row, Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, encode_cursor


async def list_exchanges(query: Received[ListExchanges], tx: Tx) -> Exchanges:
    """By outlet, till and name. What was taken back whole later does not count as sold."""
    asked = query.data
    after: Sequence[str | None] = decode_cursor(asked.cursor, 3) or (None, None, None)
    rows = await tx.fetch(
        """
        WITH name AS (
            (SELECT DISTINCT outlet, till, exchange FROM sale
             WHERE exchange IS NOT NULL AND ($1::text IS NULL OR outlet = $1)
               AND ($2::text IS NULL OR (outlet, till, exchange) > ($2, $3::text, $4::text))
             ORDER BY outlet, till, exchange LIMIT $5)
            UNION
            (SELECT DISTINCT outlet, till, exchange FROM returned
             WHERE exchange IS NOT NULL AND ($1::text IS NULL OR outlet = $1)
               AND ($2::text IS NULL OR (outlet, till, exchange) > ($2, $3::text, $4::text))
             ORDER BY outlet, till, exchange LIMIT $5)
            ORDER BY outlet, till, exchange LIMIT $5
        )
        SELECT name.*, back.net AS net_returned, sold.net AS net_sold, sold.net - back.net AS net_tender,
               greatest(sold.at, back.at) AS at FROM name
        CROSS JOIN LATERAL (
            SELECT max(s.sold_at) AS at,
                   coalesce(sum(s.quantity * s.unit_price - s.discount - coalesce(v.net, 0)), 0)::bigint AS net
            FROM sale s LEFT JOIN sale_void v ON v.sale = s.no
            WHERE (s.outlet, s.till, s.exchange) = (name.outlet, name.till, name.exchange)
        ) sold
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(r.net - coalesce(u.net, 0)), 0)::bigint AS net, max(r.returned_at) AS at
            FROM returned r LEFT JOIN return_void u ON u.returned = r.no
            WHERE (r.outlet, r.till, r.exchange) = (name.outlet, name.till, name.exchange)
        ) back
        ORDER BY name.outlet, name.till, name.exchange
        """,
        asked.outlet,
        *after,
        asked.limit + 1,
    )
    shown = [ExchangeTotal(**row) for row in rows[: asked.limit]]
    last = shown[-1] if len(rows) > len(shown) else None
    return Exchanges(items=shown, next=encode_cursor(last.outlet, last.till, last.exchange) if last else None)


async def get_exchange(query: Received[GetExchange], tx: Tx) -> Exchange:
    """Raises NotFound; Rejected when several tills have an exchange of that name."""
    asked = query.data
    sold, back = await _list_sold(tx, asked), await _list_returned(tx, asked)
    tills = sorted({row["till"] for row in [*sold, *back]})
    if not tills:
        raise NotFound("exchange_unknown", f"no exchange {asked.exchange} is recorded at {asked.outlet}")
    if len(tills) > 1:
        raise Rejected("exchange_ambiguous", f"say which till: {', '.join(tills)}", candidates=tills)
    lines_sold, lines_back = _lines(sold), _lines(back)
    net_sold, net_returned = sum([line.net for line in lines_sold]), sum([line.net for line in lines_back])
    return Exchange(
        outlet=asked.outlet,
        till=tills[0],
        exchange=asked.exchange,
        state=_state([*lines_sold, *lines_back]),
        returned=lines_back,
        sold=lines_sold,
        net_returned=net_returned,
        net_sold=net_sold,
        net_tender=net_sold - net_returned,
        outlet_share=_sum(lines_sold, "outlet_share") - _sum(lines_back, "outlet_share"),
        programme_share=_sum(lines_sold, "programme_share") - _sum(lines_back, "programme_share"),
        shares=_sum_shares(lines_sold, lines_back),
    )


async def _list_sold(tx: Tx, asked: GetExchange) -> list[Row]:
    """One row for each run of each line; `pieces`: how many of it a void has left, which takes the last ones."""
    return await tx.fetch(
        """
        SELECT s.no, s.sale_id AS id, s.till, s.receipt, s.line, s.sku, s.quantity, s.sold_at AS at,
               v.sale IS NOT NULL AS voided,
               greatest(0, least(p.units, s.quantity - coalesce(v.quantity, 0) - p.before)) AS pieces,
               p.units, p.net, p.outlet AS outlet_share, p.programme AS programme_share, p.shares,
               ARRAY(SELECT m.maker_id FROM unnest(p.accounts) WITH ORDINALITY AS paid (account, position)
                     JOIN maker m USING (account) ORDER BY position) AS makers
        FROM sale s
        LEFT JOIN sale_void v ON v.sale = s.no
        CROSS JOIN LATERAL (
            SELECT *, sum(units) OVER (ORDER BY run) - units AS before FROM sale_split WHERE sale = s.no
        ) p
        WHERE s.outlet = $1 AND s.exchange = $2 AND ($3::text IS NULL OR s.till = $3)
        ORDER BY s.no, p.run
        """,
        asked.outlet,
        asked.exchange,
        asked.till,
    )


async def _list_returned(tx: Tx, asked: GetExchange) -> list[Row]:
    """One row for each run of the sale that each line came from; `pieces`: how many of it came back."""
    return await tx.fetch(
        """
        SELECT r.no, r.return_id AS id, r.till, r.receipt, r.line, r.sku, r.quantity, r.returned_at AS at,
               u.no IS NOT NULL AS voided,
               CASE WHEN u.quantity > 0 THEN 0 ELSE coalesce(r.taken[p.run + 1], 0) END AS pieces,
               p.units, p.net, p.outlet AS outlet_share, p.programme AS programme_share, p.shares,
               ARRAY(SELECT m.maker_id FROM unnest(p.accounts) WITH ORDINALITY AS paid (account, position)
                     JOIN maker m USING (account) ORDER BY position) AS makers
        FROM returned r
        LEFT JOIN return_void u ON u.returned = r.no
        JOIN sale_split p ON p.sale = r.sale
        WHERE r.outlet = $1 AND r.exchange = $2 AND ($3::text IS NULL OR r.till = $3)
        ORDER BY r.no, p.run
        """,
        asked.outlet,
        asked.exchange,
        asked.till,
    )


def _lines(rows: list[Row]) -> list[ExchangeLine]:
    return [_line(list(runs)) for _, runs in groupby(rows, key=itemgetter("no"))]


def _line(rows: list[Row]) -> ExchangeLine:
    first = rows[0]
    totals = total_of([(row["pieces"], run_of(row)) for row in rows])
    return ExchangeLine(
        id=first["id"],
        receipt=first["receipt"],
        line=first["line"],
        sku=first["sku"],
        quantity=first["quantity"],
        voided=first["voided"],
        net=totals.net,
        outlet_share=totals.outlet,
        programme_share=totals.programme,
        shares=[Share(maker_id=maker, amount=n) for maker, n in zip(first["makers"], totals.makers, strict=True)],
        at=first["at"],
    )


def _state(lines: Sequence[ExchangeLine]) -> ExchangeState:
    """A void of its receipt takes back both sides; a person takes back single lines that were sold."""
    voided = [line.voided for line in lines]
    return "voided" if all(voided) else "partly-voided" if any(voided) else "valid"


def _sum(lines: Iterable[ExchangeLine], share: str) -> int:
    return sum([getattr(line, share) for line in lines])


def _sum_shares(sold: Iterable[ExchangeLine], back: Iterable[ExchangeLine]) -> list[Share]:
    """What each maker gets of the whole exchange, or gives back."""
    sums: dict[UUID, int] = {}
    for lines, sign in ((sold, 1), (back, -1)):
        for share in [share for line in lines for share in line.shares]:
            sums[share.maker_id] = sums.get(share.maker_id, 0) + sign * share.amount
    return [Share(maker_id=maker, amount=amount) for maker, amount in sums.items()]
