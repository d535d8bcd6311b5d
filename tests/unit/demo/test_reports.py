"""What the tills send is the file, with the mischief of tills and the same in every run."""

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise

from pydantic import ValidationError

from deploy.local.demo.places import OUTLETS, TILLS, till_of
from deploy.local.demo.reports import Report, find_originals, in_batches, in_order_of_arrival, reports_of
from deploy.local.demo.till_data import Line, read_lines
from shared.contracts.outlets import ReturnReported, SaleReported
from shared.runtime.envelope import Envelope

LINES = read_lines()
REPORTS = reports_of(LINES)


def fact(report: Report) -> tuple[str, str, str]:
    return report.outlet, report.till, report.id


def test_every_line_becomes_one_report_with_an_id_of_its_own() -> None:
    assert len(REPORTS) == 10_000
    assert len({fact(report) for report in REPORTS}) == 10_000


def test_the_contract_takes_every_report_but_the_write_offs() -> None:
    refused = []
    for report in REPORTS:
        contract = SaleReported if report.type == SaleReported.wire else ReturnReported
        try:
            Envelope[contract].model_validate(report.cloud_event())  # type: ignore[valid-type]
        except ValidationError:
            refused.append(report)
    assert len(refused) == 30
    assert all(report.data["quantity"] < 0 for report in refused)


def test_no_report_tells_who_bought() -> None:
    anonymous = reports_of([replace(line, customer="") for line in LINES])
    sales = [(mine, named) for mine, named in zip(anonymous, REPORTS, strict=True) if named.type == SaleReported.wire]
    assert sales
    assert all(mine.data | {"till_seq": 0} == named.data | {"till_seq": 0} for mine, named in sales)
    told = {field for report in REPORTS for field in report.data}
    assert told <= set(SaleReported.model_fields) | set(ReturnReported.model_fields)


def test_receipts_are_spread_over_all_tills() -> None:
    tills = Counter(till_of(line.receipt) for line in LINES)
    assert len(tills) == len(OUTLETS) * len(TILLS)
    assert min(tills.values()) > 1_000


def test_a_return_names_a_sale_that_the_same_outlet_reported_before() -> None:
    sold: dict[tuple[str, str, int], Report] = {}
    named = 0
    for report in REPORTS:
        if report.type == SaleReported.wire:
            sold[report.outlet, report.data["receipt"], report.data["line"]] = report
        elif "original_receipt" in report.data:
            original = sold[report.outlet, report.data["original_receipt"], report.data["original_line"]]
            assert original.data["sku"] == report.data["sku"]
            named += 1
    assert named == 10


def line(receipt: str, quantity: int, customer: str = "1") -> Line:
    return replace(LINES[0], receipt=receipt, quantity=quantity, customer=customer)


def test_a_return_takes_the_latest_purchase_with_enough_pieces_left() -> None:
    lines = [line("1", 5), line("2", 2), line("C3", -2), line("C4", -2), line("C5", -4), line("C6", -3)]
    found = find_originals(lines)
    assert {i: original.receipt for i, original in found.items()} == {2: "2", 3: "1", 5: "1"}


def test_a_return_without_a_customer_belongs_to_no_sale() -> None:
    assert find_originals([line("1", 5, customer=""), line("C2", -1, customer="")]) == {}


def test_one_report_in_fifty_arrives_twice_and_some_out_of_order() -> None:
    arrivals = in_order_of_arrival(REPORTS)
    times = Counter(fact(report) for report in arrivals)
    assert Counter(times.values()) == {1: 9_800, 2: 200}
    assert arrivals == in_order_of_arrival(REPORTS)
    places = {fact(report): i for i, report in enumerate(REPORTS)}
    overtaken = sum(places[fact(b)] < places[fact(a)] for a, b in pairwise(arrivals))
    assert overtaken > 300


def test_a_shorter_feed_is_a_part_of_the_longer_one() -> None:
    shorter = Counter(fact(report) for report in in_order_of_arrival(reports_of(LINES[:500])))
    longer = Counter(fact(report) for report in in_order_of_arrival(REPORTS))
    assert len(shorter) == 500
    assert shorter <= longer


def test_batches_keep_each_tills_order_and_lose_nothing() -> None:
    arrivals = in_order_of_arrival(REPORTS)
    batches = list(in_batches(arrivals))
    assert max(map(len, batches)) == 100
    assert min(map(len, batches)) == 1
    wanted: dict[tuple[str, str], list[str]] = defaultdict(list)
    got: dict[tuple[str, str], list[str]] = defaultdict(list)
    for report in arrivals:
        wanted[report.outlet, report.till].append(report.id)
    for batch in batches:
        assert len({(report.outlet, report.till) for report in batch}) == 1
        got[batch[0].outlet, batch[0].till].extend(report.id for report in batch)
    assert got == wanted
