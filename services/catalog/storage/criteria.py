"""Dated criteria, and reasons in plain words."""

from collections.abc import Sequence
from datetime import datetime

from services.catalog.storage import Mark
from shared.contracts.catalog import Criteria, ReasonTag, SetCriteria
from shared.db import Row, Tx


async def add_criteria(tx: Tx, wanted: SetCriteria, mark: Mark) -> bool:
    """False when other criteria begin at the same moment."""
    added = await tx.fetchval(
        """
        INSERT INTO criteria (valid_from, pass_mark, quorum, quorum_to_refuse, weights, descriptions, halal_from,
                              set_at, set_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (valid_from) DO NOTHING
        RETURNING true
        """,
        wanted.valid_from,
        wanted.pass_mark,
        wanted.quorum,
        wanted.quorum_to_refuse,
        wanted.weights,
        wanted.descriptions,
        wanted.halal_from,
        mark.at,
        mark.by,
    )
    return bool(added)


async def get_criteria(tx: Tx, moment: datetime) -> Criteria:
    """Those that hold at `moment`: there always are some."""
    row = await tx.fetchrow(
        "SELECT *, true AS in_force FROM criteria WHERE valid_from <= $1 ORDER BY valid_from DESC LIMIT 1", moment
    )
    assert row is not None
    return as_criteria(row)


async def mark_reason_tag(tx: Tx, tag: ReasonTag, mark: Mark) -> None:
    await tx.execute(
        """
        INSERT INTO reason_tag (tag, indonesian, english, advice_indonesian, advice_english, retired, set_at, set_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (tag) DO UPDATE
        SET indonesian = $2, english = $3, advice_indonesian = $4, advice_english = $5, retired = $6, set_at = $7,
            set_by = $8
        """,
        tag.tag,
        tag.indonesian,
        tag.english,
        tag.advice_indonesian,
        tag.advice_english,
        tag.retired,
        mark.at,
        mark.by,
    )


async def get_reason_tags(tx: Tx, tags: Sequence[str]) -> dict[str, ReasonTag]:
    """Those of `tags` that there are, by their names."""
    rows = await tx.fetch("SELECT * FROM reason_tag WHERE tag = ANY($1::text[])", tags)
    return {row["tag"]: ReasonTag.model_validate(dict(row)) for row in rows}


def as_criteria(row: Row) -> Criteria:
    """A row of `criteria`, with whether they are in force. The weightiest comes first."""
    weights = dict(sorted(row["weights"].items(), key=lambda one: (-one[1], one[0])))
    return Criteria.model_validate(dict(row) | {"weights": weights})
