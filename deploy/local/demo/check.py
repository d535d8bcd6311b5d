"""Holds what the system says against the books that were counted from the file, to the rupiah."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.local.demo.api import Json
from deploy.local.demo.books import Books
from deploy.local.demo.settle import accounted
from deploy.local.demo.settled import Account

PEOPLE = "maker-payable"


@dataclass(frozen=True)
class Verdict:
    """`differences`: one sentence for each; none means that the books agree. `digest`: of all balances."""

    differences: tuple[str, ...]
    accounts: int
    digest: str

    @property
    def agree(self) -> bool:
        """Whether every count and every account is the same on both sides."""
        return not self.differences


@dataclass(frozen=True)
class Told:
    """What the system says. `makers`: ids in the order of their numbers; `settled`: what its papers have moved."""

    makers: Sequence[str]
    feed: Json
    trial_balance: Json
    settled: Mapping[Account, int]


def compare(books: Books, told: Told, reports_sent: int) -> Verdict:
    """The tills' books, and on them what was settled, against every account of the system."""
    feed, trial_balance = told.feed, told.trial_balance
    numbers = {maker_id: f"maker-{number:02}" for number, maker_id in enumerate(told.makers)}
    wanted = Counter({(kind, _owner(kind, who)): balance for (kind, who), balance in books.accounts.items()})
    for (kind, owner), amount in told.settled.items():
        wanted[kind, numbers.get(owner, owner)] += amount
    got = {(item["kind"], numbers.get(item["owner"], item["owner"])): item for item in trial_balance["items"]}
    balances = {account: item["balance"] for account, item in got.items() if item["balance"]}
    differences = [*_of_counts(books, feed), *_of_accounts(wanted, balances)]
    if trial_balance["ledger_sum"] != 0 or sum(balances.values()) != 0:
        differences.append(f"the ledger does not sum to zero: {trial_balance['ledger_sum']:,}")
    if accounted(feed) != reports_sent:
        differences.append(_differs("reports accounted for", accounted(feed), reports_sent))
    return Verdict(tuple(differences), len([one for one in wanted.values() if one]), digest(balances))


def digest(balances: Mapping[Account, int]) -> str:
    """The same for any two systems whose accounts hold the same. Makers go by number: ids are the system's own."""
    text = "\n".join([f"{kind} {owner} {balance}" for (kind, owner), balance in sorted(balances.items())])
    return hashlib.sha256(text.encode()).hexdigest()


def maker_payable(trial_balance: Json) -> int:
    """What is owed to all makers together, in rupiah."""
    owed: list[int] = [-item["balance"] for item in trial_balance["items"] if item["kind"] == PEOPLE]
    return sum(owed)


def _of_counts(books: Books, feed: Json) -> list[str]:
    wanted = {
        "sales_accepted": books.sales,
        "returns_accepted": books.returns,
        "parked": books.parked,
        "units_sold": books.units_sold,
        "units_returned": books.units_returned,
        "net_sold": books.net_sold,
        "net_returned": books.net_returned,
    }
    return [_differs(name, feed[name], count) for name, count in wanted.items() if feed[name] != count]


def _of_accounts(wanted: Mapping[Account, int], got: Mapping[Account, int]) -> list[str]:
    return [
        _differs(" ".join(account), got.get(account, 0), wanted.get(account, 0))
        for account in sorted(wanted.keys() | got.keys())
        if got.get(account, 0) != wanted.get(account, 0)
    ]


def _differs(what: str, here: int, there: int) -> str:
    return f"{what}: the system has {here:,}, the file gives {there:,}"


def _owner(kind: str, who: str | int) -> str:
    return f"maker-{who:02}" if kind == PEOPLE else str(who)
