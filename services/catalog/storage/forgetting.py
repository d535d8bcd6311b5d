"""Makers who are anonymised: nothing new is written of them, and free words about them are gone."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from shared.db import Tx

Forget = Callable[[Tx, Sequence[UUID]], Awaitable[None]]


async def hold_makers(tx: Tx, maker_ids: Sequence[UUID]) -> list[UUID]:
    """Those of them who are anonymised; the others are not until this transaction ends. Comes before submissions."""
    await tx.execute(
        "SELECT FROM maker WHERE maker_id = ANY ($1::uuid[]) ORDER BY maker_id FOR SHARE",
        maker_ids,
    )
    rows = await tx.fetch(
        "SELECT maker_id FROM photo_consent WHERE maker_id = ANY ($1::uuid[]) AND final ORDER BY maker_id",
        maker_ids,
    )
    return [row["maker_id"] for row in rows]


async def lock_makers(tx: Tx, maker_ids: Sequence[UUID]) -> None:
    """Whoever writes something of theirs has finished, or waits. It may be told before their registration is."""
    await tx.execute(
        "SELECT FROM maker WHERE maker_id = ANY ($1::uuid[]) ORDER BY maker_id FOR NO KEY UPDATE",
        maker_ids,
    )


async def list_makers_of(tx: Tx, submission_id: UUID) -> list[UUID]:
    """They never change."""
    rows = await tx.fetch("SELECT maker_id FROM submission_maker WHERE submission_id = $1", submission_id)
    return [row["maker_id"] for row in rows]


async def list_makers_of_product(tx: Tx, sku: str) -> list[UUID]:
    rows = await tx.fetch(
        "SELECT maker_id FROM product JOIN submission_maker USING (submission_id) WHERE sku = $1", sku
    )
    return [row["maker_id"] for row in rows]


async def forget_submissions(tx: Tx, maker_ids: Sequence[UUID]) -> None:
    """Their stories, in every round, and why somebody took a piece back."""
    await tx.execute(
        """
        UPDATE submission SET story = NULL, withdrawn_because = NULL
        WHERE num_nonnulls(story, withdrawn_because) > 0
          AND submission_id IN (SELECT submission_id FROM submission_maker WHERE maker_id = ANY ($1::uuid[]))
        """,
        maker_ids,
    )
    await tx.execute(
        """
        UPDATE earlier_round SET story = NULL
        WHERE story IS NOT NULL
          AND submission_id IN (SELECT submission_id FROM submission_maker WHERE maker_id = ANY ($1::uuid[]))
        """,
        maker_ids,
    )


async def forget_stories(tx: Tx, maker_ids: Sequence[UUID]) -> None:
    """What buyers read of their products."""
    await tx.execute(
        """
        UPDATE product SET story_id = NULL, story_en = NULL
        WHERE num_nonnulls(story_id, story_en) > 0
          AND submission_id IN (SELECT submission_id FROM submission_maker WHERE maker_id = ANY ($1::uuid[]))
        """,
        maker_ids,
    )


async def forget_captions(tx: Tx, maker_ids: Sequence[UUID]) -> None:
    """Of every photo that shows one of them, and of what they made."""
    await tx.execute(
        """
        UPDATE photo SET caption = ''
        WHERE caption <> ''
          AND (photo_id IN (SELECT photo_id FROM photo_maker WHERE maker_id = ANY ($1::uuid[]))
               OR submission_id IN (SELECT submission_id FROM submission_maker WHERE maker_id = ANY ($1::uuid[])))
        """,
        maker_ids,
    )


async def forget_answers(tx: Tx, maker_ids: Sequence[UUID]) -> None:
    """The same words in first answers that are kept to be given again."""
    await tx.execute(
        """
        WITH theirs AS (
            SELECT submission_id FROM submission_maker WHERE maker_id = ANY ($1::uuid[])
        ), told AS (
            SELECT sku AS key FROM product JOIN theirs USING (submission_id)
            UNION ALL
            SELECT photo_id::text FROM photo
            WHERE submission_id IN (SELECT submission_id FROM theirs)
               OR photo_id IN (SELECT photo_id FROM photo_maker WHERE maker_id = ANY ($1::uuid[]))
        )
        UPDATE answered
        SET reply = CASE
            WHEN reply -> 'reply' ? 'caption' THEN jsonb_set(reply, '{reply,caption}', '""')
            ELSE jsonb_set(jsonb_set(reply, '{reply,story_id}', 'null'), '{reply,story_en}', 'null')
        END
        WHERE (reply -> 'reply') ?| ARRAY['story_id', 'story_en', 'caption']
          AND coalesce(reply #>> '{reply,photo_id}', reply #>> '{reply,sku}') IN (SELECT key FROM told)
        """,
        maker_ids,
    )


FORGETTING: tuple[Forget, ...] = (forget_submissions, forget_stories, forget_captions, forget_answers)
"""One for each place that holds free words about a maker. A new place has its line here, or it is a leak."""
