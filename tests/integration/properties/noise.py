"""What tills send beside the truth: contradictions, what nobody can read, reports in another outlet's name."""

from typing import Any

from hypothesis import strategies as st

from tests.integration.properties.lab import Sent
from tests.integration.properties.world import OUTLETS

OTHERWISE: dict[str, dict[str, Any]] = {
    "outlet.SaleReported.v1": {"unit_price": 123_456},
    "outlet.ReturnReported.v1": {"returned_at": "2025-11-21T20:00:00+07:00"},
    "outlet.VoidReported.v1": {"voided_at": "2025-11-21T20:00:00+07:00"},
    "outlet.TillClosed.v1": {"events": 1_000_000},
}
UNREADABLE: list[Any] = [
    {"specversion": "1.0", "type": "outlet.SaleReported.v1"},
    {"type": "outlet.NobodyKnows.v1", "id": "1"},
    {"id": "no type\u0000"},
    "not even an object",
    17,
    None,
]


@st.composite
def noisy(draw: st.DrawFn, feed: list[Sent]) -> list[Sent]:
    """The feed, with something else beside each of some of its reports."""
    reports = [sent for sent in feed if sent.sender]
    noise = [draw(st.sampled_from(KINDS))(draw, one) for one in draw(st.lists(st.sampled_from(reports), max_size=8))]
    return [*feed, *noise]


def another_content(draw: st.DrawFn, one: Sent) -> Sent:
    """Under the same id."""
    otherwise = draw(st.just(OTHERWISE[one.event["type"]]))
    return one._replace(event=one.event | {"data": one.event["data"] | otherwise})


def another_line(draw: st.DrawFn, one: Sent) -> Sent:
    """Other facts of the same line, under a new id."""
    other = another_content(draw, one)
    return other._replace(event=other.event | {"id": f"other-{one.event['id']}"})


def unreadable(draw: st.DrawFn, one: Sent) -> Sent:
    return one._replace(event=draw(st.sampled_from(UNREADABLE)))


def misspelt(draw: st.DrawFn, one: Sent) -> Sent:
    """With a field that holds something else, or nothing."""
    data = one.event["data"] | {draw(st.sampled_from(sorted(one.event["data"]))): draw(st.sampled_from([None, -1, {}]))}
    return one._replace(event=one.event | {"id": f"misspelt-{one.event['id']}", "data": data})


def foreign(draw: st.DrawFn, one: Sent) -> Sent:
    return one._replace(sender=draw(st.sampled_from([outlet for outlet in OUTLETS if outlet != one.sender])))


KINDS = [another_content, another_line, unreadable, misspelt, foreign]
