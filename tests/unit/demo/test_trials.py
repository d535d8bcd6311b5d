"""What the jury does not take at once: a history each, as the system takes it."""

from deploy.local.demo.aftercare import AGREED, FIRST
from deploy.local.demo.pictures import draw
from deploy.local.demo.products import CRITERIA
from deploy.local.demo.programme import programme
from deploy.local.demo.seed_products import approval, submission
from deploy.local.demo.seed_trials import SHOWN_IN_FULL, WITHDRAWN
from deploy.local.demo.stories import story_of
from deploy.local.demo.trials import GOOD, again
from services.catalog.photos import develop
from shared.contracts.catalog import SubmitProduct
from shared.contracts.catalog.terms import Verdict

PLAN = programme(1)
MAKERS = [f"00000000-0000-0000-0000-{number:012}" for number in range(len(PLAN.people))]


def test_each_craft_has_one_and_four_of_six_come_again_and_are_approved() -> None:
    assert len({trial.product.craft for trial in PLAN.trials}) == len(PLAN.trials) == 6
    assert [trial.product.verdict for trial in PLAN.trials if trial.is_approved] == [Verdict.CHANGES] * 4
    assert [trial.product.verdict for trial in PLAN.trials if not trial.is_approved] == [Verdict.REJECT] * 2


def test_one_comes_again_after_a_session_and_one_is_what_the_law_forbids() -> None:
    assert [trial.is_approved for trial in PLAN.trials if trial.remedial] == [True]
    assert [trial.is_approved for trial in PLAN.trials if trial.animal] == [False]


def test_the_first_round_is_too_low_and_the_second_is_not() -> None:
    assert len(GOOD) == len(CRITERIA)
    for trial in PLAN.trials:
        [review] = trial.product.reviews
        assert (sum(review.scores) < sum(GOOD)) is not trial.animal
    assert again().scores == GOOD


def test_the_two_whose_consent_is_shown_are_approved_and_their_makers_are_two() -> None:
    by_craft = {trial.product.craft: trial for trial in PLAN.trials}
    shown, withdrawn = by_craft[SHOWN_IN_FULL], by_craft[WITHDRAWN]
    assert shown.is_approved
    assert withdrawn.is_approved
    assert shown.maker != withdrawn.maker


def test_codes_are_nobody_elses() -> None:
    codes = {product.sku for product in programme().products}
    assert codes.isdisjoint(trial.product.sku for trial in PLAN.trials)


def test_all_of_it_is_as_the_system_takes_it() -> None:
    for product in [*PLAN.products, *[trial.product for trial in PLAN.trials]]:
        SubmitProduct.model_validate(submission(product, MAKERS))
        assert approval(product.sku, product.price)["price"] == product.price
        assert set(story_of(product)) == {"story_id", "story_en"}


def test_some_products_have_a_picture_and_pictures_are_small_and_unlike() -> None:
    shown = [product.code for product in programme().products if product.shown]
    assert len(shown) == 21
    first, second = draw(shown[0]), draw(shown[1])
    assert first == draw(shown[0]) != second
    assert len(first) < 20_000
    assert develop(first).width == 480


def test_there_is_something_to_agree_on_for_each_visit() -> None:
    assert len(AGREED) == FIRST
