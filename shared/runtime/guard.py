"""An outlet speaks for itself only. What it says in another's name is kept, apart, for a person."""

import re
from typing import Any

from shared.errors import Invalid
from shared.runtime.decode import Batch, Unreadable, content_id
from shared.runtime.delivery import Delivery
from shared.runtime.envelope import Received

OUTLET_USER = "outlet-"
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


def own_outlet_only(batch: Batch, delivery: Delivery) -> Batch:
    """The routing key names the outlet, and the broker lets each outlet write its own only: it is the authority.

    `user_id`, where a till gives it, was checked by the broker against its login, so it must be the same outlet's.
    """
    outlet = delivery.sender
    user = delivery.user_id or ""
    if user.startswith(OUTLET_USER) and user.removeprefix(OUTLET_USER) != outlet:
        outlet = ""
    guarded = Batch([], list(batch.unreadable))
    for message in batch.readable:
        if message.data.outlet == outlet:
            guarded.readable.append(message)
        else:
            guarded.unreadable.append(_foreign(message, user.removeprefix(OUTLET_USER) or delivery.sender))
    return guarded


def _foreign(message: Received[Any], sender: str) -> Unreadable:
    """Says who sent it, for the person who decides; unless the routing key holds something else than a code."""
    item = message.envelope.model_dump(mode="json")
    reason = f"not the outlet that sent it, {sender}" if CODE.fullmatch(sender) else "not the outlet that sent it"
    error = Invalid("outlet_mismatch", reason, errors=[{"field": "data.outlet", "reason": reason}])
    return Unreadable(content_id(item), item, error, message.arrival)
