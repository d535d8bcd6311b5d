"""What a piece should have cost, what is said of one that did not, and who bears the difference."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.pricing import (
    NO_PRICING,
    Burden,
    Funding,
    ListPrice,
    PriceList,
    Pricing,
    Promotion,
    Sold,
    bear,
    price_sale,
    remark,
)
from services.sales.domain.split import Run, Terms, split_line

MIDNIGHT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
"""00:00 of the 21st in Jakarta."""
SECOND = timedelta(seconds=1)
MALL = Terms(date(2026, 1, 1), 2500, 1000)
LISTED = ListPrice(700_000)
SALE = Sold(MIDNIGHT, "citos", "BTK-0007", "batik")


def a_promotion(discount_bps: int = 1000, funding: Funding | None = None, **other: Any) -> Promotion:
    """10 % off everything, everywhere, for a day, borne by everyone."""
    facts: dict[str, Any] = {
        "skus": frozenset(),
        "crafts": frozenset(),
        "outlets": frozenset(),
        "valid_from": MIDNIGHT,
        "valid_to": MIDNIGHT + timedelta(days=1),
    }
    return Promotion(discount_bps, funding, **(facts | other))


def one(net: int, pricing: Pricing) -> Run:
    (run,) = split_line(1, net, MALL, (1,), pricing)
    return run


def test_a_stale_price_without_a_promotion_is_the_outlets_loss() -> None:
    assert one(650_000, Pricing(LISTED)) == Run(1, 650_000, 125_000, 70_000, (455_000,))


def test_a_promotion_that_everyone_bears_splits_the_reduced_price() -> None:
    assert one(650_000, Pricing(LISTED, a_promotion())) == Run(1, 650_000, 162_500, 65_000, (422_500,))


def test_what_is_taken_off_beyond_the_promotion_is_the_outlets_loss() -> None:
    """10 % of 700.000 may be taken off; 80.000 more were."""
    pricing = Pricing(LISTED, a_promotion())
    assert bear(550_000, pricing) == Burden(promotion=70_000, outlet=80_000)
    assert one(550_000, pricing) == Run(1, 550_000, 157_500 - 80_000, 63_000, (409_500,))


@pytest.mark.parametrize(
    ("funding", "outlet", "programme", "makers"),
    [
        (Funding(10_000, 0, 0), 105_000, 70_000, 455_000),
        (Funding(0, 10_000, 0), 175_000, 0, 455_000),
        (Funding(0, 0, 10_000), 175_000, 70_000, 385_000),
        (Funding(5_000, 3_000, 2_000), 140_000, 49_000, 441_000),
    ],
)
def test_a_promotion_is_paid_by_who_funds_it(funding: Funding, outlet: int, programme: int, makers: int) -> None:
    run = one(630_000, Pricing(LISTED, a_promotion(funding=funding)))
    assert run == Run(1, 630_000, outlet, programme, (makers,))


def test_a_rupiah_of_the_cost_that_cannot_be_divided_is_the_outlets() -> None:
    pricing = Pricing(ListPrice(1_001), a_promotion(5_000, Funding(3_333, 3_333, 3_334)))
    run = one(1_000, pricing)
    assert (run.programme, run.makers) == (100, (1_001 - 250 - 100,))
    assert run.outlet == 250 - 1


def test_no_maker_pays_for_a_promotion_out_of_her_pocket() -> None:
    """What is more than the makers' part, the programme bears."""
    pricing = Pricing(LISTED, a_promotion(9_000, Funding(0, 0, 10_000)))
    run = one(70_000, pricing)
    assert run == Run(1, 70_000, 175_000, 70_000 + 455_000 - 630_000, (0,))


def test_a_gift_leaves_a_maker_with_her_share_of_the_list_price() -> None:
    assert one(0, Pricing(LISTED)) == Run(1, 0, 175_000 - 700_000, 70_000, (455_000,))


@pytest.mark.parametrize(("net", "pricing"), [(700_000, Pricing(LISTED)), (800_000, Pricing(LISTED)), (1, NO_PRICING)])
def test_nobody_bears_anything_of_a_piece_that_cost_what_it_should_or_that_has_no_price(
    net: int, pricing: Pricing
) -> None:
    assert bear(net, pricing) == Burden()


