"""Whatever tills, people and time do, in whatever order: after each step the books are right."""

from hypothesis.stateful import run_state_machine_as_test

from tests.integration.properties.goods_machine import Goods
from tests.integration.properties.lab import Lab


def test_the_books_are_right_whatever_happens(lab: Lab) -> None:
    class OfTheLab(Goods):
        def __init__(self) -> None:
            super().__init__(lab)

    run_state_machine_as_test(OfTheLab)
