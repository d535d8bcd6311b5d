"""Rupiah: whole numbers, written the Indonesian way."""

from collections.abc import Sequence

from babel.numbers import format_currency


def rupiah(amount: int) -> str:
    """`Rp700.000`; a negative amount is `-Rp700.000`."""
    return format_currency(amount, "IDR", format="¤#,##0;-¤#,##0", locale="id_ID", currency_digits=False)


def apportion(amount: int, weights: Sequence[int]) -> list[int]:
    """Shares of `amount` (rupiah, >= 0) by `weights` (> 0) that sum to it: largest remainder, ties by order.

    Raises ValueError when there are no weights or their sum is 0.
    """
    total = sum(weights)
    if total <= 0:
        raise ValueError("weights must have a positive sum")
    shares = [amount * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
    for i in by_remainder[: amount - sum(shares)]:
        shares[i] += 1
    return shares
