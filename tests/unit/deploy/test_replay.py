"""How an operator sees whether the books come out the same."""

from pathlib import Path

import pytest

from deploy.local.commands.replay import figures, sums
from deploy.local.logs_of_record import find
from deploy.local.state import SetupError
from services.sales.replay.verify import Replayed, Verdict
from services.sales.views.books import Books

OURS = Books({"shelves": {"citos BTK-0007": {"balance": 2}, "citos SUL-0001": {"balance": 3}}, "units": {}})
THEIRS = Books({"shelves": {"citos BTK-0007": {"balance": 2}, "citos SUL-0001": {"balance": 4}}, "units": {}})


def test_a_page_is_shown_as_its_lines_and_what_its_figures_come_to() -> None:
    assert sums(OURS.pages["shelves"]) == "2 lines\nbalance 5"
    assert sums({"29": {"sku": "BTK-0007", "state": "sold"}}) == "1 line"


def test_the_figures_say_whether_the_books_are_equal_and_what_differs_first() -> None:
    replayed = Replayed(THEIRS, events=600, seconds=0.2, unexplained=())
    found = figures(replayed, Verdict(OURS, replayed))
    assert (found["equal"], found["pages"]) == (False, {"shelves": False, "units": True})
    assert found["first_differences"] == ["shelves: citos SUL-0001: balance 3, not 4"]
    assert (found["differences"], found["events_per_second"]) == (1, 3000)
    assert found["production"] != found["replayed"]


def test_equal_books_with_an_unexplained_event_are_not_equal() -> None:
    replayed = Replayed(OURS, events=1, seconds=1.0, unexplained=("sales.ItemReturned.v1 x",))
    assert figures(replayed, Verdict(OURS, replayed))["equal"] is False


def test_what_was_not_compared_is_not_claimed() -> None:
    assert "equal" not in figures(Replayed(OURS, 1, 1.0, ()), None)


async def test_a_container_reads_its_three_urls_and_must_be_given_an_empty_database(tmp_path: Path) -> None:
    for name in ("training", "catalog", "sales"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "karya_database_url").write_text(f"postgresql://{name}:secret@postgres:5432/{name}\n")
    logs = find(tmp_path)
    async with logs.target("sales_again") as databases:
        assert databases.catalog == "postgresql://catalog:secret@postgres:5432/catalog"
        assert databases.target == "postgresql://sales:secret@postgres:5432/sales_again"
    with pytest.raises(SetupError, match="--into NAME"):
        async with logs.target(None):
            pass
