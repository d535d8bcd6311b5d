"""The demo agrees only when every count and every rupiah is the same on both sides."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from deploy.local.demo.books import Books, Good
from deploy.local.demo.check import Told, Verdict, compare, digest, maker_payable

MAKERS = ("id-of-siti", "id-of-sri")
STRAY = {"kind": "outlet-receivable", "owner": "citos", "balance": 1}
Change = Callable[[dict[str, Any], dict[str, Any]], None]


def the_books() -> Books:
    books = Books(sales=1, units_sold=2, parked=1)
    books.net_sold = books.post("pim", Fraction(3500), 2, Good(700_000, [(0, 1), (1, 1)]))
    return books


def the_feed() -> dict[str, Any]:
    return {
        "sales_accepted": 1,
        "returns_accepted": 0,
        "parked": 1,
        "duplicates_ignored": 3,
        "units_sold": 2,
        "units_returned": 0,
        "net_sold": 1_400_000,
        "net_returned": 0,
    }


def the_ledger() -> dict[str, Any]:
    balances = {
        ("outlet-receivable", "pim"): 1_400_000,
        ("outlet-commission", "pim"): -350_000,
        ("programme-share", "programme"): -140_000,
        ("maker-payable", "id-of-siti"): -455_000,
        ("maker-payable", "id-of-sri"): -455_000,
        ("maker-payable", "id-of-somebody-who-earned-nothing"): 0,
    }
    items = [{"kind": kind, "owner": owner, "balance": balance} for (kind, owner), balance in balances.items()]
    return {"ledger_sum": 0, "items": items}


def compared(change: Change = lambda feed, ledger: None, reports_sent: int = 5) -> Verdict:
    feed, ledger = the_feed(), the_ledger()
    change(feed, ledger)
    return compare(the_books(), Told(MAKERS, feed, ledger, {}), reports_sent)


def test_the_same_on_both_sides_agrees() -> None:
    verdict = compared()
    assert verdict.agree
    assert verdict.accounts == 5


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda feed, ledger: feed.update(units_sold=3), "units_sold"),
        (lambda feed, ledger: feed.update(net_sold=1_400_001), "net_sold"),
        (lambda feed, ledger: feed.update(parked=2, duplicates_ignored=2), "parked"),
        (lambda feed, ledger: feed.update(duplicates_ignored=2), "accounted for"),
        (lambda feed, ledger: ledger.update(ledger_sum=1), "sum to zero"),
        (lambda feed, ledger: ledger["items"][3].update(balance=-454_999), "maker-00"),
        (lambda feed, ledger: ledger["items"].pop(), ""),
        (lambda feed, ledger: ledger["items"].pop(1), "outlet-commission pim"),
        (lambda feed, ledger: ledger["items"].append(STRAY), "outlet-receivable citos"),
    ],
)  # fmt: skip
def test_any_difference_is_named(change: Change, word: str) -> None:
    verdict = compared(change)
    assert verdict.agree == (not word)
    assert not word or any(word in difference for difference in verdict.differences)


def test_two_rupiah_that_change_places_between_makers_are_seen() -> None:
    def swap(feed: dict[str, Any], ledger: dict[str, Any]) -> None:
        ledger["items"][3]["balance"] -= 2
        ledger["items"][4]["balance"] += 2

    assert len(compared(swap).differences) == 2


def test_the_digest_is_of_balances_not_of_ids_or_order() -> None:
    def rename(feed: dict[str, Any], ledger: dict[str, Any]) -> None:
        ledger["items"].reverse()

    assert compared(rename).digest == compared().digest
    assert digest({("a", "b"): 1}) != digest({("a", "b"): 2})


def test_what_is_owed_to_makers_is_the_sum_of_their_accounts() -> None:
    assert maker_payable(the_ledger()) == 910_000
