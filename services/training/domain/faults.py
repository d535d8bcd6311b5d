"""How a decision says which field of a message cannot be right."""

from shared.errors import Invalid


def invalid(*faults: tuple[str, str]) -> Invalid:
    """From (field, reason) pairs. A reason never repeats the value: it may be somebody's."""
    detail = "; ".join([f"{field}: {reason}" for field, reason in faults])
    return Invalid("invalid", detail[:500], errors=[{"field": f, "reason": r} for f, r in faults])
