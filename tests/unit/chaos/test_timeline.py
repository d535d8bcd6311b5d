"""Faults are chosen by the seed, lane by lane."""

from itertools import pairwise

from deploy.local.chaos import faults
from deploy.local.chaos.timeline import plan

KINDS = faults.kinds(cluster=True)


def test_the_same_seed_plans_the_same_faults_and_another_one_others() -> None:
    assert plan(1, 60, KINDS) == plan(1, 60, KINDS)
    assert plan(1, 60, KINDS) != plan(2, 60, KINDS)


def test_faults_of_a_lane_do_not_overlap_and_end_in_time() -> None:
    for lane in {kind.lane for kind in KINDS}:
        own = [one for one in plan(3, 120, KINDS) if one.lane == lane]
        assert all(one.at + one.seconds <= later.at for one, later in pairwise(own))
        assert all(one.at + one.seconds <= 120 for one in own)


def test_a_long_run_has_every_kind_of_fault() -> None:
    assert {one.name for one in plan(4, 600, KINDS)} == {kind.name for kind in KINDS}


def test_a_pick_names_one_of_the_victims() -> None:
    victims = ["sales", "sales-2", "notify"]

    assert {one.choose(victims) for one in plan(5, 600, KINDS)} == set(victims)


def test_every_kind_of_fault_can_be_carried_out() -> None:
    assert {kind.name for kind in faults.EVERYTHING} == faults.BY_NAME.keys()