@pytest.mark.parametrize(
    ("floor", "allowed"), [(0, 70_000), (630_000, 70_000), (650_000, 50_000), (700_000, 0), (710_000, 0)]
)
def test_a_promotion_stops_at_the_floor(floor: int, allowed: int) -> None:
    pricing = Pricing(ListPrice(700_000, floor), a_promotion())
    assert bear(630_000, pricing) == Burden(allowed, 70_000 - allowed)


def test_what_a_promotion_allows_is_rounded_down() -> None:
    assert bear(0, Pricing(ListPrice(349_999), a_promotion(1_500))) == Burden(52_499, 297_500)


@pytest.mark.parametrize(
    ("cheapest", "dearest", "pricing", "said"),
    [
        (700_000, 700_000, Pricing(LISTED), None),
        (1, 1, NO_PRICING, None),
        (700_000, 700_001, Pricing(LISTED), "above_list_price"),
        (699_999, 700_000, Pricing(LISTED), "below_list_price"),
        (650_000, 650_000, Pricing(LISTED, doubt="promo_unknown"), "promo_unknown"),
        (650_000, 650_000, Pricing(LISTED, doubt="promo_not_valid"), "promo_not_valid"),
        (700_000, 700_000, Pricing(LISTED, doubt="promo_unknown"), None),
        (630_000, 630_000, Pricing(LISTED, a_promotion()), None),
        (629_999, 630_000, Pricing(LISTED, a_promotion()), "promo_exceeded"),
        (650_000, 650_000, Pricing(ListPrice(700_000, 650_000), a_promotion()), None),
        (649_999, 650_000, Pricing(ListPrice(700_000, 650_000), a_promotion()), "below_floor"),
        (629_999, 629_999, Pricing(ListPrice(700_000, 600_000), a_promotion()), "promo_exceeded"),
    ],
)
def test_what_is_said_of_a_price(cheapest: int, dearest: int, pricing: Pricing, said: str | None) -> None:
    assert remark(cheapest, dearest, pricing) == said


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (MIDNIGHT - SECOND, False),
        (MIDNIGHT, True),
        (MIDNIGHT + timedelta(days=1) - SECOND, True),
        (MIDNIGHT + timedelta(days=1), False),
    ],
)
def test_a_promotion_counts_from_its_start_until_before_its_end(at: datetime, counts: bool) -> None:
    assert a_promotion().covers(Sold(at, "citos", "BTK-0007", "batik")) is counts


@pytest.mark.parametrize(
    ("scope", "counts"),
    [
        ({"skus": frozenset({"BTK-0007", "BTK-0008"})}, True),
        ({"skus": frozenset({"BTK-0008"})}, False),
        ({"crafts": frozenset({"batik"})}, True),
        ({"crafts": frozenset({"sulam"})}, False),
        ({"outlets": frozenset({"citos"})}, True),
        ({"outlets": frozenset({"pim"})}, False),
        ({"skus": frozenset({"BTK-0007"}), "crafts": frozenset({"sulam"})}, False),
    ],
)
def test_a_promotion_counts_for_what_it_names(scope: dict[str, Any], counts: bool) -> None:
    assert a_promotion(**scope).covers(SALE) is counts


def test_a_product_of_unknown_craft_is_in_no_promotion_for_crafts() -> None:
    unknown = Sold(MIDNIGHT, "citos", "BTK-0007", None)
    assert not a_promotion(crafts=frozenset({"batik"})).covers(unknown)
    assert a_promotion().covers(unknown)


def test_a_promotion_that_does_not_count_is_doubted_and_gives_nothing() -> None:
    elsewhere = a_promotion(outlets=frozenset({"pim"}))
    assert price_sale(LISTED, None, None, SALE) == Pricing(LISTED)
    assert price_sale(LISTED, "P1", None, SALE) == Pricing(LISTED, doubt="promo_unknown")
    assert price_sale(LISTED, "P1", elsewhere, SALE) == Pricing(LISTED, doubt="promo_not_valid")
    assert price_sale(LISTED, "P1", a_promotion(), SALE) == Pricing(LISTED, a_promotion())


