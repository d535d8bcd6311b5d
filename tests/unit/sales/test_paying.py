"""What results of attempts mean: paid and failed are for good, unknown holds, and nothing is paid twice."""

import re
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.ledger import Fact, Transfer
from services.sales.domain.paying import (
    Accounts,
    Attempt,
    attempt_key,
    draw_retries,
    draw_rows,
    judge,
    post_paid,
)
from services.sales.domain.settlement import MOST, Paid
from shared.contracts.sales.paying import ListedItem, PayoutItemsListed, PayoutLinesFailed, PayoutSent, RowResult
from shared.contracts.sales.rows import Outcome
from shared.contracts.sales.settlement import LoanPart, PayoutFrozen, PayoutLine
from shared.errors import Invalid, Rejected
from shared.runtime.relay import PACK_BYTES

ANI, WATI, BATCH = UUID(int=1), UUID(int=2), UUID(int=9)
KEY, OTHER = attempt_key(BATCH, ANI, 1), attempt_key(BATCH, WATI, 1)
FACT = Fact(7, date(2026, 11, 21))
NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)


def an_attempt(state: str = "pending", key: str = KEY, maker: UUID | None = ANI, number: int = 1) -> Attempt:
    return Attempt(key, state, 364_000, number, maker, None if maker else "kop-lender", 4 if maker else None)


def news(state: str, *outcomes: Outcome) -> list[bool]:
    results = [RowResult(attempt_key=KEY, outcome=outcome) for outcome in outcomes]
    names = [f"results.{place}" for place in range(len(results))]
    return [one.news for one in judge(results, names, {KEY: an_attempt(state)})]


def refused(state: str, *outcomes: Outcome) -> list[dict[str, str]]:
    with pytest.raises(Invalid) as fault:
        news(state, *outcomes)
    assert fault.value.code == "results_refused"
    return fault.value.errors


@pytest.mark.parametrize("outcome", ["paid", "failed", "unknown"])
def test_what_is_pending_can_become_anything(outcome: Outcome) -> None:
    assert news("pending", outcome) == [True]


def test_what_is_held_is_paid_or_has_failed_when_somebody_knows() -> None:
    assert news("held", "paid") == news("held", "failed") == [True]
    assert news("held", "unknown") == [False]


@pytest.mark.parametrize(("state", "others"), [("paid", ["failed", "unknown"]), ("failed", ["paid", "unknown"])])
def test_paid_and_failed_are_for_good(state: str, others: list[Outcome]) -> None:
    outcome: Outcome = "paid" if state == "paid" else "failed"
    assert news(state, outcome) == [False]
    for other in others:
        assert refused(state, other) == [{"field": "results.0", "reason": f"{KEY}: this attempt is {state}, for good"}]


def test_the_same_twice_in_one_list_counts_once_and_the_contrary_is_refused() -> None:
    assert news("pending", "paid", "paid") == [True, False]
    assert refused("pending", "unknown", "paid") == [
        {"field": "results.1", "reason": f"{KEY}: told twice, differently"}
    ]


def test_every_fault_is_named_and_then_nothing_counts() -> None:
    results = [
        RowResult(attempt_key=KEY, outcome="paid", amount=363_999),
        RowResult(attempt_key=OTHER, outcome="paid"),
        RowResult(attempt_key=attempt_key(BATCH, "nobody", 1), outcome="failed"),
    ]
    attempts = {KEY: an_attempt(), OTHER: an_attempt("failed", OTHER, WATI)}
    with pytest.raises(Invalid, match="nothing was booked") as fault:
        judge(results, ["line 2", "line 3", "line 4"], attempts)
    assert [one["field"] for one in fault.value.errors] == ["line 2", "line 3", "line 4"]
    assert "363999" in fault.value.errors[0]["reason"]


