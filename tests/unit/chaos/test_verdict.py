"""A run holds, is red, or is void because too little happened in it."""

from deploy.local.chaos.inside import notes
from deploy.local.chaos.verdict import Exit, Verdict

SEEN = {"redelivered": 3, "duplicate caught by the inbox": 9, "parked and redriven": 1}


def test_a_run_in_which_everything_holds_and_enough_happened() -> None:
    verdict = Verdict({"I1": []}, SEEN)

    assert (verdict.exit, verdict.exit.value) == (Exit.HOLDS, 0)


def test_what_is_wrong_is_red_however_little_happened() -> None:
    verdict = Verdict({"I1": ["lost"], "I2": []}, {})

    assert (verdict.exit, verdict.red) == (Exit.RED, ["I1"])


def test_a_run_without_redeliveries_is_void() -> None:
    verdict = Verdict({"I1": []}, SEEN | {"redelivered": 0})

    assert (verdict.exit, verdict.unseen) == (Exit.VOID, ["redelivered"])


def test_a_fault_that_should_have_shown_and_did_not_makes_a_run_void() -> None:
    verdict = Verdict({"I1": []}, SEEN, {"kill after the ack"})

    assert verdict.unseen == ["killed when acknowledged"]


def test_the_relay_was_taken_over_as_often_as_another_process_went_on() -> None:
    told = [
        {"at": at, "pid": pid, "service": service, "what": "relayed", "times": 5}
        for at, (service, pid) in enumerate([("sales", 1), ("notify", 7), ("sales", 1), ("sales", 2), ("sales", 1)])
    ]

    counted = notes.count(told)

    assert (counted["relayed"], counted["relay taken over"]) == (25, 2)
