"""The tax of a maker's year: so much of her turnover is free, of the rest a small part. It is only ever reported."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

WHOLE = 10_000


class Rule(NamedTuple):
    """From the start of a month on: what is free of a year's turnover, and the tax on the rest in basis points."""

    valid_from: date
    free: int
    bps: int


class Month(NamedTuple):
    """`cumulative`: turnover of the year up to its end. `taxable`, `tax`: below 0 when what was taxed came back."""

    month: date
    turnover: int
    cumulative: int
    taxable: int
    tax: int


class Burden(NamedTuple):
    """What of a year's turnover was taxed so far, and the tax on it in ten-thousandths of a rupiah."""

    taxed: int
    tax: int

    def rise(self, before: int, now: int, rule: Rule) -> "Burden":
        """The cumulative turnover goes up: what of the difference is above the free part is taxed."""
        more = max(0, now - rule.free) - max(0, before - rule.free)
        return Burden(self.taxed + more, self.tax + more * rule.bps)

    def fall(self, by: int) -> "Burden":
        """Pieces came back: first what was taxed is not taxed any more, at the rate that it was taxed with."""
        less = min(by, self.taxed)
        return Burden(self.taxed - less, self.tax - (self.tax * less // self.taxed if less else 0))


NOTHING = Burden(0, 0)


def months_of(year: int) -> list[date]:
    return [date(year, month, 1) for month in range(1, 13)]


def rule_of(month: date, rules: Sequence[Rule]) -> Rule | None:
    """The last that began by then. `rules` are in the order of their beginnings."""
    begun = [rule for rule in rules if rule.valid_from <= month]
    return begun[-1] if begun else None


def rules_of(year: int, rules: Sequence[Rule]) -> list[Rule]:
    """Those that hold in some month of the year."""
    return sorted({rule for month in months_of(year) if (rule := rule_of(month, rules))})


def reckon(year: int, turnover: Mapping[date, int], rules: Sequence[Rule]) -> list[Month]:
    """The twelve months of a year. `turnover`: by the first day of the month, below 0 when more came back.

    A rule that begins within the year holds from its month on: what was taxed before stays as it was taxed. The tax
    is rounded down over the whole year: the months sum up to the tax of the year.
    """
    months = months_of(year)
    amounts = [turnover.get(month, 0) for month in months]
    sums = list(accumulate(amounts))
    burdens, burden = [NOTHING], NOTHING
    for month, amount, now in zip(months, amounts, sums, strict=True):
        burden = _follow(burden, now - amount, now, rule_of(month, rules))
        burdens.append(burden)
    return [
        Month(month, amount, now, after.taxed - before.taxed, after.tax // WHOLE - before.tax // WHOLE)
        for month, amount, now, before, after in zip(months, amounts, sums, burdens, burdens[1:], strict=False)
    ]


def _follow(burden: Burden, before: int, now: int, rule: Rule | None) -> Burden:
    if now < before:
        return burden.fall(before - now)
    return burden.rise(before, now, rule) if rule else burden


def years_to_watch(today: date) -> list[int]:
    """This year; in January also the last one, of which much is still told of."""
    return [today.year - 1, today.year] if today.month == 1 else [today.year]
