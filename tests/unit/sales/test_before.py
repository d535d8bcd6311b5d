"""What the first events told less is made from what they tell, and comes to the same."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.split import Terms, split_line, total
from services.sales.replay import before


@given(
    st.integers(min_value=1, max_value=12),
    st.integers(min_value=0, max_value=100_000),
    st.integers(min_value=0, max_value=5_000),
    st.lists(st.integers(min_value=1, max_value=100), min_size=1, max_size=3),
)
def test_pieces_that_no_event_told_of_are_divided_as_they_were(
    quantity: int, net: int, outlet_bps: int, weights: list[int]
) -> None:
    """Of two or more makers at most who of them got the odd rupiah of which piece is guessed."""
    runs = split_line(quantity, net, Terms(date(2026, 1, 1), outlet_bps, 1_000), weights)
    found = before.divide(quantity, total(runs))
    assert total(found) == total(runs)
    assert [(one.units, one.net, one.outlet, one.programme, sum(one.makers)) for one in found] == [
        (one.units, one.net, one.outlet, one.programme, sum(one.makers)) for one in runs
    ]