@given(st.lists(st.sampled_from(["paid", "failed", "unknown"]), max_size=8))
def test_whatever_is_told_in_whatever_order_an_attempt_is_paid_once(outcomes: list[Outcome]) -> None:
    state, changes = "pending", list[str]()
    for outcome in outcomes:
        result = RowResult(attempt_key=KEY, outcome=outcome)
        try:
            [one] = judge([result], ["it"], {KEY: an_attempt(state)})
        except Invalid:
            continue
        if one.news:
            state = {"unknown": "held"}.get(outcome, outcome)
            changes.append(state)
    assert changes in ([], ["held"], ["paid"], ["failed"], ["held", "paid"], ["held", "failed"])


def test_keys_are_the_same_for_the_same_attempt_and_no_other() -> None:
    keys = {attempt_key(batch, payee, number) for batch in (BATCH, ANI) for payee in (ANI, "kop") for number in (1, 2)}
    assert len(keys) == 8
    assert all(re.fullmatch("KR[A-Z2-7]{12}", key) for key in keys)
    assert attempt_key(BATCH, ANI, 1) == KEY


def test_each_line_has_a_row_and_each_lender_one_for_all_that_is_repaid() -> None:
    loans = [
        LoanPart(loan_id=uuid4(), maker_id=maker, lender="kop-lender", principal=principal, service=1_000)
        for maker, principal in ((ANI, 90_000), (WATI, 10_000))
    ]
    rows = draw_rows(BATCH, [Paid(ANI, 4, 364_000), Paid(WATI, 5, 1)], loans)
    assert [(row.maker_id, row.lender, row.amount) for row in rows] == [
        (ANI, None, 364_000),
        (WATI, None, 1),
        (None, "kop-lender", 102_000),
    ]
    assert len({row.attempt_key for row in rows}) == 3


def test_only_what_has_failed_is_tried_again_under_a_new_key() -> None:
    failed: dict[object, Attempt] = {ANI: an_attempt("failed", number=2)}
    [again] = draw_retries(BATCH, [ANI, ANI], failed)
    assert (again.maker_id, again.amount, again.attempt_key) == (ANI, 364_000, attempt_key(BATCH, ANI, 3))
    for wanted in ([], [WATI], [ANI, WATI]):
        with pytest.raises(Rejected) as fault:
            draw_retries(BATCH, wanted, failed)
        assert fault.value.code == "row_not_failed"


def test_what_is_paid_goes_from_the_maker_to_the_cooperative_and_out_of_the_bank() -> None:
    lender = Attempt(OTHER, "paid", 91_000, 1, None, "kop-lender", None)
    accounts = Accounts(cooperative=9, lenders={"kop-lender": 8}, bank=1)
    assert post_paid(FACT, [an_attempt(), lender], accounts) == [
        Transfer(7, "payout", 4, 9, 364_000, FACT.day),
        Transfer(7, "bank", 9, 1, 364_000, FACT.day),
        Transfer(7, "bank", 8, 1, 91_000, FACT.day),
    ]


def test_what_is_told_of_the_largest_batch_is_no_larger_than_a_message() -> None:
    makers = [UUID(int=2**127 + n) for n in range(MOST)]
    rows = draw_rows(BATCH, [Paid(maker, 4, 10**9) for maker in makers], [])
    lines = [
        PayoutLine(maker_id=maker, gross=10**9, debt=10**9, recovery=1, remitted=10**9, loan=10**8, amount=10**9)
        for maker in makers
    ]
    items = [
        ListedItem(maker_id=maker, kind="return-void", id=maker, amount=-(10**9), earned=False) for maker in makers
    ]
    for event in (
        PayoutFrozen(payout_id=BATCH, cooperative="kop", lines=lines, frozen_at=NOON),
        PayoutItemsListed(payout_id=BATCH, items=items),
        PayoutSent(payout_id=BATCH, cooperative="kop", rows=rows, sent_at=NOON),
        PayoutLinesFailed(payout_id=BATCH, cooperative="kop", rows=rows, failed_at=NOON),
    ):
        assert len(event.model_dump_json(exclude_defaults=True)) < PACK_BYTES
