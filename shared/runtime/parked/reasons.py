"""What the codes of parked messages mean, in plain words: those that any service may give, and those of a kind."""

from collections.abc import Mapping

from shared.errors import Reason

REASONS: Mapping[str, Reason] = {
    "invalid": Reason(
        "The message is not what its type promises: a field is missing, or holds what it cannot hold. "
        "`detail` names the fields.",
        "Ask the sender what was meant and correct the message: `POST /v1/parked/{id}/correction`. "
        "If it says nothing of use, discard it: `POST /v1/parked/{id}/discard`.",
    ),
    "unknown_type": Reason(
        "The message has a type that nobody here reads.",
        'If the type is misspelt, correct it: `POST /v1/parked/{id}/correction` with `{"type": ...}`. '
        "If it was not meant for us, discard it: `POST /v1/parked/{id}/discard`.",
    ),
    "event_id_reused": Reason(
        "Another message came under the same id before and says something else. The first one stands.",
        "Compare the two; the first one is not shown here: if it was a sale of the same receipt, `GET /v1/sales` with "
        "its outlet and receipt lists it. If this one is right or is something new (a till that began to count its ids "
        'anew), `POST /v1/parked/{id}/choice` with `{"right": "parked"}`; if the first one is right, with `recorded`.',
    ),
    "outlet_mismatch": Reason(
        "The report names another outlet than the one that sent it; `detail` says who sent it.",
        "Find out whose it is. If the sender's, correct `data.outlet`: `POST /v1/parked/{id}/correction`. "
        'If it is right as it stands, `POST /v1/parked/{id}/choice` with `{"right": "parked"}`. '
        "Otherwise discard it: `POST /v1/parked/{id}/discard`.",
    ),
    "bug": Reason(
        "Our own programme failed on this message. It is tried again by itself eight times.",
        "Tell the operators: the logs hold the trace under the event's id. When it is mended, "
        '`POST /v1/parked/redrive` with `{"code": "bug"}`.',
    ),
}

KINDS: Mapping[str, Reason] = {
    "not_yet": Reason(
        "Something that this message needs has not arrived.",
        "It is tried again by itself. When the patience is over, see to what `detail` names and then "
        "`POST /v1/parked/{id}/redrive`.",
    ),
    "conflict": Reason(
        "The message contradicts what is recorded.",
        "Compare the two and say which is right: `POST /v1/parked/{id}/choice`.",
    ),
}

OTHERS = Reason(
    "A rule of the service refuses this message; `detail` says which.",
    "Correct it (`POST /v1/parked/{id}/correction`), or put right what it needs and try it again "
    "(`POST /v1/parked/{id}/redrive`), or discard it (`POST /v1/parked/{id}/discard`).",
)


def explain(own: Mapping[str, Reason], code: str, kind: str) -> Reason:
    """The service's own words for a code, else the runtime's, else what can be said of its kind."""
    return own.get(code) or REASONS.get(code) or KINDS.get(kind) or OTHERS
