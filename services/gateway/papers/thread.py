"""From a line of a maker's statement back to where she learnt it: piece, submission, craft, cohort, sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.gateway.papers.paper import AT_ONCE, Ask, get_names
from shared.contracts.catalog.origins import GetOrigins, Origin
from shared.contracts.sales import Statement, StatementLine
from shared.contracts.training import Craft
from shared.contracts.training.learning import GetLearning, Learnt


@dataclass(frozen=True, slots=True)
class Thread:
    """A statement with what sales does not know. `name`: empty when nobody knows any more who she is.

    `lines`: the earliest first, as an account is read on paper.
    """

    statement: Statement
    name: str
    lines: Sequence[StatementLine]
    origins: dict[str, Origin]
    learnt: Sequence[Learnt]

    def of_craft(self, craft: Craft) -> list[Learnt]:
        return [one for one in self.learnt if one.craft is craft]

    @property
    def crafts(self) -> list[Craft]:
        return list(dict.fromkeys(origin.craft for origin in self.origins.values()))


async def follow(ask: Ask, statement: Statement) -> Thread:
    """Asks in sets: her name, the products' submissions, and where she learnt their crafts."""
    names = await get_names(ask, [statement.maker_id])
    origins = await _list_origins(ask, statement)
    crafts = sorted({origin.craft for origin in origins.values()})
    learnt = (await ask(GetLearning(maker_id=statement.maker_id, crafts=crafts))).items if crafts else []
    return Thread(statement, names.get(statement.maker_id, ""), statement.items[::-1], origins, learnt)


def as_json(thread: Thread) -> dict[str, Any]:
    """All of it: each line with its submission and craft, and by craft the cohorts and sessions behind it."""
    whole = thread.statement.model_dump(mode="json", exclude={"items", "next"})
    lines = [_line(line, thread.origins.get(line.sku or "")) for line in thread.lines]
    learnt = [one.model_dump(mode="json") for one in thread.learnt]
    return {**whole, "name": thread.name, "lines": lines, "learnt": learnt}


def _line(line: StatementLine, origin: Origin | None) -> dict[str, Any]:
    told = line.model_dump(mode="json", exclude_none=True)
    return told | ({"submission_id": str(origin.submission_id), "craft": origin.craft} if origin else {})


async def _list_origins(ask: Ask, statement: Statement) -> dict[str, Origin]:
    skus = sorted({line.sku for line in statement.items if line.sku})
    found = dict[str, Origin]()
    for start in range(0, len(skus), AT_ONCE):
        reply = await ask(GetOrigins(skus=skus[start : start + AT_ONCE]))
        found |= {origin.sku: origin for origin in reply.items}
    return found


def file_name(kind: str, of: UUID | str, statement: Any, ending: str) -> str:
    """`statement-<whose>-2026-11-01-2026-11-30.pdf`: by id or code, never by name."""
    days = [day.isoformat() for day in (statement.since, statement.until) if day]
    return "-".join([kind, str(of), *days]) + f".{ending}"