def test_the_price_of_the_moment_counts() -> None:
    prices = PriceList((MIDNIGHT, MIDNIGHT + timedelta(days=1)), (LISTED, ListPrice(750_000)))
    assert prices.at(MIDNIGHT - SECOND) == LISTED
    assert prices.at(MIDNIGHT) == LISTED
    assert prices.at(MIDNIGHT + timedelta(days=1) - SECOND) == LISTED
    assert prices.at(MIDNIGHT + timedelta(days=1)) == ListPrice(750_000)


amounts = st.integers(0, 3_000_000)


@st.composite
def agreements(draw: st.DrawFn) -> Terms:
    outlet = draw(st.integers(0, 10_000))
    return Terms(date(2026, 1, 1), outlet, draw(st.integers(0, 10_000 - outlet)))


@st.composite
def fundings(draw: st.DrawFn) -> Funding:
    outlet = draw(st.integers(0, 10_000))
    programme = draw(st.integers(0, 10_000 - outlet))
    return Funding(outlet, programme, 10_000 - outlet - programme)


@st.composite
def pricings(draw: st.DrawFn) -> Pricing:
    price = draw(st.integers(0, 2_000_000))
    listed = ListPrice(price, draw(st.integers(0, price)))
    if draw(st.booleans()):
        return Pricing(listed)
    return Pricing(listed, a_promotion(draw(st.integers(1, 9_000)), draw(st.none() | fundings())))


@given(st.integers(1, 40), amounts, agreements(), st.lists(st.integers(1, 100), min_size=1, max_size=5), pricings())
def test_shares_sum_to_the_price_and_no_makers_share_is_below_nothing(
    quantity: int, net: int, terms: Terms, weights: list[int], pricing: Pricing
) -> None:
    for run in split_line(quantity, net, terms, weights, pricing):
        assert run.net == run.outlet + run.programme + sum(run.makers)
        assert min(run.makers) >= 0


@given(amounts, agreements(), pricings())
def test_the_parts_of_the_difference_are_the_whole_difference(net: int, terms: Terms, pricing: Pricing) -> None:
    burden = bear(net, pricing)
    listed = pricing.listed
    assert listed is not None
    assert min(burden.promotion, burden.outlet) >= 0
    assert burden.promotion + burden.outlet == max(0, listed.price - net)
    assert burden.promotion == 0 or listed.price - burden.promotion >= listed.floor


@given(amounts, agreements(), pricings())
def test_makers_never_get_less_than_their_share_of_what_was_charged_or_should_have_been(
    net: int, terms: Terms, pricing: Pricing
) -> None:
    """What an outlet takes off on its own account never reaches them; of a promotion they bear what they fund."""
    (run,) = split_line(1, net, terms, (1,), pricing)
    listed, promotion = pricing.listed, pricing.promotion
    assert listed is not None
    most = min(listed.price * promotion.discount_bps // 10_000, listed.price - listed.floor) if promotion else 0
    funding = promotion.funding if promotion else None
    funded = bear(net, pricing).promotion if funding else 0
    base = min(net, listed.price - most) if not funding else min(net + funded, listed.price)
    mine = base * (10_000 - terms.outlet_bps - terms.programme_bps) // 10_000
    own_part = -(-funded * funding.makers // 10_000) if funding else 0
    assert run.makers[0] >= max(0, mine - own_part)
    if pricing.promotion is None and net < listed.price:
        assert run.makers == split_line(1, listed.price, terms, (1,))[0].makers


def test_before_the_first_price_the_first_one_holds() -> None:
    """As in the catalog: a till whose clock is slow must not sell a new product for what it likes."""
    first, second = ListPrice(700_000), ListPrice(650_000)
    prices = PriceList((MIDNIGHT, MIDNIGHT + timedelta(days=1)), (first, second))
    moments = (MIDNIGHT - timedelta(days=1), MIDNIGHT, MIDNIGHT + timedelta(days=1))
    assert [prices.at(moment) for moment in moments] == [first, first, second]
    assert PriceList().at(MIDNIGHT) is None
