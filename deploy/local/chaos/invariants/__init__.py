"""What has to hold when a run is over: each invariant a function that says in words what is wrong."""

from collections.abc import Awaitable, Callable, Mapping

from deploy.local.chaos.invariants import events, ledger, liveness, reports
from deploy.local.chaos.invariants.evidence import Evidence

Invariant = Callable[[Evidence], Awaitable[list[str]]]

INVARIANTS: Mapping[str, Invariant] = {
    "I1 every confirmed report is recorded once": reports.confirmed_reports_are_recorded_once,
    "I1 every till ties out": reports.tills_tie_out,
    "I2 nothing is recorded that nobody sent": reports.nothing_is_recorded_that_nobody_sent,
    "I3 the ledger sums to zero, every posting is there": ledger.ledger_sums_to_zero,
    "I4 stock and ledger are the fold of the events": ledger.books_follow_from_the_events,
    "I5 one notice for each event and maker": events.makers_are_told_once,
    "I6 every fact has its event": events.facts_are_told,
    "I6 every event is sent and heard": events.events_are_heard,
    "I7 parked is the poison, each for its reason": reports.only_poison_is_parked,
    "I7 what was parked passes when it can": reports.redriven_reports_pass,
    "I7 what nobody can read is kept": reports.unreadable_bodies_are_kept,
    "I8 what sales knows is what was said": events.what_sales_knows_is_what_was_said,
    "I8 what was earned is known to training": events.what_was_earned_is_known,
    "I8 what was asked is done once": events.what_was_asked_is_done_once,
    "I9 everything drains within a minute": liveness.it_drains,
    "I9 every queue is consumed, nothing is held": liveness.every_queue_is_consumed,
    "I9 no session idles in a transaction": liveness.no_session_idles_in_a_transaction,
    "I9 every replica is ready": liveness.every_replica_is_ready,
    "I9 no background loop has ended": liveness.no_loop_has_ended,
    "I11 the lag stays within its budget": liveness.lag_stays_within_its_budget,
    "the books are those of an undisturbed run": ledger.books_are_those_of_an_undisturbed_run,
}

AT_ONCE: Mapping[str, Invariant] = {
    name: invariant
    for name, invariant in INVARIANTS.items()
    if name.startswith(("I1 every confirmed", "I5", "I6", "I7 parked"))
}
"""Those that can be looked at in a moment, before anybody has mended anything."""


async def check(found: Evidence, invariants: Mapping[str, Invariant]) -> dict[str, list[str]]:
    """What is wrong with each; an invariant that cannot be looked at does not hold."""
    return {name: await _look(invariant, found) for name, invariant in invariants.items()}


async def _look(invariant: Invariant, found: Evidence) -> list[str]:
    try:
        return await invariant(found)
    except Exception as error:
        return [f"cannot be looked at: {type(error).__name__}: {error}"]
