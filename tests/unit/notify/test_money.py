"""What makers are told of their money: each her own amount, nothing of others, and no link that is kept."""

import pytest

from services.notify import domain
from services.notify.domain import DueNotice
from shared.contracts.message import Event
from tests.unit.notify.test_domain import (
    AGAIN,
    ANI,
    EVENT,
    ITEM,
    LOST,
    NOON,
    PAID,
    PUBLISHED,
    REPAID,
    RETURNED,
    SOLD,
    VOIDED,
    a_notice,
)


@pytest.mark.parametrize("cause", [SOLD, RETURNED, VOIDED, AGAIN, PAID, LOST], ids=lambda cause: type(cause).__name__)
def test_each_maker_is_told_her_own_amount_only(cause: Event) -> None:
    ani, wati = domain.notices(EVENT, cause, NOON)

    assert (ani.params["amount"], wati.params["amount"]) == (280_000, 140_000)
    assert not {"shares", "net", "outlet_share", "programme_share"} & set(ani.params)


@pytest.mark.parametrize(("how", "kept"), [("cash", False), ("payout", True)])
def test_an_instalment_is_told_with_what_is_left_and_whether_it_was_kept_back(how: str, kept: bool) -> None:
    [told] = domain.notices(EVENT, REPAID.model_copy(update={"how": how}), NOON)

    assert (told.params["amount"], told.params["outstanding"], told.params["kept"]) == (90_000, 60_000, kept)


def test_a_void_of_what_had_come_back_already_is_no_news() -> None:
    for event in (VOIDED, AGAIN):
        assert domain.notices(EVENT, event.model_copy(update={"quantity": 0}), NOON) == []


def test_a_statement_is_known_by_its_id_and_its_link_is_kept_nowhere() -> None:
    [notice] = domain.notices(EVENT, PUBLISHED, NOON)

    assert notice.params == {"statement_id": str(ITEM), "month": "2026-11-01", "opening": 0, "closing": 455_000}
    assert DueNotice(1, ITEM, ANI, notice.template, notice.params, 0).statement_id == ITEM
    assert a_notice().statement_id is None
