"""Pieces with a serial, and where each of them is."""

from collections.abc import Collection, Sequence

from services.sales.domain.units import Place, Unit
from shared.db import Row, Tx


async def lock_units(tx: Tx, serials: Collection[str]) -> dict[str, Unit]:
    """Those that are known, by serial. Locked in one order everywhere."""
    rows = await tx.fetch(
        """
        SELECT serial, sku, state, outlet, cause, since, was_state, was_outlet, was_cause FROM unit
        WHERE serial = ANY ($1::text[])
        ORDER BY serial
        FOR UPDATE
        """,
        list(serials),
    )
    return {row["serial"]: _unit(row) for row in rows}


def _unit(row: Row) -> Unit:
    was = Place(row["was_state"], row["was_outlet"], row["was_cause"]) if row["was_state"] else None
    return Unit(row["serial"], row["sku"], row["state"], row["outlet"], row["cause"], row["since"], was)


async def add_units(tx: Tx, units: Sequence[Unit]) -> int:
    """How many of them nobody had heard of before."""
    if not units:
        return 0
    done = await tx.execute(
        """
        INSERT INTO unit (serial, sku, state, outlet, cause, since, was_state, was_outlet, was_cause)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[],
                             $7::text[], $8::text[], $9::bigint[])
            AS unit (serial, sku, state, outlet, cause, since, was_state, was_outlet, was_cause)
        ORDER BY serial
        ON CONFLICT (serial) DO NOTHING
        """,
        *_columns(units),
    )
    return int(done.rpartition(" ")[2])


async def mark_units(tx: Tx, units: Sequence[Unit]) -> None:
    """Where they are now. They must be locked."""
    if units:
        await tx.execute(
            """
            UPDATE unit u
            SET state = told.state, outlet = told.outlet, cause = told.cause, since = told.since,
                was_state = told.was_state, was_outlet = told.was_outlet, was_cause = told.was_cause
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[],
                        $7::text[], $8::text[], $9::bigint[])
                AS told (serial, sku, state, outlet, cause, since, was_state, was_outlet, was_cause)
            WHERE u.serial = told.serial
            """,
            *_columns(units),
        )


def _columns(units: Sequence[Unit]) -> list[Sequence[object]]:
    return list(zip(*[_row(unit) for unit in units], strict=True))


def _row(unit: Unit) -> tuple[object, ...]:
    was = (unit.was.state, unit.was.outlet, unit.was.cause) if unit.was else (None, None, None)
    return (unit.serial, unit.sku, unit.state, unit.outlet, unit.cause, unit.since, *was)


async def get_sales_of_units(tx: Tx, serials: Collection[str]) -> dict[str, int]:
    """The number of the sale of each that is sold now."""
    if not serials:
        return {}
    rows = await tx.fetch(
        "SELECT serial, cause FROM unit WHERE serial = ANY ($1::text[]) AND state = 'sold'", list(serials)
    )
    return {row["serial"]: row["cause"] for row in rows}


async def list_sales_of_units(tx: Tx, serials: Collection[str]) -> dict[str, list[int]]:
    """The numbers of all sales that each piece ever had."""
    if not serials:
        return {}
    rows = await tx.fetch(
        """
        SELECT serial, array_agg(no ORDER BY no) AS sales FROM sale
        WHERE serial = ANY ($1::text[])
        GROUP BY serial
        """,
        list(serials),
    )
    return {row["serial"]: row["sales"] for row in rows}
