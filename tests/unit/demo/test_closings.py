"""What the tills count for a day is what they reported of it, and only whole days are closed."""

from collections import Counter, defaultdict

from deploy.local.demo.books import count
from deploy.local.demo.closings import closings
from deploy.local.demo.programme import programme
from deploy.local.demo.reports import reports_of
from deploy.local.demo.till_data import FILE, JAKARTA, read_lines
from shared.contracts.outlets import TillClosed
from shared.runtime.envelope import Envelope

PLAN = programme()
REPORTS = reports_of(read_lines())


def test_every_report_is_in_the_closing_of_its_tills_day() -> None:
    told = Counter([(report.outlet, report.till, report.at.astimezone(JAKARTA).date()) for report in REPORTS])
    assert {closing.till_day: closing.events for closing in PLAN.closings()} == told


def test_a_till_numbers_its_reports_without_a_gap() -> None:
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for report in REPORTS:
        numbers[report.outlet, report.till].append(report.data["till_seq"])
    assert all(given == list(range(1, len(given) + 1)) for given in numbers.values())


def test_a_day_that_goes_on_is_not_closed() -> None:
    first_days = closings(REPORTS, 5_000)
    assert 0 < len(first_days) < len(PLAN.closings())
    assert set(first_days) < set(PLAN.closings())


def test_the_contract_takes_every_closing() -> None:
    for closing in PLAN.closings():
        Envelope[TillClosed].model_validate(closing.report().cloud_event())


def test_some_days_tie_out_and_the_others_wait_for_what_is_set_aside() -> None:
    books = count(FILE, len(PLAN.lines), PLAN.goods())
    tied = [closing for closing in PLAN.closings() if not books.unlike[closing.till_day]]
    assert 0 < len(tied) < len(PLAN.closings())
    assert sum(books.unlike.values()) >= books.parked
