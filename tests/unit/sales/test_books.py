"""Books held against others: equal or not, and what is not the same is named."""

from services.sales.views.books import Books, Page


def books(**pages: Page) -> Books:
    return Books({"accounts": {}, "shelves": {}} | pages)


OURS = books(
    accounts={"maker-payable ani": {"debit": 0, "credit": 455_000}}, shelves={"citos BTK-0007": {"balance": 2}}
)


def test_equal_books_have_one_digest_whatever_the_order_they_were_written_in() -> None:
    two = {"a": {"balance": 1}, "b": {"balance": 2}}
    same = books(shelves=dict(reversed(two.items())))
    assert books(shelves=two) == same
    assert books(shelves=two).digest() == same.digest()
    assert not list(same.differences(books(shelves=two)))
    assert OURS.digest() != same.digest()


def test_a_figure_that_differs_is_named_with_both_values() -> None:
    theirs = books(accounts={"maker-payable ani": {"debit": 0, "credit": 455_001}}, shelves=dict(OURS.pages["shelves"]))
    assert theirs != OURS
    assert OURS.explain(theirs) == "accounts: maker-payable ani: credit 455000, not 455001"


def test_a_line_that_only_one_side_has_is_named() -> None:
    theirs = books(accounts=dict(OURS.pages["accounts"]))
    assert OURS.explain(theirs) == "shelves: citos BTK-0007: balance 2, only in these"
    assert theirs.explain(OURS) == "shelves: citos BTK-0007: balance 2, only in the others"


def test_only_the_first_differences_are_told_and_the_others_counted() -> None:
    many = books(shelves={f"citos {n:03}": {"balance": n} for n in range(25)})
    told = many.explain(books()).splitlines()
    assert len(told) == 21
    assert told[-1] == "... and 5 more"
