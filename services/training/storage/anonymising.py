"""Taking away all that tells who a maker is. What she did stays, under her id."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from services.training.storage import accompaniment, amendments, certificates, completion, seats
from shared.db import Tx

Forget = Callable[[Tx, UUID], Awaitable[None]]


async def mark_anonymised(tx: Tx, maker_id: UUID, at: datetime, by: str, why: str) -> None:
    await tx.execute(
        """
        UPDATE maker
        SET name = '', phone = '', email = NULL, anonymised_at = $2, anonymised_by = $3, anonymised_why = $4
        WHERE maker_id = $1
        """,
        maker_id,
        at,
        by,
        why,
    )


async def forget_nik(tx: Tx, maker_id: UUID) -> None:
    """What was sealed, and the fingerprint by which it would be known again."""
    await tx.execute("DELETE FROM maker_nik WHERE maker_id = $1", maker_id)


async def forget_doors(tx: Tx, maker_id: UUID) -> None:
    """In which rusun she lived is history; behind which door is not."""
    await tx.execute("UPDATE maker_home SET block = '', unit = '' WHERE maker_id = $1", maker_id)
    await tx.execute("UPDATE maker_home_replaced SET block = '', unit = '' WHERE maker_id = $1", maker_id)


async def forget_notes(tx: Tx, maker_id: UUID) -> None:
    """What was written about how she consented."""
    await tx.execute("UPDATE consent SET note = NULL WHERE maker_id = $1 AND note IS NOT NULL", maker_id)


async def forget_answers(tx: Tx, maker_id: UUID) -> None:
    """First answers that are kept to be given again. An answer that named her says instead what has become of her."""
    await tx.execute(
        """
        UPDATE answered
        SET reply = jsonb_build_object('problem', jsonb_build_object(
            'type', 'about:blank', 'title', 'Refused by a rule', 'status', 409, 'code', 'maker_anonymised',
            'detail', 'This was done; the maker has been anonymised since'))
        WHERE reply #>> '{reply,maker_id}' = $1::uuid::text
          AND (reply -> 'reply') ?| ARRAY['name', 'phone', 'email', 'block', 'items', 'note']
        """,
        maker_id,
    )


FORGETTING: tuple[Forget, ...] = (
    forget_nik,
    forget_doors,
    forget_notes,
    forget_answers,
    certificates.forget_reasons,
    amendments.forget_reasons,
    completion.forget_notes,
    seats.forget_reasons,
    accompaniment.forget_words,
)
"""One for each place that holds something private of a maker. A new place has its line here, or it is a leak."""
