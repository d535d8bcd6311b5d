"""The whole demo as a plan: who, what, where and when. Nothing here talks to anybody; all follows from the file."""

from collections.abc import Sequence
from dataclasses import dataclass

from deploy.local.demo.books import Good
from deploy.local.demo.closings import Closing, closings
from deploy.local.demo.deliveries import Delivery, deliveries, needed
from deploy.local.demo.people import CRAFTS, Person, people
from deploy.local.demo.products import Product, products
from deploy.local.demo.reports import Report, in_order_of_arrival, reports_of
from deploy.local.demo.till_data import Line, read_lines
from deploy.local.demo.training import Course, courses
from deploy.local.demo.trials import Trial, trials

REISSUED, PROPOSED = 1, 1
"""Certificates that are issued again, and orders that are proposed."""


@dataclass(frozen=True)
class Programme:
    """What the first `len(lines)` lines of the file need and make. A shorter programme is a part of a longer one."""

    lines: Sequence[Line]
    people: Sequence[Person]
    courses: Sequence[Course]
    products: Sequence[Product]
    trials: Sequence[Trial]
    deliveries: Sequence[Delivery]

    def arrivals(self) -> list[Report]:
        """The tills' reports as they will arrive."""
        return in_order_of_arrival(reports_of(self.lines))

    def closings(self) -> list[Closing]:
        """What the tills count for the days that are whole."""
        return closings(reports_of(read_lines()), len(self.lines))

    def earners(self) -> set[int]:
        """The makers of whose work something was sold."""
        goods = self.goods()
        return {number for line in self.lines if line.is_sale for number, _ in goods[line.code].makers}

    def notices(self, sales_and_returns: int) -> int:
        """How often makers are told something.

        Of each seat that is offered, how each course ended, a certificate issued again, what the jury decided, what is
        proposed, and each sale and return.
        """
        offers = sum(len(offered) for course in self.courses for offered in course.answers)
        ends = sum(len(course.members) for course in self.courses) + REISSUED
        decisions = sum(len(product.makers) for product in self.products) + sum(one.decisions for one in self.trials)
        return offers + ends + decisions + PROPOSED + sales_and_returns

    def goods(self) -> dict[str, Good]:
        """What is for sale, by stock code."""
        return {product.code: Good(product.price, product.makers) for product in self.products}


def programme(events: int | None = None) -> Programme:
    """The plan for the first `events` lines of the file, or for all."""
    everything = read_lines()
    lines = everything if events is None else everything[:events]
    everybody = people()
    held = courses(everybody)
    trained = {course.craft: course.graduates() for course in held if course.craft in CRAFTS}
    notes = needed(deliveries(everything), lines)
    wanted = {sku for note in notes for sku in note.skus} | {line.sku for line in lines}
    made = [product for product in products(everything, trained) if product.sku in wanted]
    return Programme(lines, everybody, held, made, trials(trained), notes)
