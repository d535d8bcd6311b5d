"""The second count is right by itself: by hand on a small file, by conservation on the real one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.demo import books as book_keeping
from deploy.local.demo.books import Good, count, largest_remainder
from deploy.local.demo.places import OUTLETS, till_of
from deploy.local.demo.programme import programme
from deploy.local.demo.till_data import FILE, read_lines

HEADER = "InvoiceNo;StockCode;Description;Quantity;InvoiceDate;UnitPrice;CustomerID;Country\n"
GOODS = {
    "A": Good(700_000, [(0, 1)]),
    "B": Good(700_000, [(0, 5), (1, 3), (2, 2)]),
    "C": Good(233_380, [(0, 1), (1, 1), (2, 1)]),
}


def receipt_of(outlet: str) -> str:
    return next(str(number) for number in range(100, 1000) if till_of(str(number))[0] == outlet)


def row(receipt: str, code: str, quantity: int, price: str, customer: str = "17850") -> str:
    return f"{receipt};{code};THING;{quantity};1/12/2010 08:26;{price};{customer};UK\n"


def counted(folder: Path, *rows: str) -> book_keeping.Books:
    file = folder / "small.csv"
    file.write_text(HEADER + "".join(rows), encoding="utf-8-sig")
    return count(file, 100, GOODS)


def test_a_sale_is_split_as_the_agreement_says(tmp_path: Path) -> None:
    books = counted(tmp_path, row(receipt_of("pim"), "A", 1, "35"))
    assert books.accounts == {
        ("outlet-receivable", "pim"): 700_000,
        ("outlet-commission", "pim"): -175_000,
        ("programme-share", "programme"): -70_000,
        ("maker-payable", 0): -455_000,
    }


def test_shares_are_floored_for_each_piece_and_the_makers_get_the_rest(tmp_path: Path) -> None:
    # One penny short of 11.67 pounds: 233.380 a piece; 15 % is 35.007, 10 % is 23.338.
    books = counted(tmp_path, row(receipt_of("citos"), "C", 3, "11,669"))
    assert books.accounts["outlet-commission", "citos"] == -3 * 35_007
    assert books.accounts["programme-share", "programme"] == -3 * 23_338
    assert [books.accounts["maker-payable", number] for number in range(3)] == [-3 * 58_345] * 3


def test_what_a_piece_was_sold_for_less_is_the_outlets_loss_alone(tmp_path: Path) -> None:
    books = counted(tmp_path, row(receipt_of("pim"), "A", 2, "32,50"))
    assert books.accounts == {
        ("outlet-receivable", "pim"): 2 * 650_000,
        ("outlet-commission", "pim"): 2 * -125_000,
        ("programme-share", "programme"): 2 * -70_000,
        ("maker-payable", 0): 2 * -455_000,
    }
    assert (books.off_list, books.outlets_bear) == (1, 100_000)


def test_what_a_piece_was_sold_for_more_is_shared(tmp_path: Path) -> None:
    books = counted(tmp_path, row(receipt_of("pim"), "A", 1, "40"))
    assert books.accounts["outlet-commission", "pim"] == -200_000
    assert books.accounts["maker-payable", 0] == -520_000


def test_a_return_takes_back_what_its_sale_gave(tmp_path: Path) -> None:
    sold = row(receipt_of("pim"), "B", 5, "35")
    once = counted(tmp_path, sold.replace(";5;", ";3;", 1)).accounts
    books = counted(tmp_path, sold, row("C900", "B", -2, "35"))
    assert books.accounts == once
    assert (books.returns, books.units_returned, books.net_returned) == (1, 2, 1_400_000)


@pytest.mark.parametrize(
    "stray",
    [row("C900", "A", -6, "35"), row("C900", "A", -1, "35", customer="7"), row("C900", "A", -1, "35", customer=""),
     row("901", "A", -3, "0")],
)  # fmt: skip
def test_what_belongs_to_no_sale_moves_no_money(tmp_path: Path, stray: str) -> None:
    sold = row(receipt_of("pim"), "A", 5, "35")
    alone, with_stray = counted(tmp_path, sold), counted(tmp_path, sold, stray)
    assert with_stray.accounts == alone.accounts
    assert (alone.parked, with_stray.parked) == (0, 1)


def test_the_worked_example_of_three_weights() -> None:
    assert largest_remainder(223_062, [5, 3, 2]) == [111_531, 66_919, 44_612]
    assert largest_remainder(455_000, [1, 1, 1]) == [151_667, 151_667, 151_666]


@given(st.integers(0, 10**9), st.lists(st.integers(1, 10_000), min_size=1, max_size=20))
def test_parts_sum_to_the_whole_and_none_is_off_by_a_rupiah(amount: int, weights: list[int]) -> None:
    parts = largest_remainder(amount, weights)
    assert sum(parts) == amount
    assert all(
        abs(part * sum(weights) - amount * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True)
    )


def test_the_whole_file_balances_and_every_line_is_counted_once() -> None:
    plan, lines = programme(), read_lines()
    books = count(FILE, len(lines), plan.goods())
    assert (books.sales, books.returns, books.parked) == (9_870, 10, 120)
    assert sum(books.accounts.values()) == 0
    assert books.net_sold == sum(line.price * line.quantity for line in lines if line.is_sale)
    receivable = sum(books.accounts["outlet-receivable", place.code] for place in OUTLETS)
    assert receivable == books.net_sold - books.net_returned


def test_the_books_share_no_code_with_what_they_check() -> None:
    source = Path(book_keeping.__file__).read_text()
    imports = [line for line in source.splitlines() if line.startswith(("import ", "from "))]
    assert [line for line in imports if "services" in line or "shared" in line or "till_data" in line] == []
    assert "from deploy.local.demo.places import OUTLETS, till_of" in imports
