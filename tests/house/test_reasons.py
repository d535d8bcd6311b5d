"""Whatever sales refuses a report or an event for, a coordinator can read what it means and what to do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.gateway.routes import ROUTES
from services.sales.domain.reasons import REASONS
from shared.errors import Reason
from shared.runtime.parked.reasons import KINDS, OTHERS
from shared.runtime.parked.reasons import REASONS as EVERYWHERE

ROOT = Path(__file__).parent.parent.parent
SALES = ROOT / "services" / "sales"
ERRORS = {"Rejected", "NotYet", "Conflict", "NotFound", "Invalid"}
WORDS = {**REASONS, **EVERYWHERE, **{f"kind {kind}": reason for kind, reason in KINDS.items()}, "others": OTHERS}

ASKED_ONLY = {
    "agreement_exists", "already_approved", "already_cancelled", "already_received", "already_released",
    "already_settled", "claim_unknown", "count_unknown", "counted_in_the_future", "delivery_unknown",
    "finding_settled", "finding_unknown", "month_ahead", "month_before_open", "month_closed", "month_not_over",
    "more_than_claimed", "more_than_on_hand", "more_than_owed",
    "more_than_sent", "nothing_payable", "nothing_pending",
    "outlet_code_taken", "payout_unknown", "piece_arrived",
    "product_not_offered",
    "received_before_sent", "received_in_the_future", "reference_taken", "remittance_counted_on",
    "remittance_in_payout", "remittance_reversed", "remittance_unknown", "reservation_unknown", "resolution_impossible",
    "results_refused", "results_unreadable", "row_not_failed",
    "sale_unknown", "same_outlet", "same_person", "serial_elsewhere", "serial_not_claimed", "serial_not_sent",
    "serial_repeated", "serials_differ", "shares_exceed_whole", "sku_not_sent", "sku_repeated",
    "stock_insufficient", "through_after_receipt", "too_many_serials", "write_off_unknown",
    "disbursed_before_mandate", "disbursed_in_the_future", "loan_open", "loan_unknown", "mandate_exists",
    "mandate_missing", "more_than_outstanding", "paid_before_disbursed", "paid_in_the_future", "repayment_recorded",
    "signed_in_the_future", "tax_rule_in_force",
}  # fmt: skip
"""Refused while somebody waits for the answer: never parked."""


def codes(path: Path) -> Iterator[str]:
    """The codes that a file refuses something with, where they are written out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS and node.args:
            code = node.args[0]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value


def refused() -> set[str]:
    files = [path for room in ("domain", "handlers") for path in (SALES / room).rglob("*.py")]
    return {code for path in files for code in codes(path)}


def test_every_code_that_a_report_or_event_is_refused_with_has_its_reason() -> None:
    assert len(refused()) > 30
    assert refused() - ASKED_ONLY - REASONS.keys() - EVERYWHERE.keys() == set()


def test_no_reason_stands_for_a_code_that_is_gone() -> None:
    assert REASONS.keys() - refused() == set()
    assert ASKED_ONLY - refused() == set()
    assert not ASKED_ONLY & REASONS.keys()


@pytest.mark.parametrize("code", WORDS)
def test_a_remedy_names_calls_that_there_are(code: str) -> None:
    offered = {(route.method, re.sub(r"\{\w+\}", "{}", route.path)) for route in ROUTES}
    reason: Reason = WORDS[code]
    named = {
        (method, re.sub(r"\{\w+\}", "{}", path)) for method, path in re.findall(r"`(GET|POST) (/\S+?)`", reason.remedy)
    }

    assert named, "it names no call"
    assert named - offered == set()
    assert reason.means.endswith(".")
    assert reason.remedy.endswith(".")
