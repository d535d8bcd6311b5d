"""The plan holds together: who is trained makes, what is made is delivered, what is short is short on purpose."""

from collections import Counter, defaultdict

import phonenumbers
import pytest

from deploy.local.demo.people import CRAFTS, RUSUN
from deploy.local.demo.places import till_of
from deploy.local.demo.programme import programme
from deploy.local.demo.training import LONGEST, PLANNED
from shared.contracts.training import Craft

PLAN = programme()


def test_sixty_makers_of_three_rusun_have_names_and_numbers_of_their_own() -> None:
    assert len({person.name for person in PLAN.people}) == 60
    assert len({person.phone for person in PLAN.people}) == 60
    assert Counter(person.rusun for person in PLAN.people) == dict.fromkeys((rusun.code for rusun in RUSUN), 20)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(person.phone)) for person in PLAN.people)


def test_every_craft_has_a_course_and_business_a_class() -> None:
    assert {course.craft for course in PLAN.courses} == set(Craft)
    sessions = [session for course in PLAN.courses for session in course.sessions]
    assert all(PLANNED <= session.actual_minutes <= LONGEST for session in sessions)
    assert any(session.actual_minutes == LONGEST for session in sessions)


def test_the_business_class_has_a_waiting_list() -> None:
    business = next(course for course in PLAN.courses if course.craft == "business")
    assert len(business.applicants) > business.capacity == len(business.members)


def test_one_maker_in_each_course_misses_too_much() -> None:
    for course in PLAN.courses:
        assert len(course.graduates()) == len(course.members) - 1


def test_a_product_is_made_by_certified_makers_of_its_craft() -> None:
    graduates = {course.craft: set(course.graduates()) for course in PLAN.courses}
    assert len(PLAN.products) == 2_015
    for product in PLAN.products:
        assert {number for number, _ in product.makers} <= graduates[product.craft]
        assert 1 <= len(product.makers) <= 3
        assert all(weight >= 1 for _, weight in product.makers)
    assert {product.craft for product in PLAN.products} == set(CRAFTS)


def test_every_tenth_product_is_seen_by_two_jurors() -> None:
    jurors = Counter(len({review.juror for review in product.reviews}) for product in PLAN.products)
    assert jurors == {1: 1_814, 2: 201}


def test_what_is_sold_is_delivered_and_one_in_fifty_too_little() -> None:
    delivered: dict[tuple[str, str], int] = defaultdict(int)
    for note in PLAN.deliveries:
        assert 1 <= len(note.lines) <= 500
        for sku, quantity in note.lines:
            delivered[note.outlet, sku] += quantity
    sold: dict[tuple[str, str], int] = defaultdict(int)
    for line in PLAN.lines:
        if line.is_sale:
            sold[till_of(line.receipt)[0], line.sku] += line.quantity
    assert delivered.keys() == sold.keys()
    short = sum(delivered[key] < sold[key] for key in sold)
    assert 0 < short <= len(sold) // 50


def test_some_deliveries_of_every_outlet_are_late() -> None:
    assert {note.outlet for note in PLAN.deliveries if note.late} == {note.outlet for note in PLAN.deliveries}


def test_notices_are_counted_by_what_happens_to_makers() -> None:
    """80 ends of a course, 3 offers, a certificate anew, decisions in one or two rounds, a proposal."""
    decided = sum(len(product.makers) for product in PLAN.products) + 6 + 4
    assert PLAN.notices(1_000) == 80 + 3 + 1 + decided + 1 + 1_000


def test_whoever_made_something_that_is_sold_earns() -> None:
    assert programme(1).earners() < PLAN.earners()
    certified = {number for course in PLAN.courses if course.craft in CRAFTS for number in course.graduates()}
    assert PLAN.earners() == certified


@pytest.mark.parametrize("events", [1, 250, 3_000])
def test_a_shorter_programme_is_a_part_of_the_longer_one(events: int) -> None:
    part = programme(events)
    assert len(part.lines) == events
    assert {p.code: p for p in part.products}.items() <= {p.code: p for p in PLAN.products}.items()
    assert set(part.deliveries) <= set(PLAN.deliveries)
    made = {product.sku for product in part.products}
    assert {line.sku for line in part.lines} <= made
    assert {sku for note in part.deliveries for sku in note.skus} <= made
