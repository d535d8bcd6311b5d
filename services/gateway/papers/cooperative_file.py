"""What a cooperative is handed with a batch: each maker's line with her name, and totals that tie out."""

from collections import Counter

from services.gateway.papers.paper import Ask, get_names
from shared.contracts.message import Document
from shared.contracts.sales.settlement import GetPayout, Payout
from shared.tables import CSV, write_csv

COLUMNS = ("attempt_key", "maker_id", "name", "gross", "recovery", "loan", "amount", "state")
FIGURES = ("gross", "recovery", "loan", "amount")
TOTAL = "TOTAL"


async def make_cooperative_file(_: GetPayout, payout: Payout, ask: Ask) -> Document:
    """All lines of the batch, by maker. Before it is sent they have no key, and their state is the batch's."""
    names = await get_names(ask, [line.maker_id for line in payout.lines])
    rows = {row.maker_id: row for row in payout.rows if row.maker_id}
    table: list[tuple[object, ...]] = []
    totals: Counter[str] = Counter()
    for line in payout.lines:
        row = rows.get(line.maker_id)
        figures = {name: getattr(line, name) for name in FIGURES}
        totals.update(figures)
        key, state = (row.attempt_key, row.state) if row else (None, payout.state)
        table.append((key, line.maker_id, names.get(line.maker_id), *figures.values(), state))
    table.append((TOTAL, len(payout.lines), None, *[totals[name] for name in FIGURES], payout.state))
    content = write_csv(COLUMNS, table)
    return Document(media_type=CSV, filename=f"cooperative-{payout.payout_id}.csv", content=content)
